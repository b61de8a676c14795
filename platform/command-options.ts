import { InvalidArgumentError } from 'commander';
import type { DecimalSign } from '../shared/encoding/csv-numbers.ts';
import { separatorNamed } from '../shared/encoding/csv-separator.ts';
import { spellingsSchema } from '../shared/encoding/unknown-spellings.ts';
import { dateSchema } from '../shared/log/event.ts';
import type { Language } from '../shared/language/language.ts';

/** The option that asks for JSON instead of lines for people. */
export function jsonOption({ say }: Language): [flags: string, says: string] {
  return ['--json', say('commands.json')];
}

function spellings({ say }: Language): (text: string) => string[] {
  return (text) => {
    const parts = [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');
    const read = spellingsSchema.safeParse(parts);
    if (!read.success) throw new InvalidArgumentError(say('commands.spellings'));
    return read.data;
  };
}

/** The option that names further spellings of unknown in a CSV file. */
export function missingOption(language: Language): [flags: string, says: string, read: (text: string) => string[]] {
  return ['--missing <texts>', language.say('commands.missing'), spellings(language)];
}

/** The option that says what stands before decimals in the numbers of a CSV file. */
export function decimalOption({ say }: Language): [flags: string, says: string, read: (text: string) => DecimalSign] {
  const signOf = (text: string): DecimalSign => {
    const sign = { ',': ',', comma: ',', '.': '.', point: '.' }[text];
    if (sign === undefined) throw new InvalidArgumentError(say('commands.decimal_sign'));
    return sign as DecimalSign;
  };
  return ['--decimal <sign>', say('commands.decimal'), signOf];
}

/** The option that says what separates the cells of a CSV file. */
export function separatorOption({ say }: Language): [flags: string, says: string, read: (text: string) => string] {
  const separatorOf = (text: string): string => {
    const sign = separatorNamed(text);
    if (sign === null) throw new InvalidArgumentError(say('commands.one_sign'));
    return sign;
  };
  return ['--separator <sign>', say('commands.separator'), separatorOf];
}

/** Reads a plain date, such as 2026-03-01. */
export function plainDate({ say }: Language): (text: string) => string {
  return (text) => {
    if (!dateSchema.safeParse(text).success) throw new InvalidArgumentError(say('commands.a_date'));
    return text;
  };
}

/** Reads a whole number of at least `least`. */
export function wholeNumber({ say }: Language, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(say('commands.whole_number', { least }));
    }
    return value;
  };
}
