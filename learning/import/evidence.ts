import type { Thresholds } from '../../shared/domain/verdict.ts';
import { emptyProfile } from '../../shared/drift/build-profile.ts';
import type { Profile } from '../../shared/encoding/profile.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { storeRow, type Dataset } from '../dataset/dataset.ts';
import { outsideOf } from '../dataset/outside-rows.ts';
import { profileOfRows } from '../dataset/profile.ts';
import { effectiveCount } from '../statistics/effective-sample-size.ts';
import { figuresOf, missedByStratum, type Figures, type Judged } from '../figures/figures.ts';
import { allRows, rowOf } from '../dataset/frame.ts';
import type { Random } from '../statistics/random.ts';
import { backgroundRows, goldenRows } from '../dataset/samples.ts';
import type { Score } from './probe.ts';

const backgroundSize = 32;
const chunk = 10_000;
/** `goldenRows` starts with rows at the ends of every column, and gives this many mixtures behind them. */
const mixtures = 4;

/** Labelled cases with the score the model gave each, in the order of the data set. */
export interface ScoredDataset {
  readonly dataset: Dataset;
  readonly scores: Float64Array;
}

/** Scores every row of a data set, some thousand rows in memory at a time. */
export async function scoreDataset(dataset: Dataset, score: Score): Promise<ScoredDataset> {
  const { frame } = dataset;
  const scores = new Float64Array(frame.rows);
  for (let start = 0; start < frame.rows; start += chunk) {
    const size = Math.min(chunk, frame.rows - start);
    scores.set(await score(Array.from({ length: size }, (_, i) => rowOf(frame, start + i))), start);
  }
  return { dataset, scores };
}

/** Label, weight and score of every row. */
export function judgedOf({ dataset: { frame }, scores }: ScoredDataset): Judged[] {
  return Array.from(scores, (score, i) => ({ label: frame.labels[i] === 1 ? 1 : 0, weight: frame.weights[i]!, score }));
}

/** Share of scams by weight; null when nothing weighs anything. */
export function baseRateOf({ frame: { labels, weights } }: Dataset): number | null {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const scams = labels.reduce((sum, label, i) => sum + label * weights[i]!, 0);
  return total > 0 ? scams / total : null;
}

/** Figures of the scores at these thresholds, with the scams among cases called not_scam by audit stratum. */
export function figuresFor(scored: ScoredDataset, thresholds: Thresholds, maxMissingShare: number): Figures {
  const { frame } = scored.dataset;
  const { labels, weights, groups } = frame;
  const judged = { labels, weights, groups, scores: scored.scores };
  const outside = outsideOf(scored.dataset, allRows(frame), maxMissingShare);
  return { ...figuresOf(judged, thresholds), ...missedByStratum(judged, outside, thresholds) };
}

/** Where explanations start: pooled from labelled cases, or made up from the schema when there are none. */
export function backgroundOf(schema: FeatureSchema, scored: ScoredDataset | null, random: Random): StoredRow[] {
  if (scored) {
    const { frame } = scored.dataset;
    return backgroundRows(frame, allRows(frame), scored.scores, backgroundSize, random);
  }
  const draws = Array.from({ length: backgroundSize / mixtures }, () => goldenRows(schema, random).slice(-mixtures));
  return draws.flat().map(storeRow);
}

/** Profile of the labelled cases and their scores, counted as many as tell as much; an empty one without cases. */
export function referenceOf(schema: FeatureSchema, scored: ScoredDataset | null): Profile {
  if (!scored) return emptyProfile(schema);
  const { frame } = scored.dataset;
  const weights = Array.from(frame.weights);
  const scale = effectiveCount(weights) / weights.reduce((a, b) => a + b, 0);
  const scaled = Float64Array.from(weights, (weight) => weight * scale);
  return profileOfRows(scored.dataset, allRows(frame), scaled, scored.scores);
}
