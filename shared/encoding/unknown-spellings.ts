import { z } from 'zod';
import { allOf, sentence, type Sentence } from '../language/sentence.ts';

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
