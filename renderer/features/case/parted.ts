import type { CaseView } from '../../../shared/contract/views.ts';

type Entry = CaseView['timeline'][number];

/** The sentence of an entry, parted: what was found out, and what is said of the score (empty for most entries). */
export function partedSentence(entry: Pick<Entry, 'type' | 'sentence'>): {
  readonly said: string;
  readonly score: string;
} {
  const { type, sentence } = entry;
  if (type === 'case.scored') return { said: '', score: sentence };
  const end = type === 'case.outcome' ? sentence.indexOf('. ') : -1;
  return end < 0 ? { said: sentence, score: '' } : { said: sentence.slice(0, end + 1), score: sentence.slice(end + 2) };
}
