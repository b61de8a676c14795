import type { Formats, Formatters } from 'intl-messageformat';
import { majorUnits, minorDigits } from '../currency/minor-units.ts';
import type { MoneyText } from './shape.ts';

/** The formatters of one locale, each made once. */
export interface Intls {
  readonly formatters: Formatters;
  /** Named styles that messages may use beside the usual ones (`{at, date, medium}`). */
  readonly formats: Partial<Formats>;
  list(kind: 'comma' | 'and' | 'or'): Intl.ListFormat;
  money(value: MoneyText): string;
}

const listOptions = {
  comma: { type: 'unit', style: 'short' },
  and: { type: 'conjunction', style: 'long' },
  or: { type: 'disjunction', style: 'long' },
} as const;

/** `{pid, number, plain}`: a number that names something, without marks between thousands. */
const formats: Partial<Formats> = {
  number: { plain: { useGrouping: false, maximumFractionDigits: 20 } },
};

function kept<T>(make: (options: unknown) => T): (options: unknown) => T {
  const made = new Map<string, T>();
  return (options) => {
    const key = JSON.stringify(options ?? {});
    const known = made.get(key);
    if (known !== undefined) return known;
    const one = make(options);
    made.set(key, one);
    return one;
  };
}

/** The formatters of a locale. */
export function intlFor(locale: string): Intls {
  const number = kept((options) => new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions));
  const date = kept((options) => new Intl.DateTimeFormat(locale, options as Intl.DateTimeFormatOptions));
  const plural = kept((options) => new Intl.PluralRules(locale, options as Intl.PluralRulesOptions));
  const list = kept((options) => new Intl.ListFormat(locale, options as Intl.ListFormatOptions));
  return {
    formats,
    formatters: {
      getNumberFormat: (_locale, options) => number(options),
      getDateTimeFormat: (_locale, options) => date(options),
      getPluralRules: (_locale, options) => plural(options),
    },
    list: (kind) => list(listOptions[kind]),
    money(value) {
      const { currency } = value;
      const major = majorUnits(value);
      const digits = Number.isInteger(major) ? 0 : minorDigits(currency);
      const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      return number({ style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...decimals }).format(major);
    },
  };
}
