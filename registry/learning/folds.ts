import type { Frame, Rows } from './frame.ts';
import { dealFolds, groupedRows } from './groups.ts';
import { createRandom } from './random.ts';
import type { ReadyTrainer } from './trainers.ts';
import type { FitContext } from './trainer.ts';

/** Number of folds: five, fewer when a class has fewer groups than that. */
export function foldCount({ labels, groups }: Frame, rows: Rows): number {
  const seen: [Set<number>, Set<number>] = [new Set(), new Set()];
  for (const i of rows) {
    const own = seen[labels[i] === 1 ? 1 : 0];
    if (own.size < 5) own.add(groups[i]!);
  }
  return Math.max(2, Math.min(5, seen[0].size, seen[1].size));
}

/**
 * Log odds of rows by models that have not seen them or their groups, in the order of `rows`; NaN for rows of a fold
 * whose remainder has one class only.
 */
export function outOfFoldMargins(trainer: ReadyTrainer, frame: Frame, rows: Rows, context: FitContext): Float64Array {
  const count = foldCount(frame, rows);
  const folds = dealFolds(groupedRows(frame, rows), count, createRandom(context.seed));
  const margins = new Float64Array(rows.length).fill(NaN);
  for (let fold = 0; fold < count; fold++) {
    const rest = rows.filter((_, at) => folds[at] !== fold);
    if (!hasBothClasses(frame, rest)) continue;
    const onProgress = (share: number): void => context.onProgress?.((fold + share) / count);
    const model = trainer.fit(frame, rest, { ...context, onProgress });
    const held = rows.filter((_, at) => folds[at] === fold);
    const scores = model.margins(frame, held);
    let next = 0;
    folds.forEach((f, at) => {
      if (f === fold) margins[at] = scores[next++]!;
    });
  }
  return margins;
}

function hasBothClasses(frame: Frame, rows: Rows): boolean {
  const weight: [number, number] = [0, 0];
  for (const i of rows) weight[frame.labels[i] === 1 ? 1 : 0] += frame.weights[i]!;
  return weight[0] > 0 && weight[1] > 0;
}
