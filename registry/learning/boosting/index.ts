import { OutpostError } from '../../../shared/errors/index.ts';
import type { Frame, Rows } from '../frame.ts';
import { dealGroups, groupedRows } from '../groups.ts';
import { createRandom, type Random } from '../random.ts';
import { requireBothClasses, type FitContext, type FittedModel, type Trainer } from '../trainer.ts';
import { featuresOf, type Feature } from './bins.ts';
import { boost, type Boosted, type Labelled } from './boost.ts';
import { targetsOf } from './gradients.ts';
import { addEnsemble } from './graph.ts';
import { binned } from './groups.ts';
import { boostingParams, type BoostingParams } from './params.ts';
import { marginsOf } from './scoring.ts';
import { ensembleOf, type Ensemble, type Tree } from './tree.ts';

export { boostingParams, type BoostingParams } from './params.ts';
export type { Ensemble } from './tree.ts';

/** With fewer rows of a class to watch, the best number of rounds is mostly chance. */
const leastWatched = 50;

/** Boosted trees with what they are made of. */
export interface BoostedModel extends FittedModel {
  readonly ensemble: Ensemble;
}

/** Direction of each feature; throws BAD_INPUT for names that are no number, yes/no or tactic among the columns. */
function directions(frame: Frame, features: readonly Feature[], monotone: BoostingParams['monotone']): Int8Array {
  const numbers = new Set(frame.columns.filter((c) => c.kind === 'number').map((c) => c.attribute.name));
  const unknown = Object.keys(monotone).filter((name) => !numbers.has(name));
  if (unknown.length > 0) {
    const names = unknown.join(', ');
    throw new OutpostError(
      'BAD_INPUT',
      `The parameter monotone names ${names}, which is no number, yes/no or tactic column of these cases. Take it out or correct the name.`,
    );
  }
  return Int8Array.from(features, (f) => monotone[frame.columns[f.column]!.attribute.name] ?? 0);
}

/** Puts groups drawn by chance last, about a share of the rows; answers null when a class has too few rows for it. */
function heldBack(frame: Frame, rows: Rows, share: number, random: Random): { order: Rows; fitted: number } | null {
  const parts = dealGroups(groupedRows(frame, rows), [1 - share, share], random);
  const kept = rows.filter((_, at) => parts[at] === 0);
  const watched = rows.filter((_, at) => parts[at] === 1);
  const scams = (list: Rows): number => list.reduce((sum, i) => sum + frame.labels[i]!, 0);
  const enough = [watched, kept].every((part) => Math.min(scams(part), part.length - scams(part)) >= leastWatched);
  if (!enough) return null;
  const order = new Uint32Array(rows.length);
  order.set(kept);
  order.set(watched, kept.length);
  return { order, fitted: kept.length };
}

/** A leaf that changes nothing: what is left when no round helped. */
const nothing: Tree = {
  column: Int32Array.of(-1),
  rule: Uint8Array.of(0),
  value: Float64Array.of(0),
  left: Int32Array.of(-1),
};

type SavedTrees = Pick<BoostedModel, 'ensemble' | 'summary'>;

function savedOf(frame: Frame, boosted: Boosted, figures: Record<string, number>): SavedTrees {
  const trees = boosted.trees.length === 0 ? [nothing] : boosted.trees;
  const ensemble = ensembleOf(frame, trees, boosted.base);
  return {
    ensemble,
    summary: {
      trees: boosted.trees.length,
      nodes: trees.reduce((sum, tree) => sum + tree.column.length, 0),
      columns: ensemble.columns.length,
      log_loss: boosted.loss,
      ...figures,
    },
  };
}

function modelOf(saved: SavedTrees): BoostedModel {
  const { ensemble } = saved;
  return {
    ...saved,
    saved,
    margins: (other, wanted) => marginsOf(ensemble, other, wanted),
    addTo: (graph) => addEnsemble(graph, ensemble),
  };
}

/** Fits boosted trees to rows of a frame; see `boost` for the method. */
export function fitBoosting(frame: Frame, rows: Rows, params: BoostingParams, context: FitContext): BoostedModel {
  requireBothClasses(frame, rows);
  if (frame.columns.length === 0) {
    throw new OutpostError('BAD_INPUT', 'There are no columns to learn from. The schema needs a shareable attribute.');
  }
  const random = createRandom(context.seed);
  const counting = rows.filter((i) => frame.weights[i]! > 0);
  const features = featuresOf(frame, counting, params.maxBins, random);
  const monotone = directions(frame, features, params.monotone);
  const { earlyStopping } = params;
  const held = earlyStopping && heldBack(frame, counting, earlyStopping.share, random);
  const order = held?.order ?? counting;
  const labelled: Labelled = { data: binned(frame, order, features), ...targetsOf(frame, order), monotone };
  let rounds = params.rounds;
  let share = 0;
  if (held) {
    share = 0.5;
    const { patience } = earlyStopping!;
    const course = { fitted: held.fitted, rounds, patience, progress: [0, share] } as const;
    rounds = boost(labelled, params, course, random, context).best;
  }
  const course = { fitted: order.length, rounds, patience: null, progress: [share, 1] } as const;
  const boosted = boost(labelled, params, course, random, context);
  return modelOf(
    savedOf(frame, boosted, {
      bins: labelled.data.starts.at(-1)!,
      rows_watched: order.length - (held?.fitted ?? order.length),
    }),
  );
}

/** Histogram gradient-boosted trees. */
export const boostingTrainer: Trainer<BoostingParams> = {
  name: 'boosting',
  id: 'outpost-boosting/2',
  // Trees keep on moving scores outwards after the loss on unseen rows has stopped falling.
  about: 'gradient-boosted trees on binned columns, second order',
  card: {
    method: ({ trees }) => `Gradient-boosted decision trees (${trees} trees), second order, on binned values`,
    limit:
      'It is made of steps: beyond the smallest and largest value it was trained on, a number changes nothing more.',
  },
  calibration: 'auto',
  params: boostingParams,
  fit: fitBoosting,
  revive: (saved) => modelOf(saved as SavedTrees),
  effort: 4,
};
