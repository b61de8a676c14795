import type { FoldedRows, FitTask, FitResults } from '../workers/fit-tasks.ts';
import { shared, type Frame, type Rows } from '../dataset/frame.ts';
import { dealFolds, groupedRows } from '../dataset/groups.ts';
import { createRandom } from '../statistics/random.ts';
import type { ReadyTrainer } from '../trainers/index.ts';

/** Number of folds: five, fewer when a class has fewer groups than that. */
export function foldCount({ labels, groups }: Frame, rows: Rows): number {
  const seen: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (const i of rows) {
    const own = seen[labels[i] === 1 ? 1 : 0];
    if (own.size < 5) own.add(groups[i]!);
  }
  return Math.max(2, Math.min(5, seen[0].size, seen[1].size));
}

/** Deals rows into folds by the seed, groups whole. */
export function foldRows(frame: Frame, rows: Rows, seed: number): FoldedRows {
  const count = foldCount(frame, rows);
  const [own, folds] = [shared(Uint32Array, 4, rows.length), shared(Uint8Array, 1, rows.length)];
  own.set(rows);
  folds.set(dealFolds(groupedRows(frame, rows), count, createRandom(seed)));
  return { rows: own, folds, count };
}

/** One task for each fold: fit the others, score it. */
export function foldTasks(trainer: ReadyTrainer, rows: FoldedRows): FitTask[] {
  return Array.from({ length: rows.count }, (_, without) => ({ trainer, foldedRows: rows, without }));
}

/**
 * Log odds of rows by models that have not seen them or their groups, in the order of the rows; NaN for rows of a fold
 * whose remainder has one class only. `tasks` are those of `foldTasks`.
 */
export function outOfFoldMargins(tasks: readonly FitTask[], fits: FitResults): Float64Array {
  const { folds } = tasks[0]!.foldedRows;
  const margins = new Float64Array(folds.length).fill(NaN);
  for (const task of tasks) {
    const result = fits.get(task);
    if (result?.kind !== 'margins' || result.margins === null) continue;
    let next = 0;
    for (let at = 0; at < folds.length; at++) if (folds[at] === task.without) margins[at] = result.margins[next++]!;
  }
  return margins;
}
