import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intakeSchema, type CaseView } from '../../../../shared/contract/views.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import {
  answered,
  draftOf,
  emptyDraft,
  keptContentSchema,
  parseAmount,
  readEntry,
  recallDeadline,
  refusedEntry,
  toIntake,
  withTactic,
} from '../../../../renderer/features/intake/draft.ts';
import { movedAnswers } from '../../../../renderer/features/intake/moved-answers.ts';
import { sentence } from '../../../../shared/language/sentence.ts';
import { spellingsOf } from '../../../../renderer/language/spellings.ts';
import { tacticsGiven, tacticText } from '../../../../shared/domain/tactics.ts';
import { saying } from '../../../support/saying.ts';

const today = '2026-03-10';
const attribute = (name: string) => complaintsSchema.attributes.find((one) => one.name === name)!;

describe('the intake form', () => {
  it('sends nothing for what is unknown, never no', () => {
    const { intake } = toIntake(emptyDraft(today), { schema: complaintsSchema, texts: [] }, today);
    expect(intake?.attributes).toEqual({});
    expect(intake?.urgent).toBe(false);
  });

  it('takes another spelling of a chosen tactic for that tactic', () => {
    const synonyms = { upi: 'upi_payment' };
    expect(withTactic(['UPI payment'], 'UPI', synonyms)).toEqual(['UPI payment']);
    expect(withTactic(['UPI payment'], 'upi-payment ', {})).toEqual(['UPI payment']);
    expect(withTactic(['UPI payment'], 'UPI', {})).toEqual(['UPI payment', 'UPI']);
  });

  it('finds the entry that the backend refused', () => {
    const indicators = { phone: ['', '+1 544'], handle: [''], web: ['ht!tp://'], session: [''] };
    const draft = { ...emptyDraft(today), indicators };
    expect(refusedEntry(draft, complaintsSchema, 'indicators.0')).toBe('phone.1');
    expect(refusedEntry(draft, complaintsSchema, 'intake.indicators.1.value')).toBe('web.0');
    expect(refusedEntry(draft, complaintsSchema, 'reference')).toBe('reference');
    expect(refusedEntry(draft, complaintsSchema, 'intake.attributes.asked_remote_access')).toBe('asked_remote_access');
    expect(refusedEntry(draft, complaintsSchema, 'nothing.known')).toBeNull();
    expect(refusedEntry(draft, complaintsSchema, undefined)).toBeNull();
  });

  it('says before saving that a narrative is too long', () => {
    const draft = { ...emptyDraft(today), narrative: 'x'.repeat(20_001) };
    expect(toIntake(draft, { schema: complaintsSchema, texts: [] }, today).problems['narrative']).toEqual(
      saying('20,000'),
    );
  });

  it('takes along a tactic that was typed and not added', () => {
    const typed = { ...emptyDraft(today), tactics: ['gift cards'], tactic: ' qr code scan ' };
    expect(toIntake(typed, { schema: complaintsSchema, texts: [] }, today).intake?.tactics).toEqual([
      'gift cards',
      'qr code scan',
    ]);
    expect(
      toIntake({ ...typed, tactic: 'gift cards' }, { schema: complaintsSchema, texts: [] }, today).intake?.tactics,
    ).toEqual(['gift cards']);
  });

  it('makes what the contract takes from any set of answers', () => {
    const entries = fc.dictionary(
      fc.constantFrom('asked_remote_access', 'opened_bank_website', 'gift_cards_asked'),
      fc.constantFrom('yes', 'no', ''),
    );
    fc.assert(
      fc.property(entries, fc.array(fc.string({ maxLength: 60 }), { maxLength: 5 }), (typed, tactics) => {
        const { intake, problems } = toIntake(
          { ...emptyDraft(today), entries: typed, tactics },
          { schema: complaintsSchema, texts: [] },
          today,
        );
        expect(problems).toEqual({});
        expect(intakeSchema.safeParse(intake).success).toBe(true);
        for (const [name, entry] of Object.entries(typed)) {
          expect(intake?.attributes[name]).toBe(entry === '' ? undefined : entry === 'yes');
        }
      }),
    );
  });

  it('names each entry that cannot be read and sends nothing until it is corrected', () => {
    const draft = { ...emptyDraft('2026-03-11'), entries: { money_asked: '48,0x', contact_minutes: '9999' } };
    const { intake, problems } = toIntake(draft, { schema: complaintsSchema, texts: [] }, today);
    expect(intake).toBeNull();
    expect(Object.keys(problems).toSorted()).toEqual(['contact_minutes', 'money_asked', 'received']);
    expect(problems['contact_minutes']).toEqual(saying('Between 0 and 1,440 min'));
  });

  it('keeps amounts in minor units of the chosen currency', () => {
    expect(readEntry(attribute('money_asked'), '48,000', 'INR')).toEqual({
      value: { amount: 4_800_000, currency: 'INR' },
    });
    expect(parseAmount('1 200.50', 'INR')).toBe(120_050);
    expect(parseAmount('1.234', 'INR')).toBeNull();
    expect(parseAmount('-5', 'INR')).toBeNull();
    expect(parseAmount('₹ 1,50,000', 'INR')).toBe(15_000_000);
    expect(parseAmount('1,234,567.5', 'USD')).toBe(123_456_750);
    // A comma that may stand for decimals: 12,50 is not twelve hundred and fifty.
    for (const unclear of ['12,50', '1,5', '12,5000', ',500', '1,,000']) expect(parseAmount(unclear, 'EUR')).toBeNull();
  });

  it.each([
    ['JPY', '48,000', 48_000, '48000'],
    ['KWD', '12.125', 12_125, '12.125'],
    ['KWD', '1,200.5', 1_200_500, '1200.5'],
    ['INR', '1,20,000.50', 12_000_050, '120000.5'],
    ['USD', '49.90', 4990, '49.9'],
  ] as const)('reads %s %s by the decimals of the currency, and shows it again', (currency, typed, amount, shown) => {
    const read = readEntry(attribute('money_asked'), typed, currency);
    expect(read).toEqual({ value: { amount, currency } });
    const view = {
      row: { received: today },
      facts: { attributes: { money_asked: { amount, currency } } },
      private: { indicators: [] },
    };
    const draft = draftOf(view as unknown as CaseView);
    expect(draft.entries['money_asked']).toBe(shown);
    expect(draft.currencies['money_asked']).toBe(currency);
    expect(parseAmount(shown, currency)).toBe(amount);
  });

  it('says which decimals a currency has not', () => {
    const problem = (typed: string, currency: string) => readEntry(attribute('money_asked'), typed, currency);
    expect(problem('1200.50', 'JPY')).toEqual({ problem: saying('Amounts in JPY have no decimals.') });
    expect(problem('1.2345', 'KWD')).toEqual({ problem: saying('Amounts in KWD have at most 3 decimals.') });
    expect(problem('1.234', 'USD')).toEqual({ problem: saying('Amounts in USD have at most 2 decimals.') });
    expect(problem('9999999999', 'KWD')).toEqual({ problem: saying('This is not an amount') });
    expect(parseAmount('9999999999', 'USD')).toBe(999_999_999_900);
  });

  it('keeps the time of payment apart from their words, while money is leaving', () => {
    const draft = { ...emptyDraft(today), urgent: 'yes' as const, paidAt: '12:40', narrative: 'They rang twice.' };
    expect(toIntake(draft, { schema: complaintsSchema, texts: [] }, today).intake).toMatchObject({
      narrative: 'They rang twice.',
      paidAt: '12:40',
    });
    expect(toIntake({ ...draft, urgent: 'no' }, { schema: complaintsSchema, texts: [] }, today).intake?.paidAt).toBe(
      '',
    );
  });

  it('counts what is answered', () => {
    const draft = { ...emptyDraft(today), entries: { asked_remote_access: 'no', opened_bank_website: '' } };
    expect(answered(draft, complaintsSchema.attributes)).toBe(1);
  });
});

