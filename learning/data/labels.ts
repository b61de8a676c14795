import { isUnknownCell } from '../../shared/encoding/unknown-spellings.ts';
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

/** The labels of a file whose labels are words of their own. */
export interface LabelNames {
  /** That of scams; without it 1 and 0 in their usual spellings. */
  readonly positive?: string | undefined;
  /** Those of genuine providers; needed where the file has several labels beside that of scams. */
  readonly negative?: readonly string[] | undefined;
  /** All labels beside that of scams are of genuine providers. */
  readonly othersNegative?: boolean | undefined;
}

/** Label of a cell as `labelIn` has it; `other` for one that was not named where labels were. */
export type ReadLabel = (cell: string) => 0 | 1 | 'other' | null | undefined;

/** Reads the labels of one file. */
export interface LabelReader {
  readonly read: ReadLabel;
  /** What is to be said of how they were read. Throws BAD_INPUT when no label was the one that was named, or what one says is not known. */
  readonly notes: () => Sentence[];
}

/** A column of labels has few; more say that it is another column. */
const mostLabels = 10;
/** Labels that are counted one by one: a column of free text has as many as rows. */
const mostCounted = 1000;

function shown(label: string): Sentence {
  return sentence('data.shown_label', { text: label.slice(0, 40).replaceAll(/\p{Cc}|\p{Cf}/gu, '?') });
}

/** The spellings of one label have one key: case does not matter, and 1.0 is 1. */
function keyOf(label: string): string {
  const text = label.trim().toLowerCase();
  return String(numberIn(text) ?? text);
}

/** Counts labels, each by the spelling that came first; told with the most frequent first. */
function countLabels() {
  const counted = new Map<string, { readonly text: string; n: number }>();
  let rows = 0;
  const most = () => [...counted.values()].toSorted((a, b) => b.n - a.n).slice(0, mostLabels);
  return {
    see(key: string, text: string): void {
      const known = counted.get(key);
      rows += 1;
      if (known !== undefined) known.n += 1;
      else if (counted.size < mostCounted) counted.set(key, { text, n: 1 });
    },
    size: () => counted.size,
    rows: () => rows,
    texts: () => most().map(({ text }) => shown(text)),
    counts: () => most().map(({ text, n }) => sentence('data.label_count', { label: shown(text), n })),
  };
}

/** Throws BAD_INPUT for names of labels that do not go together. */
function requireClearNames({ positive, negative, othersNegative = false }: LabelNames): void {
  if (positive === undefined && (negative !== undefined || othersNegative))
    throw new OutpostError('BAD_INPUT', sentence('data.negative_without_positive'));
  if (positive === undefined || negative === undefined) return;
  if (othersNegative) throw new OutpostError('BAD_INPUT', sentence('data.negative_and_others'));
  if (negative.some((one) => keyOf(one) === keyOf(positive)))
    throw new OutpostError('BAD_INPUT', sentence('data.both_labels', { label: shown(positive) }));
}

/**
 * Prepares to read labels: in their usual spellings (`labelIn`), or by those that were named. Without those of genuine
 * providers one other label is taken for theirs; what several say is asked for: some may say that nothing is known yet.
 * Reading throws BAD_INPUT when there are more than ten others and none is named. Throws BAD_INPUT for names that do not go together.
 */
export function labelReader(names: LabelNames): LabelReader {
  requireClearNames(names);
  const { positive, negative, othersNegative = false } = names;
  if (positive === undefined) return { read: labelIn, notes: () => [] };
  const wanted = keyOf(positive);
  const genuine = negative === undefined ? null : new Set(negative.map(keyOf));
  const [scams, others, left] = [countLabels(), countLabels(), countLabels()];
  return {
    read(cell) {
      const [text, key] = [cell.trim(), keyOf(cell)];
      if (key === wanted) {
        scams.see(key, positive);
        return 1;
      }
      const named = genuine?.has(key) === true;
      if (!named && (isUnknownCell(text) || key === 'inconclusive')) return null;
      const own = genuine === null || named ? others : left;
      own.see(key, text);
      if (own === others && own.size() > mostLabels) {
        const many = sentence('data.too_many_labels', { most: mostLabels, shown: shown(positive) });
        throw new OutpostError('BAD_INPUT', many);
      }
      return own === others ? 0 : 'other';
    },
    notes() {
      const label = shown(positive);
      const labels = listed([...others.texts(), ...left.texts()]);
      if (scams.size() === 0) throw new OutpostError('BAD_INPUT', sentence('data.no_such_label', { label, labels }));
      if (genuine === null && !othersNegative && others.size() > 1) {
        const counts = listed([...scams.counts(), ...others.counts()]);
        throw new OutpostError('BAD_INPUT', sentence('data.labels_not_told', { label, counts }));
      }
      const without =
        left.size() === 0 ? [] : [sentence('data.labels_left_out', { n: left.rows(), counts: listed(left.counts()) })];
      if (others.size() === 0) return [sentence('data.positive_label', { label }), ...without];
      return [sentence('data.positive_and_others', { label, others: listed(others.texts()) }), ...without];
    },
  };
}
