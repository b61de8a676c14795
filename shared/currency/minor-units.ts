/** An amount in whole minor units (paise, cents) of an ISO 4217 currency. */
interface MinorAmount {
  readonly amount: number;
  readonly currency: string;
}

/**
 * Currencies by the decimals ISO 4217 gives their minor unit, where those are not two. Intl is not asked: it goes by use
 * instead (no decimals for PKR, IQD or HUF), and by its version, so that a window and its backend would read one stored
 * amount differently.
 */
const otherDigits: Readonly<Record<number, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};
const digitsOf = new Map(
  Object.entries(otherDigits).flatMap(([digits, codes]) => codes.map((code) => [code, Number(digits)] as const)),
);

/** Decimals of a currency, by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return digitsOf.get(currency) ?? 2;
}

/** An amount in major units as whole minor units, rounded. */
export function minorUnits(major: number, currency: string): number {
  return Math.round(major * 10 ** minorDigits(currency));
}

/** Major units of an amount: 49.9 for 4990 EUR, 4990 for 4990 JPY. */
export function majorUnits({ amount, currency }: MinorAmount): number {
  return amount / 10 ** minorDigits(currency);
}
