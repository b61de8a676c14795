import { InvalidArgumentError } from 'commander';
import { separatorNamed } from '../shared/encoding/csv-separator.ts';

/** The option that asks for JSON instead of lines for people. */
export const jsonOption = ['--json', 'print JSON'] as const;

function separatorOf(text: string): string {
  const sign = separatorNamed(text);
  if (sign === null) throw new InvalidArgumentError('It must be one sign, such as ; or the word tab.');
  return sign;
}

function spellingsOf(text: string): string[] {
  return text.split(',');
}

/** The option that names further spellings of unknown in a CSV file. */
export const missingOption = [
  '--missing <texts>',
  'further cells that mean unknown, separated by commas, as 99,refused (always: empty, ?, -, ., NA, N/A, none, null, nan, unknown and the like)',
  spellingsOf,
] as const;

/** The option that says what separates the cells of a CSV file. */
export const separatorOption = [
  '--separator <sign>',
  'sign between the cells, as ; or tab (default: as the first line shows)',
  separatorOf,
] as const;
