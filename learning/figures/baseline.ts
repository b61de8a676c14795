import { counted } from '../../shared/encoding/phrases.ts';
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

function againstBaseRate({ gain: { value, low, high } }: Baseline): string[] {
  const figure = (x: number): string => Math.abs(x).toFixed(4);
  if (low > 0) return [];
  if (high < 0)
    return [
      `It is worse than saying the base rate of every case: its log loss is larger by ${figure(value)} (${figure(high)} to ${figure(low)}).`,
    ];
  const [more, least] = [value < 0 ? 'larger' : 'smaller', `${figure(low)} larger to ${figure(high)} smaller`];
  return [
    `It is not shown to be better than saying the base rate of every case: its log loss is ${figure(value)} ${more} (${least}).`,
  ];
}

/** A sentence where a model is not shown to be better than the base rate, or leaves nearly all cases unclear. */
export function chanceWarnings(baseline: Baseline | null | undefined, unclear: number | undefined): string[] {
  const lines = baseline ? againstBaseRate(baseline) : [];
  if (unclear !== undefined && unclear > mostUnclear)
    lines.push(`It leaves ${(100 * unclear).toFixed(1)} % of the cases unclear: it decides next to nothing.`);
  return lines;
}

/** What cases cannot tell of a model because a label has none or few of them. */
export function fewLabelWarnings(scams: number, genuine: number): string[] {
  if (scams + genuine === 0) return [];
  if (Math.min(scams, genuine) === 0) {
    const only = scams === 0 ? 'genuine providers' : 'scams';
    return [
      `All cases are ${only}: whether the model tells scams from genuine providers (AUC, average precision, lift) cannot be told.`,
    ];
  }
  if (Math.min(scams, genuine) >= fewCases) return [];
  const those = scams <= genuine ? counted(scams, 'scam') : counted(genuine, 'genuine provider');
  return [`Only ${those} among the cases: too few to rely on these figures.`];
}
