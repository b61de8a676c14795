import type { Frame, Rows } from './frame.ts';
import { createRandom } from './random.ts';
import type { ReadyTrainer } from './trainers.ts';
import type { FitContext } from './trainer.ts';

/**
 * Deals rows into `count` folds by the seed: rows of one incident into the same fold, each class spread evenly as far
 * as incidents allow. Answers the fold of each row, in the order of `rows`.
 */
export function dealFolds(frame: Frame, rows: Rows, seed: number, count: number): Uint8Array {
  const random = createRandom(seed);
  const incidents = new Map<number, number[]>();
  rows.forEach((row, at) => {
    const members = incidents.get(frame.incidents[row]!) ?? [];
    members.push(at);
    incidents.set(frame.incidents[row]!, members);
  });
  const byLabel: number[][][] = [[], []];
  for (const members of incidents.values()) byLabel[frame.labels[rows[members[0]!]!]!]!.push(members);
  const folds = new Uint8Array(rows.length);
  for (const groups of byLabel) {
    for (let i = groups.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [groups[i], groups[j]] = [groups[j]!, groups[i]!];
    }
    groups.forEach((members, i) => members.forEach((at) => (folds[at] = i % count)));
  }
  return folds;
}

/** Number of folds: five, fewer when a class has fewer rows than that. */
export function foldCount(frame: Frame, rows: Rows): number {
  let scams = 0;
  for (const i of rows) scams += frame.labels[i]!;
  return Math.max(2, Math.min(5, scams, rows.length - scams));
}

/**
 * Log odds of rows by models that have not seen them or their incidents, in the order of `rows`; NaN for rows of a fold
 * whose remainder has one class only.
 */
export function outOfFoldMargins(trainer: ReadyTrainer, frame: Frame, rows: Rows, context: FitContext): Float64Array {
  const count = foldCount(frame, rows);
  const folds = dealFolds(frame, rows, context.seed, count);
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
