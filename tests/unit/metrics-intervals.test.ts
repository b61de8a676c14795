import { describe, expect, it } from 'vitest';
import {
  auc,
  averagePrecision,
  bootstrap,
  calibrationError,
  differenceInterval,
  groupsOf,
  holm,
  largerShareP,
  liftAt,
  logLoss,
  normalUpperTail,
  resampledCalibration,
  resampledRanks,
  resampledRatio,
  wilson,
  type Scored,
} from '../../shared/metrics/index.ts';
import { seededRandom } from '../../shared/metrics/random.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../support/reference-data.ts';
import { fc, test } from './property.ts';

describe('difference of two shares', () => {
  // Table II of Newcombe 1998 (Statistics in Medicine 17:873-890), method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 20, 0.6791, 1],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
  ])('of %d/%d and %d/%d has the interval of Newcombe', (a, m, b, n, low, high) => {
    const found = differenceInterval({ value: a / m, trials: m }, { value: b / n, trials: n });
    expect(found.value).toBeCloseTo(a / m - b / n, 12);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('says nothing without cases on a side', () => {
    expect(differenceInterval({ value: NaN, trials: 0 }, { value: 0.5, trials: 10 })).toEqual({
      value: NaN,
      low: -1,
      high: 1,
    });
  });

  it('is tested with the pooled share, and nothing is shown by two shares of 0', () => {
    // z = 2.667 for 56/70 against 48/80: (0.8 - 0.6) / sqrt(0.6933 * 0.3067 * (1/70 + 1/80)).
    const z = 0.2 / Math.sqrt((104 / 150) * (46 / 150) * (1 / 70 + 1 / 80));
    expect(largerShareP({ value: 0.8, trials: 70 }, { value: 0.6, trials: 80 })).toBeCloseTo(normalUpperTail(z), 12);
    expect(largerShareP({ value: 0, trials: 70 }, { value: 0, trials: 80 })).toBe(1);
    expect(largerShareP({ value: NaN, trials: 0 }, { value: 0.2, trials: 80 })).toBe(1);
    expect(normalUpperTail(1.959963984540054)).toBeCloseTo(0.025, 12);
    expect(normalUpperTail(-1.959963984540054)).toBeCloseTo(0.975, 12);
  });
});

