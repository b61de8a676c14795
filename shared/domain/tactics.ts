import { withLatinDigits } from './digits.ts';
import { hasPersonalNumber } from './personal-numbers.ts';

/** Longest tag that may leave the laptop, in characters. */
export const maxTagLength = 40;

/** Maps each known spelling to its canonical tag; shipped with releases. */
export type Synonyms = Readonly<Record<string, string>>;

/** Tag form of a free text: lower case, letters and digits joined by underscores; no length limit. */
export function tagOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

/** Abbreviations whose capitals a tag has lost. */
const abbreviations: ReadonlySet<string> = new Set(
  'ach atm cvv iban imps ip kyc neft otp pc pin qr rdp sim sms tv upi url usb vpn'.split(' '),
);

/** A tag as people read it: `upi_payment` is `UPI payment`, `bank_website` is `bank website`. */
export function tagText(tag: string): string {
  const words = tag.split('_');
  return words.map((word) => (abbreviations.has(word) ? word.toUpperCase() : word)).join(' ');
}

/** Canonical tag of a free text under the synonyms known. */
export function normaliseTactic(text: string, synonyms: Synonyms = {}): string {
  const tag = tagOf(text);
  return Object.hasOwn(synonyms, tag) ? synonyms[tag]! : tag;
}

/** One tactic of a case, and the spellings it was noted in. */
export interface GivenTactic {
  readonly tag: string;
  /** In the order in which they were noted; at least one. */
  readonly spellings: readonly string[];
}

/** What was noted, one entry a tactic: spellings that are known to mean the same stand together. */
export function tacticsGiven(given: readonly string[], synonyms: Synonyms = {}): GivenTactic[] {
  const byTag = Map.groupBy(given, (text) => normaliseTactic(text, synonyms));
  return [...byTag].map(([tag, spellings]) => ({ tag, spellings }));
}

/** What a tactic is called: as it was noted, or by its tag where it was noted in several spellings. */
export function tacticText({ tag, spellings }: GivenTactic): string {
  return tagText(spellings.length === 1 ? spellings[0]! : tag);
}

/** Four or more digits with nothing but signs between them, as in numbers of people and accounts: (12) 34, 12/34. */
const longNumber = /\p{Nd}(?:[^\p{L}\p{Nd}]*\p{Nd}){3}/u;
/** An address on the net: an at sign, a scheme, `www`, or letters and digits joined by a dot to two letters or more. */
const netAddress = /@|:\/\/|\bwww[._]|[\p{L}\p{M}\p{N}-]\.\p{L}[\p{L}\p{M}]/iu;
/** What streets are called, as it is written without capitals and in scripts that have none. */
const streetWords =
  'street|st|road|rd|avenue|ave|lane|drive|close|court|square|crescent|terrace|gardens?|highway|boulevard|marg|nagar|gali|' +
  'rue|chemin|allée|calle|avenida|via|piazza|strasse|straße|weg|platz|allee|रोड|सड़क|मार्ग|गली|नगर|चौक';

/**
 * A street: a word and a house number (12, 12b) at the end or before a comma, or a house number before a capital or, within
 * a few words, what streets are called.
 */
const houseNumber = new RegExp(
  '\\p{L}\\p{M}*\\.?[\\s_-]+\\p{Nd}{1,3}[\\s_]?\\p{L}?\\s*(?:,|$)' +
    '|(?:^|,)\\s*\\p{Nd}{1,3}\\p{L}?[\\s_]+(?:\\p{Lu}\\p{Ll}' +
    `|(?:[\\p{L}\\p{M}.'’-]+[\\s_]+){0,4}(?:[\\p{L}\\p{M}]*(?:strasse|straße)|${streetWords})(?![\\p{L}\\p{M}]))`,
  'u',
);

/**
 * Why a tag or unseen value must not leave the laptop, or null when it may: it is empty, longer than 40 characters,
 * has a run of four or more digits or what else may be somebody's number, or looks like an address on the net or in a
 * street.
 * When in doubt it stays: "qr code 2" reads like a street.
 */
export function whyNotShareable(text: string): 'empty' | 'too_long' | 'digits' | 'address' | null {
  if (text.trim() === '') return 'empty';
  if ([...text].length > maxTagLength) return 'too_long';
  if (longNumber.test(withLatinDigits(text)) || hasPersonalNumber(text)) return 'digits';
  if (netAddress.test(text) || houseNumber.test(text)) return 'address';
  return null;
}

/** Longest text that a schema lists as a value of a category, in characters. */
export const longestListed = 80;

/** Endings of host names that are common in addresses, beside those of countries (two letters, ISO 3166-1). */
const endings = 'com|org|net|info|biz|edu|gov|mil|int|example';
const countries =
  'a[cdefgilmoqrstuwxz]|b[abdefghijmnorstwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[cegrstu]|f[ijkmor]|g[abdefghilmnpqrstuwy]|' +
  'h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|n[acefgilopruz]|om|' +
  'p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnorstuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|v[aceginu]|w[fs]|y[et]|z[amw]';
/** An address that leads somewhere: high.school, node.js and B.Sc. are words. */
const hostEnding = `(?:${endings}|${countries})`;
const realAddress = new RegExp(
  `@|://|\\bwww[._]|[\\p{L}\\p{N}-]{2}\\.${hostEnding}(?![\\p{L}\\p{M}\\p{N}])|[\\p{L}\\p{N}]\\.${hostEnding}/`,
  'iu',
);

/** A mail address as it is dictated: ravi at bank dot com, ravi[at]bank.com. */
const spelledAddress = new RegExp(
  `[\\p{L}\\p{N}]\\s*(?:[\\[({]\\s*at\\s*[\\])}]|\\sat\\s)\\s*[\\p{L}\\p{N}-]+\\s*(?:[\\[({]\\s*dot\\s*[\\])}]|\\sdot\\s|\\.)\\s*${hostEnding}(?![\\p{L}\\p{N}])`,
  'iu',
);

/**
 * Why a text that many cases have in common must not be listed in a schema, which leaves the centre with its model, or
 * null when it may: years and what ends like a house number (level 2) are kinds of things then. Texts with seven digits or
 * more stay out however they are written, and so do mail and web addresses; what is longer than 80 characters is free
 * text. Whether a text with digits is a bin of numbers, only its column tells.
 */
export function whyNotListable(text: string): ReturnType<typeof whyNotShareable> {
  if (text.trim() === '') return 'empty';
  if ([...text].length > longestListed) return 'too_long';
  if (hasPersonalNumber(text)) return 'digits';
  const plain = text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  return realAddress.test(plain) || spelledAddress.test(plain) ? 'address' : null;
}
