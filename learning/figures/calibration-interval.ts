import type { Ends, Replicates } from './bootstrap.ts';

/** Signed errors of the bins, and by how much each resample moves them. */
interface Bins {
  readonly errors: readonly number[];
  readonly moved: readonly Float64Array[];
}

/** Sums of absolute errors over the resamples, ascending, when the true errors are `scale` times those found. */
function sumsAt({ errors, moved }: Bins, scale: number): Float64Array {
  const sums = new Float64Array(moved[0]!.length);
  errors.forEach((error, bin) => moved[bin]!.forEach((by, r) => (sums[r]! += Math.abs(scale * error + by))));
  return sums.sort();
}

/** The scale, at least 0, at which the place among the sums holds the sum that was found; 0 when chance alone does. */
function scaleAt(bins: Bins, found: number, place: number): number {
  const reaches = (scale: number): boolean => sumsAt(bins, scale)[place]! >= found;
  let [low, high] = [0, 1];
  if (reaches(0)) return 0;
  while (!reaches(high)) high *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/**
 * Calibration error without what chance adds, and its 95 % interval. A sum of absolute errors is above 0 for perfect
 * scores too (Roelofs et al. 2022), and resampling adds the same once more, so that its percentiles lie too high. Here the
 * true errors of the bins are taken for a multiple of those found, and the multiples are kept for which the sum found lies
 * between the 2.5 % and 97.5 % points of the sums that chance, taken from the resamples, then gives (an inverted test,
 * Carpenter 1999); the value is the one whose median it is. Null without cases or resamples.
 */
export function calibrationBeyondChance(parts: readonly Replicates[]): { value: number; ends: Ends } | null {
  const bins: Bins = {
    errors: parts.map((bin) => bin.value),
    moved: parts.map(({ value, resampled }) => resampled.map((v) => v - value)),
  };
  const repeats = parts[0]?.resampled.length ?? 0;
  const found = bins.errors.reduce((sum, error) => sum + Math.abs(error), 0);
  if (repeats === 0 || Number.isNaN(found)) return null;
  const at = (place: number): number => found * scaleAt(bins, found, place);
  const low = at(Math.ceil(0.975 * repeats) - 1);
  return { value: at(Math.floor(0.5 * repeats)), ends: { low, high: at(Math.floor(0.025 * repeats)) } };
}