describe('the recall deadline', () => {
  const at = (hours: number, minutes: number): number => new Date(2026, 2, 10, hours, minutes).getTime();

  it('is four hours after the payment', () => {
    const deadline = recallDeadline('12:40', at(14, 2))!;
    expect(new Date(deadline.until).getHours()).toBe(16);
    expect(deadline.left).toBe((2 * 60 + 38) * 60_000);
  });

  it('takes a time that has not come yet as yesterday, and never goes below none', () => {
    expect(recallDeadline('23:00', at(1, 0))!.left).toBe(2 * 3_600_000);
    expect(recallDeadline('02:00', at(20, 0))!.left).toBe(0);
    expect(recallDeadline('', at(20, 0))).toBeNull();
  });
});

describe('tactics on the form', () => {
  const form = {
    schema: { ...complaintsSchema, understoodTactics: ['gift_cards'] },
    tactics: [
      { tag: 'upi_payment', cases: 12, understood: false },
      { tag: 'upi', cases: 9, understood: false },
      { tag: 'paid_by_upi', cases: 3, understood: false },
      { tag: 'gift_cards', cases: 40, understood: true },
    ],
  };

  it('shows spellings that the monitor counts as one as one, and leaves what is understood alone', () => {
    const spellings = spellingsOf(form, ['UPI collect', 'gift cards', 'rude caller']);
    const shown = tacticsGiven(['UPI', 'UPI collect', 'gift cards', 'rude caller'], spellings);
    expect(shown.map(tacticText)).toEqual(['UPI payment', 'gift cards', 'rude caller']);
  });
});

describe('a draft that was written in another form', () => {
  const original = emptyDraft(today);
  const left = { label: 'Vouchers', entry: '3' };
  const content = (entries: Record<string, string>) => ({
    original: { ...original, entries: { kept_since: 'no' } },
    draft: { ...original, entries: { kept_since: 'no', ...entries }, currencies: { lost: 'EUR', coins: 'EUR' } },
    left: [left],
  });
  const asked = {
    crypto_asked: { label: 'Crypto', now: 'outpost_crypto_asked' },
    lost: { label: 'Lost', now: 'lost' },
    coins: { label: 'Coins', now: null },
    told: { label: 'Told', now: null },
    kept_since: { label: 'Kept', now: null },
  };

  it('has its answers where today’s asks the same, and beside it what is asked no more', () => {
    const typed = { crypto_asked: 'yes', lost: '12', coins: '5', told: 'no', elsewhere: 'x' };
    const now = movedAnswers(content(typed), asked);
    expect(now.draft.entries).toEqual({ outpost_crypto_asked: 'yes', lost: '12', elsewhere: 'x' });
    expect(now.draft.currencies).toEqual({ lost: 'EUR' });
    expect(now.original.entries).toEqual({});
    expect(now.left).toEqual([
      left,
      { label: 'Coins', entry: '5 EUR' },
      { label: 'Told', entry: sentence('window_intake.no') },
    ]);
    expect(keptContentSchema.parse(JSON.parse(JSON.stringify(now)))).toEqual(now);
  });

  it('is as it was under its own form, and names nothing that was left open', () => {
    const own = content({ coins: '5' });
    expect(movedAnswers(own, null)).toBe(own);
    expect(movedAnswers(content({ told: 'unknown', coins: '' }), asked).left).toEqual([left]);
  });
});
