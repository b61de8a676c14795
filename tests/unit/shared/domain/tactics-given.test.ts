import { expect, it } from 'vitest';
import { tacticsGiven, tacticText } from '../../../../shared/domain/tactics.ts';

const synonyms = { upi: 'upi_payment', paid_by_upi: 'upi_payment' };

it('spellings known to mean one tactic are one, called by its tag; others stay as they were noted', () => {
  const given = tacticsGiven(['UPI', 'paid by UPI', 'Rude caller', 'upi-payment'], synonyms);
  expect(given).toEqual([
    { tag: 'upi_payment', spellings: ['UPI', 'paid by UPI', 'upi-payment'] },
    { tag: 'rude_caller', spellings: ['Rude caller'] },
  ]);
  expect(given.map(tacticText)).toEqual(['UPI payment', 'Rude caller']);
});

it('spellings that nobody said to be the same stay apart', () => {
  expect(tacticsGiven(['UPI', 'paid by UPI']).map(({ tag }) => tag)).toEqual(['upi', 'paid_by_upi']);
});
