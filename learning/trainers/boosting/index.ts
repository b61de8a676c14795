import { OutpostError } from '../../../shared/errors/index.ts';
import type { Frame, Rows } from '../../dataset/frame.ts';
import { createRandom } from '../../statistics/random.ts';
import { between, goOn, requireBothClasses, type FitContext, type FittedModel, type Trainer } from '../base/trainer.ts';
import { featuresOf, type Feature } from './bins.ts';
import { booster, type Booster, type Labelled } from './boost.ts';
import { targetsOf } from './gradients.ts';
import { addEnsemble } from './graph.ts';
import { binned } from './groups.ts';
import { boostingParams, type BoostingParams } from './params.ts';
import { bestRounds, watchedParts } from './rounds.ts';
import { marginsOf } from './scoring.ts';
import { ensembleOf, type Ensemble, type Tree } from './tree.ts';
import { inTurn, listed, sentence, type Sentence } from '../../../shared/language/sentence.ts';

export { boostingParams } from './params.ts';

/** Boosted trees with what they are made of. */
export interface BoostedModel extends FittedModel {
  readonly ensemble: Ensemble;
}

/** Direction of each feature; throws BAD_INPUT for names that are no number, yes/no or tactic among the columns. */
function directions(frame: Frame, features: readonly Feature[], monotone: BoostingParams['monotone']): Int8Array {
  const numbers = new Set(frame.columns.filter((c) => c.kind === 'number').map((c) => c.attribute.name));
  const unknown = Object.keys(monotone).filter((name) => !numbers.has(name));
  if (unknown.length > 0) {
    throw new OutpostError('BAD_INPUT', sentence('trainers.monotone_no_number', { names: listed(unknown) }));
  }
  return Int8Array.from(features, (f) => monotone[frame.columns[f.column]!.attribute.name] ?? 0);
}

/** A leaf that changes nothing: what is left when no round helped. */
const nothing: Tree = {
  column: Int32Array.of(-1),
  rule: Uint8Array.of(0),
  value: Float64Array.of(0),
  left: Int32Array.of(-1),
};

type SavedTrees = Pick<BoostedModel, 'ensemble' | 'summary'>;

function savedOf(frame: Frame, boosted: Booster, figures: Record<string, number>): SavedTrees {
  const trees = boosted.trees.length === 0 ? [nothing] : boosted.trees;
  const ensemble = ensembleOf(frame, trees, boosted.base);
  const { loss, weight } = boosted.learntLoss();
  return {
    ensemble,
    summary: {
      trees: boosted.trees.length,
      nodes: trees.reduce((sum, tree) => sum + tree.column.length, 0),
      columns: ensemble.columns.length,
      log_loss: loss / weight,
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

/** Grows some trees. Throws CANCELLED when asked to stop. */
function grown(one: Booster, rounds: number, context: FitContext): Booster {
  for (let round = 1; round <= rounds; round++) {
    goOn(context);
    one.grow();
    context.onProgress?.(round / rounds);
  }
  return one;
}

/** Fits boosted trees to rows of a frame; see `booster` for the method and `watchedParts` for the number of rounds. */
export function fitBoosting(frame: Frame, rows: Rows, params: BoostingParams, context: FitContext): BoostedModel {
  requireBothClasses(frame, rows);
  if (frame.columns.length === 0) {
    throw new OutpostError('BAD_INPUT', sentence('trainers.no_columns_learn'));
  }
  const random = createRandom(context.seed);
  const counting = rows.filter((i) => frame.weights[i]! > 0);
  const features = featuresOf(frame, counting, params.maxBins, random);
  const monotone = directions(frame, features, params.monotone);
  const { earlyStopping } = params;
  const parts = earlyStopping === null ? [] : watchedParts(frame, counting, earlyStopping.share, random);
  const labelledBy = (order: Rows): Labelled => {
    return { data: binned(frame, order, features), ...targetsOf(frame, order), monotone };
  };
  const watched = parts.map(({ order }) => labelledBy(order));
  // Fits of the parts go before the fit of all rows; each of them learns from nearly as much.
  const share = parts.length / (parts.length + 1);
  let rounds = params.rounds;
  if (earlyStopping !== null && parts.length > 0) {
    const boosters = watched.map((rows, at) => booster(rows, params, parts[at]!.fitted, random));
    const limits = { most: rounds, patience: earlyStopping.patience };
    rounds = bestRounds(boosters, limits, between(context, 0, share));
  }
  // Every part has all rows, in its own order.
  const all = watched[0] ?? labelledBy(counting);
  const boosted = grown(booster(all, params, counting.length, random), rounds, between(context, share, 1));
  const rowsWatched = parts.reduce((sum, { fitted }) => sum + counting.length - fitted, 0);
  return modelOf(
    savedOf(frame, boosted, {
      bins: all.data.starts.at(-1)!,
      rows_watched: rowsWatched,
      ...(earlyStopping !== null && { parts_watched: parts.length, rounds_at_most: params.rounds }),
    }),
  );
}

/** How the number of trees came about. */
function roundsText(summary: FittedModel['summary']): Sentence | null {
  const { trees, rounds_at_most: most, rows_watched: cases, parts_watched: parts } = summary;
  // Not asked for, or a model of an earlier version.
  if (trees === undefined || most === undefined || cases === undefined) return null;
  if (parts === 0) return sentence('boosting.rounds_unwatched', { trees, most });
  const watched = parts === 1 ? 'boosting.rounds_held_back' : 'boosting.rounds_cross_validated';
  const rounds = sentence(watched, { trees, most, cases });
  return trees === 0 ? inTurn([rounds, sentence('boosting.no_tree_helped')]) : rounds;
}

/** Histogram gradient-boosted trees. */
export const boostingTrainer: Trainer<BoostingParams> = {
  name: 'boosting',
  id: 'outpost-boosting/3',
  // Trees keep on moving scores outwards after the loss on unseen rows has stopped falling.
  about: sentence('boosting.about'),
  card: {
    method: ({ trees = NaN }) => sentence('boosting.method', { trees }),
    limit: sentence('boosting.limit'),
  },
  calibration: 'auto',
  params: boostingParams,
  fitText: roundsText,
  fit: fitBoosting,
  revive: (saved) => modelOf(saved as SavedTrees),
  effort: 4,
};
