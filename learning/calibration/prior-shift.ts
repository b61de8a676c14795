import { clopperPearson, wilson, type Interval } from '../../shared/metrics/index.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Calibrator } from './calibrator.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A share with the number of equally weighted cases that tell as much. */
interface Rate extends Interval {
  readonly effective: number;
}

function checkWeights(weights: ArrayLike<number>): void {
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i]! >= 0 && weights[i]! < Infinity)) {
      throw new OutpostError('BAD_INPUT', sentence('calibration.weights_must_numbers_least_0'), { data: { row: i } });
    }
  }
}

/**
 * Share of scams among received cases from the investigated ones, each weighted by 1 / the probability that it was
 * looked at: the ratio estimator of Hájek (1971). Its 95 % interval is exact for equal weights, else Wilson's with the
 * effective number of cases. Without weight: NaN between 0 and 1. Throws BAD_INPUT for negative or infinite weights.
 */
export function receivedRate(labels: ArrayLike<number>, weights: ArrayLike<number>): Rate {
  checkWeights(weights);
  let [scams, total, rows, hits, first, equal] = [0, 0, 0, 0, 0, true];
  let [squares, hitSquares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    if (rows === 0) first = weight;
    equal &&= weight === first;
    rows += 1;
    total += weight;
    squares += weight * weight;
    if (labels[i] !== 1) continue;
    hits += 1;
    scams += weight;
    hitSquares += weight * weight;
  }
  if (equal) return { ...clopperPearson(hits, rows), effective: rows };
  // Every case is a group of its own.
  const sums = { weight: total, hitWeight: scams, squares, hitSquares, products: hitSquares };
  const effective = effectiveCases(sums);
  return { ...wilson(scams / total, effective), effective };
}

function logit(rate: number): number {
  if (!(rate > 0 && rate < 1))
    throw new OutpostError('BAD_INPUT', sentence('calibration.share_scams_must_lie_between_0'));
  return Math.log(rate / (1 - rate));
}

/**
 * What to add to calibrated log odds when the share of scams is `to` where the model is used and `from` among the cases
 * it was calibrated on, by their weights, and scams as well as genuine cases look alike in both: logit(to) - logit(from)
 * (King & Zeng 2001; Saerens, Latinne & Decaestecker 2002). Throws BAD_INPUT for shares of 0 and 1.
 */
export function shiftMargin(from: number, to: number): number {
  return logit(to) - logit(from);
}

/** More than any two shares of scams ask for that are not 0 or 1, and a factor on odds that is still a number. */
const largestShift = 100;

/** Less than this is nothing: a runtime drops factors that it takes for 1, to 1e-8. */
const smallestShift = 1e-7;

/** A probability after a factor on its odds. In this form it never falls as `p` rises, not even by rounding. */
function withOdds(p: number, factor: number): number {
  return 1 / (1 + (1 - p) / (factor * p));
}

/** A calibrated probability after a shift of its log odds, as `shifted` gives it; NaN stays. */
export function shiftedProbability(p: number, shift: number): number {
  return Math.abs(shift) < smallestShift ? p : withOdds(p, Math.exp(shift));
}

/**
 * A calibrator whose log odds are moved by `shift`. It is added after calibration: the rule is Bayes's and holds for
 * probabilities that are right where they were fitted; before calibration it would be stretched with the margins.
 */
export function shifted(calibrator: Calibrator, shift: number): Calibrator {
  if (!(Math.abs(shift) <= largestShift)) {
    throw new OutpostError('BAD_INPUT', sentence('calibration.shift_too_large', { most: largestShift }));
  }
  if (Math.abs(shift) < smallestShift) return calibrator;
  const factor = Math.exp(shift);
  return {
    kind: calibrator.kind,
    probability: (margin) => withOdds(calibrator.probability(margin), factor),
    addTo(graph, margin) {
      const before = calibrator.addTo(graph, margin);
      graph.constants.push(
        { name: 'shift:one', dims: [1, 1], values: [1] },
        { name: 'shift:factor', dims: [1, 1], values: [factor] },
      );
      graph.nodes.push(
        { op: 'Sub', inputs: ['shift:one', before], output: 'shift:against' },
        { op: 'Mul', inputs: ['shift:factor', before], output: 'shift:for' },
        { op: 'Div', inputs: ['shift:against', 'shift:for'], output: 'shift:odds_against' },
        { op: 'Add', inputs: ['shift:one', 'shift:odds_against'], output: 'shift:inverse' },
        { op: 'Div', inputs: ['shift:one', 'shift:inverse'], output: 'shift:probability' },
      );
      return 'shift:probability';
    },
    summary: { ...calibrator.summary, shift },
  };
}

/**
 * Weights under which the share of scams is `rate`, of the same sum: for thresholds and figures of a shifted calibrator.
 * Throws BAD_INPUT unless both classes have weight.
 */
export function reweighted(labels: ArrayLike<number>, weights: ArrayLike<number>, rate: number): Float64Array {
  logit(rate);
  const now = receivedRate(labels, weights).value;
  if (!(now > 0 && now < 1)) {
    throw new OutpostError('BAD_INPUT', sentence('calibration.both_confirmed_scams_genuine_providers_needed'));
  }
  return Float64Array.from(weights, (w, i) => (labels[i] === 1 ? (w * rate) / now : (w * (1 - rate)) / (1 - now)));
}
