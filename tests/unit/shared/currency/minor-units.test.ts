import { describe, expect, it } from 'vitest';
import { majorUnits, minorDigits, minorUnits } from '../../../../shared/currency/minor-units.ts';

const cases = [
  ['JPY', 0, 1500, 1500],
  ['KRW', 0, 48_000, 48_000],
  ['INR', 2, 1200.5, 120_050],
  ['USD', 2, 49.9, 4990],
  ['KWD', 3, 12.125, 12_125],
  // By ISO 4217, whatever is usual there and whatever a version of Intl says.
  ['PKR', 2, 10.25, 1025],
  ['RSD', 2, 10.25, 1025],
  ['IQD', 3, 10.25, 10_250],
  ['CLF', 4, 1.2345, 12_345],
] as const;

describe('the minor unit of a currency', () => {
  it.each(cases)('%s has %i decimals, and %d are %i of it', (currency, digits, major, amount) => {
    expect(minorDigits(currency)).toBe(digits);
    expect(minorUnits(major, currency)).toBe(amount);
    expect(majorUnits({ amount, currency })).toBe(major);
  });
});