describe('Holm', () => {
  it('adjusts as R does', () => {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(6)))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

/** The cases of a resample written out one by one. */
function drawnCases(data: Required<Scored>, groups: number[], drawn: ArrayLike<number>): Required<Scored> {
  const rows = groups.flatMap((group, i) => Array.from({ length: drawn[group]! }, () => i));
  const pick = (values: ArrayLike<number>): number[] => rows.map((i) => values[i]!);
  return { labels: pick(data.labels), scores: pick(data.scores), weights: pick(data.weights) };
}

const caseOf = fc.record({
  label: fc.constantFrom(0, 1),
  score: fc.integer({ min: 0, max: 8 }).map((k) => k / 8),
  weight: fc.constantFrom(0.5, 1, 3),
  group: fc.integer({ min: 0, max: 5 }),
  times: fc.integer({ min: 0, max: 3 }),
});

describe('bootstrap', () => {
  test(
    'gives the figures of the cases that were drawn',
    [fc.array(caseOf, { minLength: 1, maxLength: 25 })],
    (rows) => {
      const data = {
        labels: rows.map((r) => r.label),
        scores: rows.map((r) => r.score),
        weights: rows.map((r) => r.weight),
      };
      const groups = groupsOf(rows.map((r) => r.group));
      const drawn = Float64Array.from({ length: groups.count }, (_, i) => rows[i]!.times);
      const cases = drawnCases(data, [...groups.of], drawn);
      const total = cases.weights as number[];
      const share = 0.3 * total.reduce((a, b) => a + b, 0);
      const ranks = resampledRanks(data, groups, 0.3);
      const near = (a: number, b: number): void => {
        if (Number.isNaN(b)) expect(a).toBeNaN();
        else expect(a).toBeCloseTo(b, 9);
      };
      near(ranks.auc(drawn), auc(cases));
      near(ranks.averagePrecision(drawn), averagePrecision(cases));
      near(ranks.lift(drawn), liftAt(cases, share).lift);
      near(resampledCalibration(data, groups)(drawn), calibrationError(cases));
      const losses = data.scores.map((score, i) => logLoss({ labels: [data.labels[i]!], scores: [score] }));
      const terms = losses.map((loss, i) => loss * data.weights[i]!);
      near(resampledRatio(terms, data.weights, groups)(drawn) / 1e3, logLoss(cases) / 1e3);
    },
  );

  it('draws whole groups: twins widen an interval as if there were half as many cases', () => {
    const singles = Array.from({ length: 400 }, (_, i) => Number(i % 5 === 0));
    const options = { repeats: 2000, random: seededRandom('width') };
    const width = (hits: number[], group: (i: number) => number): number => {
      const groups = groupsOf(hits.map((_, i) => group(i)));
      const figure = resampledRatio(
        hits,
        hits.map(() => 1),
        groups,
      );
      const { low, high } = bootstrap({ figure }, groups.count, options).figure!;
      return high - low;
    };
    const alone = width(singles, (i) => i);
    const { low, high } = wilson(0.2, 400);
    expect(Math.abs(alone / (high - low) - 1)).toBeLessThan(0.1);
    const twins = singles.flatMap((hit) => [hit, hit]);
    expect(Math.abs(width(twins, (i) => Math.floor(i / 2)) / alone - 1)).toBeLessThan(0.1);
    expect(width(twins, (i) => i)).toBeLessThan(0.8 * alone);
  });

  it('gives the same interval for the same seed, none without cases, and stops when asked', () => {
    const groups = groupsOf([0, 1, 2, 3, 4, 5, 6, 7]);
    const figure = resampledRatio([1, 0, 0, 1, 0, 1, 0, 0], Array<number>(8).fill(1), groups);
    const run = (seed: string) => bootstrap({ figure }, groups.count, { repeats: 50, random: seededRandom(seed) });
    expect(run('a')).toEqual(run('a'));
    expect(run('a').figure!.low).toBeLessThan(0.375);
    expect(bootstrap({ figure }, 0, { repeats: 50, random: seededRandom('a') })).toEqual({ figure: null });
    const stop = { repeats: 50, random: seededRandom('a'), cancelled: () => true };
    expect(() => bootstrap({ figure }, 8, stop)).toThrow('Cancelled');
  });

  it('gives no interval for a figure most resamples have no value of', () => {
    const groups = groupsOf([0, 1]);
    const ranks = resampledRanks({ labels: [1, 1], scores: [0.3, 0.4] }, groups, 0.5);
    expect(bootstrap(ranks, 2, { repeats: 20, random: seededRandom('a') }).auc).toBeNull();
  });
});

describe.runIf(hasReferenceData('bootstrap against the reference'))('bootstrap on the reference sets', () => {
  it.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s: is as wide as the standard errors given there', (set) => {
    const part = referenceRows(set, 'predictions').filter((row) => row['split'] === 'S');
    const data = { labels: part.map((r) => Number(r['y'])), scores: part.map((r) => Number(r['p_lr'])) };
    const groups = groupsOf(part.map((_, i) => i));
    const losses = data.scores.map((score, i) => logLoss({ labels: [data.labels[i]!], scores: [score] }));
    const figures = {
      auc: resampledRanks(data, groups, 0.1).auc,
      logLoss: resampledRatio(
        losses,
        losses.map(() => 1),
        groups,
      ),
    };
    const found = bootstrap(figures, groups.count, { repeats: 400, random: seededRandom(set) });
    const wanted = referenceFigures(set)['split_S'].bootstrap_se_200_seed0.lr;
    for (const [figure, error] of [
      [found.auc!, wanted.auc],
      [found.logLoss!, wanted.logloss],
    ] as const) {
      expect(Math.abs((figure.high - figure.low) / (2 * 1.96 * error) - 1)).toBeLessThan(0.25);
    }
  });
});
