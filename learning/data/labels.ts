import { isUnknownCell } from '../../shared/encoding/csv-facts.ts';
import { numberIn } from '../../shared/encoding/csv-numbers.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

const labels: Readonly<Record<string, 0 | 1>> = {
  yes: 1,
  y: 1,
  true: 1,
  t: 1,
  scam: 1,
  confirmed_scam: 1,
  no: 0,
  n: 0,
  false: 0,
  f: 0,
  genuine: 0,
  genuine_provider: 0,
};

/** Label of a cell: 1 scam, 0 genuine provider, null when nothing is known; undefined for anything else. */
export function labelIn(cell: string): 0 | 1 | null | undefined {
  const text = cell.trim().toLowerCase();
  // Inconclusive outcomes say neither and teach nothing.
  if (isUnknownCell(text) || text === 'inconclusive') return null;
  if (Object.hasOwn(labels, text)) return labels[text]!;
  const value = numberIn(text);
  return value === 0 || value === 1 ? value : undefined;
}

/** Reads the labels of one file. */
export interface LabelReader {
  readonly read: (cell: string) => 0 | 1 | null | undefined;
  /** What is to be said of how they were read. Throws BAD_INPUT when no label was the one that was named. */
  readonly notes: () => Sentence[];
}

/** A column of labels has few; more say that it is another column. */
const mostLabels = 10;

function shown(label: string): Sentence {
  return sentence('data.shown_label', { text: label.slice(0, 40).replaceAll(/\p{Cc}|\p{Cf}/gu, '?') });
}

/**
 * Prepares to read labels: in their usual spellings (`labelIn`), or by the one that says scam, all others saying genuine
 * provider. Reading throws BAD_INPUT when there are more than ten others.
 */
export function labelReader(positive: string | undefined): LabelReader {
  if (positive === undefined) return { read: labelIn, notes: () => [] };
  const wanted = positive.trim().toLowerCase();
  const number = numberIn(wanted);
  const others = new Set<string>();
  let seen = false;
  return {
    read(cell) {
      const text = cell.trim();
      const lower = text.toLowerCase();
      if (lower === wanted || (number !== null && numberIn(text) === number)) {
        seen = true;
        return 1;
      }
      if (isUnknownCell(text) || lower === 'inconclusive') return null;
      if (!others.has(text) && others.size >= mostLabels)
        throw new OutpostError(
          'BAD_INPUT',
          sentence('data.too_many_labels', { most: mostLabels, shown: shown(positive) }),
        );
      others.add(text);
      return 0;
    },
    notes() {
      const rest = listed([...others].map(shown));
      if (!seen)
        throw new OutpostError('BAD_INPUT', sentence('data.no_such_label', { label: shown(positive), labels: rest }));
      const label = shown(positive);
      if (others.size === 0) return [sentence('data.positive_label', { label })];
      return [sentence('data.positive_and_others', { label, others: rest })];
    },
  };
}
