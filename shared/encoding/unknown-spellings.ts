import { z } from 'zod';
import { storedName } from '../language/stored-name.ts';
import { allOf, sentence, type Sentence } from '../language/sentence.ts';
import { cellText } from './cell-text.ts';

/** What a cell says that says nothing, in lower case. */
const unknown = new Set([
  '',
  '?',
  '-',
  '--',
  '–',
  '—',
  '−',
  '.',
  '..',
  '...',
  'unknown',
  'na',
  'n/a',
  'n.a.',
  '#n/a',
  '#null!',
  '<na>',
  'null',
  '(null)',
  'none',
  'nil',
  'nan',
  'n.d.',
  ...storedName`not available|not applicable|not known|no data`.split('|'),
]);

/** Further spellings of unknown, which a person named; compared without regard to case. */
export type Missing = ReadonlySet<string>;
const none: Missing = new Set();

/** Spellings of unknown from a list a person gave. */
export function missingOf(spellings: readonly string[]): Missing {
  return new Set(spellings.map((one) => cellText(one).toLowerCase()));
}

/** True for a cell that says nothing: empty, `?`, `-`, `.`, `unknown`, `NA`, `none`, `null`, `NaN` and the like. */
export function isUnknownCell(cell: string, missing: Missing = none): boolean {
  const text = cellText(cell).toLowerCase();
  return unknown.has(text) || missing.has(text);
}

/** Further spellings of unknown, as a person named them. */
export const spellingsSchema = z.array(z.string().min(1).max(80)).min(1).max(100);

/** Spellings that are named at most. */
const most = 8;

/** Says which spellings were read as unknown, the first of them by name; nothing when there are none. */
export function readAsUnknown(spellings: readonly Sentence[]): Sentence[] {
  if (spellings.length === 0) return [];
  const named = allOf(spellings.slice(0, most));
  return [sentence('data.read_as_unknown', { spellings: named, more: Math.max(0, spellings.length - most) })];
}
