import type { ColumnValue, EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Contribution } from './inference.ts';
import { permutation, type Random } from '../../../shared/metrics/random.ts';

/** Scores rows, in order. */
export type ScoreRows = (rows: readonly EncodedRow[]) => Promise<readonly number[]>;

interface AttributionInput {
  /** Columns the model reads. */
  readonly columns: readonly string[];
  readonly row: EncodedRow;
  readonly background: readonly EncodedRow[];
  readonly scoreRows: ScoreRows;
  readonly random: Random;
  /** Rows that may be scored, about. */
  readonly budget: number;
}

export interface Attribution {
  /** Mean score of the background rows used. */
  readonly base: number;
  readonly score: number;
  readonly contributions: readonly Contribution[];
}

/** Rows to score for all walks, and for each walk which column each of its steps changed and where its row is. */
interface Plan {
  readonly rows: EncodedRow[];
  readonly walks: { readonly steps: readonly { column: number; at: number }[]; readonly from: number }[];
}

function addWalk(plan: Plan, input: AttributionInput, from: number, order: readonly number[]): void {
  const current: Record<string, ColumnValue> = { ...plan.rows[from] };
  const steps: { column: number; at: number }[] = [];
  let last = from;
  for (const column of order) {
    const name = input.columns[column]!;
    // An equal value changes nothing, so the row before it stands for this one too.
    if (!Object.is(current[name], input.row[name])) {
      current[name] = input.row[name]!;
      last = plan.rows.push({ ...current }) - 1;
    }
    steps.push({ column, at: last });
  }
  plan.walks.push({ steps, from });
}

function planWalks(input: AttributionInput): Plan {
  const perWalk = input.columns.length + 1;
  const used = input.background.slice(0, Math.max(1, Math.floor(input.budget / (2 * perWalk))));
  const pairs = Math.max(1, Math.floor(input.budget / (2 * perWalk * used.length)));
  const plan: Plan = { rows: [...used], walks: [] };
  used.forEach((_, from) => {
    for (let pair = 0; pair < pairs; pair++) {
      const order = permutation(input.columns.length, input.random);
      addWalk(plan, input, from, order);
      addWalk(plan, input, from, order.toReversed());
    }
  });
  plan.rows.push(input.row);
  return plan;
}

/**
 * Shapley values of the raw columns by sampling orders in which a background row turns into the row to explain
 * (Strumbelj & Kononenko 2014), each order together with its reverse (antithetic, Mitchell et al. 2022). Every walk's
 * changes add up to its whole difference and every background row is used equally often, so base + sum = score
 * exactly. Units: probability. Largest absolute value first.
 */
export async function attribute(input: AttributionInput): Promise<Attribution> {
  const plan = planWalks(input);
  const scores = await input.scoreRows(plan.rows);
  const sums = input.columns.map(() => 0);
  let base = 0;
  for (const { from, steps } of plan.walks) {
    let before = scores[from]!;
    base += before;
    for (const { column, at } of steps) {
      sums[column]! += scores[at]! - before;
      before = scores[at]!;
    }
  }
  const walks = plan.walks.length;
  const contributions = input.columns.map((name, i) => ({ attribute: name, value: sums[i]! / walks }));
  return {
    base: base / walks,
    score: scores[plan.rows.length - 1]!,
    contributions: contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
  };
}
