import { pairedDifference } from '../metrics/paired.ts';
import { seededRandom } from '../metrics/random.ts';

/** What a case is drawn as in a resample: index into the rows. */
export type Draw = readonly number[];

/** Rows with the same `incident` are drawn together. */
interface Resampled {
  readonly weight: number;
  readonly incident: string;
}

/**
 * 95 % percentile interval of a statistic by resampling incidents with replacement (Efron & Tibshirani 1993, ch. 13);
 * twins of one incident stay together. Null when the statistic has no value in most resamples.
 */
export function bootstrapInterval(
  rows: readonly Resampled[],
  statistic: (draw: Draw) => number | null,
  seed: string,
  repeats = 400,
): { low: number; high: number } | null {
  const byIncident = new Map<string, number[]>();
  rows.forEach((row, i) => byIncident.set(row.incident, [...(byIncident.get(row.incident) ?? []), i]));
  const groups = [...byIncident.values()];
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < repeats && groups.length > 0; i += 1) {
    const value = statistic(groups.flatMap(() => groups[Math.floor(random() * groups.length)]!));
    if (value !== null) values.push(value);
  }
  if (values.length < repeats / 2) return null;
  values.sort((a, b) => a - b);
  return { low: values[Math.floor(0.025 * values.length)]!, high: values[Math.ceil(0.975 * values.length) - 1]! };
}

/** Equally weighted, independent cases that tell as much as weighted rows, those of one incident as one (Kish 1965). */
function effectiveIncidents(rows: readonly Resampled[]): number {
  const weights = new Map<string, number>();
  for (const { incident, weight } of rows) weights.set(incident, (weights.get(incident) ?? 0) + weight);
  const [sum, squares] = [...weights.values()].reduce<[number, number]>(([s, q], w) => [s + w, q + w * w], [0, 0]);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** A case that two models judged, and whether each was wrong about it. */
interface PairedRow extends Resampled {
  readonly candidate: boolean;
  readonly champion: boolean;
}

/**
 * Upper end of the 95 % interval of how much larger the candidate's share of wrong rows is, by `pairedDifference`. A
 * resample holds nothing that was not seen: where few verdicts differ, its percentiles are too narrow, and have no width
 * where none does.
 */
export function pairedUpperEnd(rows: readonly PairedRow[]): number {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const shareOf = (candidate: boolean, champion: boolean): number =>
    rows.reduce((s, row) => (row.candidate === candidate && row.champion === champion ? s + row.weight : s), 0) / total;
  const shares = {
    both: shareOf(true, true),
    first: shareOf(true, false),
    second: shareOf(false, true),
    neither: shareOf(false, false),
  };
  return pairedDifference(shares, effectiveIncidents(rows)).high;
}
