import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { casesOfDataset } from './dataset-cases.ts';
import type { CasesFile } from './read-cases.ts';

/** Rows a model learned from. */
export interface LearnedRows {
  readonly dataset: Dataset;
  /** Which of its rows. */
  readonly rows: Uint32Array;
}

/** How many judged rows a model learned from. */
export interface Learned {
  /** Judged rows that are equal to one it learned from, each of which counts once. */
  readonly rows: number;
  readonly of: number;
  /** How many rows of other cases would be, as far as the rows it learned from tell; 0 for all of these and no others. */
  readonly byChance: number;
  /** More than chance explains. */
  readonly beyondChance: boolean;
}

/** Standard deviations above what chance gives from which equal rows are the same rows. */
const beyond = 4;

type Judged = Pick<CasesFile, 'rows' | 'columns' | 'labels' | 'days'>;

/** Names rows by what they say: encoded values, label and, where it is known of all, the day. */
function nameOf({ columns, labels, days }: Judged, dated: boolean): (i: number) => string {
  const values = columns.map((column) =>
    column.kind === 'number'
      ? (i: number) => String(column.values[i])
      : (i: number) => JSON.stringify(column.codes[i] === -1 ? null : column.levels[column.codes[i]!]),
  );
  return (i) => [labels[i], dated ? days![i] : '', ...values.map((value) => value(i))].join(' ');
}

/**
 * Counts the judged rows (all, or those given) that a model learned from: equal encoded values, label and, where both
 * sides have them, dates. What chance gives is estimated from the rows it learned from, as the share of a new draw that
 * repeats an earlier one: 1 - (values seen once) / rows (Good 1953).
 */
export function countLearned(
  judged: Judged,
  manifest: Manifest,
  { dataset, rows }: LearnedRows,
  among: Uint32Array = Uint32Array.from({ length: judged.rows }, (_, i) => i),
): Learned {
  const known = casesOfDataset(dataset, manifest);
  const dated = judged.days !== null && known.days !== null;
  const learned = new Uint8Array(dataset.frame.rows);
  for (const i of rows) learned[i] = 1;
  const left = new Map<string, number>();
  const knownName = nameOf(known, dated);
  let total = 0;
  for (let i = 0; i < known.rows; i++) {
    // Rows of a dataset stand on the lines after its head.
    if (learned[known.lines[i]! - 2] !== 1) continue;
    const name = knownName(i);
    left.set(name, (left.get(name) ?? 0) + 1);
    total += 1;
  }
  const once = [...left.values()].reduce((sum, count) => sum + Number(count === 1), 0);
  const chance = total === 0 ? 0 : 1 - once / total;
  const judgedName = nameOf(judged, dated);
  let same = 0;
  for (const i of among) {
    const name = judgedName(i);
    const count = left.get(name) ?? 0;
    if (count === 0) continue;
    left.set(name, count - 1);
    same += 1;
  }
  const byChance = among.length * chance;
  const [of, most] = [among.length, byChance + beyond * Math.sqrt(byChance * (1 - chance))];
  if (same === of && of === total) return { rows: same, of, byChance: 0, beyondChance: true };
  return { rows: same, of, byChance, beyondChance: same > most };
}
