import type { Frame, Rows } from '../../dataset/frame.ts';

/**
 * First and second derivatives of the weighted log loss by the log odds, kept as whole multiples of a power of two so
 * small that any sum of them is exact in double precision. Sums then do not depend on their order: subtracting one
 * histogram from another leaves no residue, equal columns tie exactly, and threads may share the work as they like.
 */
interface Gradients {
  /** g and h of each training row, interleaved. */
  readonly pairs: Float64Array;
  /** Sets the pairs from the log odds of the training rows `from` to `to`. */
  readonly update: (margins: Float64Array, from: number, to: number) => void;
}

/** Smallest power of two that is not below x. */
function powerAbove(x: number): number {
  let power = 2 ** Math.floor(Math.log2(x));
  while (power < x) power *= 2;
  return power;
}

/** Gradients of the given labels and weights (at least 0, one above). */
export function gradientsOf(labels: Uint8Array, weights: Float64Array): Gradients {
  const pairs = new Float64Array(2 * labels.length);
  const total = weights.reduce((sum, w) => sum + w, 0);
  // |g| <= w and h <= w / 4, so every sum is at most the power of two above the total: 2^51 units of it.
  // Adding and taking away 1.5 * 2^52 units rounds to whole units (ties to even).
  const magic = 3 * powerAbove(total);
  return {
    pairs,
    update(margins, from, to) {
      for (let k = from; k < to; k++) {
        const p = 1 / (1 + Math.exp(-margins[k]!));
        const weight = weights[k]!;
        // Rounded before the weight too, so that a weight of two gives what the same row twice gives, to the bit.
        const g = p - labels[k]! + magic - magic;
        const h = p * (1 - p) + magic - magic;
        pairs[2 * k] = weight * g + magic - magic;
        pairs[2 * k + 1] = weight * h + magic - magic;
      }
    },
  };
}

/** Labels and weights of rows, in their order. */
export function targetsOf(frame: Frame, rows: Rows): { labels: Uint8Array; weights: Float64Array } {
  return {
    labels: Uint8Array.from(rows, (i) => frame.labels[i]!),
    weights: Float64Array.from(rows, (i) => frame.weights[i]!),
  };
}

/** Log loss (natural logarithm) of rows, summed by their weights, with the sum of those. */
export interface SummedLoss {
  readonly loss: number;
  readonly weight: number;
}

/** Weighted sum of the log loss of the rows `from` to `to`. */
export function summedLogLoss(
  margins: Float64Array,
  labels: Uint8Array,
  weights: Float64Array,
  from: number,
  to: number,
): SummedLoss {
  let [loss, weight] = [0, 0];
  for (let k = from; k < to; k++) {
    const z = labels[k] === 1 ? -margins[k]! : margins[k]!;
    loss += weights[k]! * (Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))));
    weight += weights[k]!;
  }
  return { loss, weight };
}
