import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { lossOf, normalQuantile } from '../../shared/metrics/index.ts';
import { clusteredMean } from '../statistics/model-selection.ts';
import type { JudgedCases } from './cases.ts';

/** How scores compare with saying the share of scams of every case. */
export interface Baseline {
  /** Log loss of saying of every case the share of scams among the very cases that are judged. */
  readonly logLoss: number;
  /** By how much the log loss of the scores is smaller, with a 95 % interval by group; below 0: it is larger. */
  readonly gain: { readonly value: number; readonly low: number; readonly high: number };
}

/** With fewer of a label, intervals are so wide that figures say next to nothing. */
export const fewCases = 50;

/** With a larger share of cases left unclear, a model decides next to nothing. */
const mostUnclear = 0.8;

/** Compares scores with the base rate on the same cases; null where one label has no weight. */
export function baselineOf({ labels, weights, groups }: JudgedCases, scores: ArrayLike<number>): Baseline | null {
  let [scams, total] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    scams += weights[i]! * labels[i]!;
    total += weights[i]!;
  }
  const rate = scams / total;
  if (!(rate > 0 && rate < 1)) return null;
  const own = { weights, groups: groups.of };
  const constant = Float64Array.from({ length: labels.length }, (_, i) => lossOf(rate, labels[i]!));
  const { mean: value, error } = clusteredMean(
    constant.map((loss, i) => loss - lossOf(scores[i]!, labels[i]!)),
    own,
  );
  const reach = normalQuantile(0.975) * error;
  return { logLoss: clusteredMean(constant, own).mean, gain: { value, low: value - reach, high: value + reach } };
}

function againstBaseRate({ gain: { value, low, high } }: Baseline): Sentence[] {
  if (low > 0) return [];
  const by = Math.abs(value);
  if (high < 0) return [sentence('figures.worse_than_base_rate', { by, least: -high, most: -low })];
  const ends = { worst: Math.abs(low), best: high };
  return [sentence('figures.not_better_than_base_rate', { by, larger: value < 0, ...ends })];
}

/** A sentence where a model is not shown to be better than the base rate, or leaves nearly all cases unclear. */
export function chanceWarnings(baseline: Baseline | null | undefined, unclear: number | undefined): Sentence[] {
  const lines = baseline ? againstBaseRate(baseline) : [];
  if (unclear !== undefined && unclear > mostUnclear)
    lines.push(sentence('figures.mostly_unclear', { share: unclear }));
  return lines;
}

/** What cases cannot tell of a model because a label has none or few of them. */
export function fewLabelWarnings(scams: number, genuine: number): Sentence[] {
  if (scams + genuine === 0) return [];
  if (scams === 0) return [sentence('figures.genuine_only')];
  if (genuine === 0) return [sentence('figures.scams_only')];
  const n = Math.min(scams, genuine);
  if (n >= fewCases) return [];
  return [scams <= genuine ? sentence('figures.few_scams', { n }) : sentence('figures.few_genuine', { n })];
}
