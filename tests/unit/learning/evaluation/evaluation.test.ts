import { describe, expect, it } from 'vitest';
import {
  bootstrap,
  percentileInterval,
  rankedStatistics,
  ratioStatistics,
} from '../../../../learning/figures/bootstrap.ts';
import { groupingOf, singleGroups, type JudgedCases } from '../../../../learning/figures/cases.ts';
import { shareDifference, without } from '../../../../learning/figures/differences.ts';
import { evaluateScores, type EvaluateOptions } from '../../../../learning/evaluation/evaluate.ts';
import { defaultCosts, defaultSliceOptions } from '../../../../learning/evaluation/settings.ts';
import { meanInterval, shareInterval, shareOf, type Share } from '../../../../learning/figures/shares.ts';
import { figuresOf } from '../../../../learning/figures/figures.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import {
  auc,
  aucStandardError,
  averagePrecision,
  calibrationError,
  hypergeometricUpperTail,
  liftAt,
  logLoss,
} from '../../../../shared/metrics/index.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../../../support/reference-data.ts';
import { fc, test } from '../../property.ts';
import { saying } from '../../../support/saying.ts';

const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };

function judged(labels: ArrayLike<number>, groups?: ArrayLike<number>, weights?: ArrayLike<number>): JudgedCases {
  return {
    labels,
    weights: weights ?? new Float64Array(labels.length).fill(1),
    groups: groups ? groupingOf(groups) : singleGroups(labels.length),
  };
}

/** Invented cases whose scores are right on average. */
function invented(rows: number, seed = 1): { labels: Uint8Array; scores: Float64Array } {
  const random = createRandom(seed);
  const scores = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(-0.8 - 2 * random.normal())));
  return { labels: Uint8Array.from(scores, (p) => Number(random.chance(p))), scores };
}

const options: EvaluateOptions = {
  thresholds,
  costs: defaultCosts,
  firsts: [50],
  slicings: [],
  slices: defaultSliceOptions,
  seed: 1,
  repeats: 200,
};

function shareWith(hits: number, rows: number): Share {
  const labels = new Uint8Array(rows);
  const cases = judged(labels);
  return shareOf(
    cases,
    cases.groups.order,
    () => true,
    (i) => i < hits,
  );
}

describe('the mean over cases', () => {
  const cases = (groups: readonly number[]) => ({
    labels: groups.map(() => 1),
    weights: groups.map(() => 1),
    groups: groupingOf(groups),
  });

  it('has no interval where all of them are one case, or of one group: nothing shows how it varies', () => {
    expect(meanInterval(cases([7]), () => 0.3)).toEqual({ value: 0.3 });
    expect(meanInterval(cases([7, 7]), (i) => i)).toEqual({ value: 0.5 });
    expect(meanInterval(cases([7, 8]), (i) => i)).toMatchObject({ value: 0.5, low: 0, high: expect.any(Number) });
    expect(meanInterval(cases([]), () => 1)).toBeNull();
  });
});

describe('groups', () => {
  test(
    'are numbered from 0, with their cases side by side',
    [fc.array(fc.integer({ min: -3, max: 5 }), { maxLength: 30 })],
    (names) => {
      const { of, count, order } = groupingOf(names);
      expect(count).toBe(new Set(names).size);
      expect(Array.from(order).toSorted((a, b) => a - b)).toEqual(names.map((_, i) => i));
      const changes = Array.from(order).filter((i, at) => of[i] !== of[order[at - 1] ?? -1]);
      expect(changes).toHaveLength(count);
      names.forEach((name, i) => names.forEach((other, j) => expect(of[i] === of[j]).toBe(name === other)));
    },
  );
});

describe('shares', () => {
  it('have an exact interval for equal weights and single cases, else one by group', () => {
    expect(shareInterval(shareWith(3, 22))).toMatchObject({ method: 'exact', low: expect.closeTo(0.029055851, 8) });
    const labels = [1, 1, 1, 1];
    const twins = judged(labels, [7, 8, 7, 8]);
    const share = shareOf(
      twins,
      twins.groups.order,
      () => true,
      (i) => i === 0,
    );
    expect(share).toMatchObject({ rows: 4, hits: 1, hitGroups: 1, otherGroups: 2, squares: 8, binomial: false });
    // Four cases of two groups tell as much as two.
    expect(shareInterval(share)).toMatchObject({ method: 'wilson', value: 0.25 });
    const none = shareOf(
      twins,
      twins.groups.order,
      () => false,
      () => true,
    );
    expect(shareInterval(none)).toBeNull();
  });

  // Published: Newcombe 1998, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 10, 0.6075, 1],
    [0, 10, 0, 10, -0.2775, 0.2775],
  ])('difference of %d/%d and %d/%d', (a, n, b, m, low, high) => {
    const found = shareDifference(shareWith(a, n), shareWith(b, m), 0)!;
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
  });

  it('has a p-value against a margin that is 0.025 where the 95 % interval ends', () => {
    const parts = [
      [56, 70, 48, 80],
      [0, 10, 0, 10],
      [2, 200, 30, 900],
    ] as const;
    for (const [a, n, b, m] of parts) {
      const [part, rest] = [shareWith(a, n), shareWith(b, m)];
      const { high, low, difference } = shareDifference(part, rest, 0)!;
      const pOf = (margin: number): number => shareDifference(part, rest, margin)!.pMargin;
      expect(pOf(high)).toBeCloseTo(0.025, 6);
      expect(pOf(low)).toBeCloseTo(0.975, 6);
      expect(pOf(difference)).toBeCloseTo(0.5, 6);
      expect(pOf(high + 0.01)).toBeLessThan(0.025);
    }
  });

  // SciPy 1.10, hypergeom.sf.
  it.each([
    [3, 10, 20, 100, 0.3187799361823112],
    [8, 10, 20, 100, 2.378274964037914e-5],
    [1, 10, 20, 100, 0.9048837275692115],
    [40, 300, 500, 20000, 4.4691967426717015e-18],
    [5, 300, 500, 20000, 0.8730543721439818],
    [0, 5, 5, 10, 1],
    [6, 5, 8, 10, 0],
    [300, 2000, 1500, 16281, 2.3916696612759985e-19],
  ])('chance of %d or more hits in %d drawn, %d of %d marked', (hits, drawn, marked, total, wanted) => {
    expect(Math.abs(hypergeometricUpperTail(hits, drawn, marked, total) - wanted)).toBeLessThanOrEqual(1e-7 * wanted);
  });

  it('test binomial hits exactly, and others by their effective number', () => {
    const [part, all] = [shareWith(8, 10), shareWith(20, 100)];
    expect(shareDifference(part, without(all, part), 0)!.p).toBeCloseTo(2.378274964037914e-5, 12);
    const inexact = { ...part, binomial: false };
    // Score test of 8/10 against 12/90, pooled 0.2: z = 5, one-sided.
    expect(shareDifference(inexact, without(all, part), 0)!.p).toBeCloseTo(2.866515718791933e-7, 15);
    expect(shareDifference(shareWith(0, 0), part, 0)).toBeNull();
  });
});

describe('resampling', () => {
  const draw = fc.integer({ min: 0, max: 3 });
  const rows = fc.array(
    fc.record({
      label: fc.constantFrom(0, 1),
      score: fc.integer({ min: 0, max: 10 }).map((k) => k / 10),
      weight: fc.constantFrom(0.5, 1, 2),
      group: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 1, maxLength: 25 },
  );

  test(
    'gives the figures of the cases that were drawn',
    [rows, fc.array(draw, { minLength: 6, maxLength: 6 })],
    (list, times) => {
      const of = <K extends keyof (typeof list)[number]>(name: K) => list.map((r) => r[name]);
      const cases = judged(of('label'), of('group'), of('weight'));
      const draws = Int32Array.from({ length: cases.groups.count }, (_, g) => times[g]!);
      const drawn = list.flatMap((r, i) => Array.from({ length: draws[cases.groups.of[i]!]! }, () => r));
      const data = {
        labels: drawn.map((r) => r.label),
        scores: drawn.map((r) => r.score),
        weights: drawn.map((r) => r.weight),
      };
      const ranked = rankedStatistics(cases, of('score'), { tenth: { share: 0.1 }, three: { cases: 3 } });
      const ratios = ratioStatistics(cases, {
        log_loss: { part: (i) => logLoss({ labels: [list[i]!.label], scores: [list[i]!.score] }), whole: () => 1 },
      });
      const total = data.weights.reduce((a, b) => a + b, 0);
      const wanted = [
        auc(data),
        averagePrecision(data),
        calibrationError(data),
        liftAt(data, total / 10).lift,
        liftAt(data, 3).lift,
        logLoss(data),
      ];
      const values = Array.from(ranked.of(draws));
      // The bins come last; their absolute values make up the calibration error.
      const bins = values.splice(ranked.names.indexOf('calibration_bin_0'));
      const error = bins.reduce((sum, bin) => sum + Math.abs(bin), 0);
      if (drawn.length > 0) expect(error).toBeCloseTo(calibrationError(data), 9);
      [...values, ...Array.from(ratios.of(draws))].forEach((value, at) => {
        if (Number.isNaN(wanted[at])) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(wanted[at]!, 9);
      });
    },
  );

  it('follows from the seed, draws whole groups, and stops when asked to', () => {
    const { labels, scores } = invented(200);
    const cases = judged(labels, labels.map((_, i) => i >> 1) as unknown as number[]);
    const run = (seed: number) => bootstrap(100, [rankedStatistics(cases, scores)], { seed, repeats: 20 });
    expect(run(3)).toEqual(run(3));
    expect(run(3)['auc']!.resampled).not.toEqual(run(4)['auc']!.resampled);
    const drawn: number[] = [];
    const counter = { names: ['drawn'], of: (draws: Int32Array) => [drawn.push(draws.reduce((a, b) => a + b, 0))] };
    bootstrap(100, [counter], { seed: 1, repeats: 5 });
    expect(drawn).toEqual([100, 100, 100, 100, 100, 100]);
    let asked = 0;
    const cancelled = (): boolean => ++asked > 3;
    expect(() => bootstrap(100, [counter], { seed: 1, repeats: 50, cancelled })).toThrow(saying('cancelled'));
  });

  it('gives percentiles, and nothing when most resamples have no value', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
    expect(percentileInterval(values)).toEqual({ low: 0.025, high: 0.974 });
    expect(percentileInterval(Float64Array.of(NaN, NaN, 1))).toBeNull();
    expect(percentileInterval(new Float64Array(0))).toBeNull();
  });

  it('makes intervals wider when cases come in twins', () => {
    const { labels, scores } = invented(600);
    const twice = <T extends Uint8Array | Float64Array>(values: T): number[] => [...values, ...values];
    const twins = judged(
      twice(labels),
      twice(labels.map((_, i) => i) as Uint8Array).map((_, i) => i % 600),
    );
    const width = (cases: JudgedCases, own: ArrayLike<number>): number => {
      const { auc: found } = evaluateScores(cases, own, options).figures;
      return found!.high! - found!.low!;
    };
    const [alone, together] = [width(judged(labels), scores), width(twins, twice(scores))];
    expect(together / alone).toBeCloseTo(1, 1);
    const unaware = width(judged(twice(labels)), twice(scores));
    expect(unaware / alone).toBeLessThan(0.85);
  });
});

describe('evaluation', () => {
  it('gives every figure with an interval around it, and says how it was made', () => {
    const { labels, scores } = invented(2000);
    const found = evaluateScores(judged(labels), scores, options);
    expect(found.figures).toMatchObject({
      recall: { method: 'exact', n: found.scams },
      missed: { method: 'exact' },
      wrong_accusation: { method: 'exact', n: found.genuine },
      unclear: { method: 'exact', n: 2000 },
      auc: { value: auc({ labels, scores }), method: 'bootstrap' },
      average_precision: { method: 'bootstrap' },
      log_loss: { method: 'bootstrap' },
      brier: { method: 'bootstrap' },
      calibration_error: { method: null, low: null, high: null },
      calibration_error_beyond_chance: { method: 'bootstrap' },
      mean_cost: { method: 'bootstrap' },
      lift_first_tenth: { method: 'bootstrap' },
      lift_first_50: { method: 'bootstrap' },
    });
    for (const [name, { value, low, high }] of Object.entries(found.figures)) {
      if (name === 'calibration_error') continue;
      expect(low, name).toBeLessThanOrEqual(value);
      expect(high, name).toBeGreaterThanOrEqual(value);
    }
    const interval = found.figures['auc']!;
    const error = aucStandardError({ labels, scores });
    expect((interval.high! - interval.low!) / (2 * 1.96 * error)).toBeCloseTo(1, 0);
    expect(found.queue).toEqual([liftAt({ labels, scores }, 50)]);
    expect(found.curves.roc.at(-1)).toMatchObject({ genuine: 1, scams: 1 });
  });

  it('agrees with the figures a manifest carries', () => {
    const { labels, scores } = invented(500);
    const weights = labels.map((_, i) => 1 + (i % 3));
    const groups = Array.from(labels, (_, i) => Math.floor(i / 2));
    const { figures } = evaluateScores(judged(labels, groups, weights), scores, options);
    for (const [name, figure] of Object.entries(figuresOf({ labels, scores, weights, groups }, thresholds))) {
      expect(figures[name]!.value, name).toBeCloseTo(figure.value, 10);
      expect(figures[name]!.n).toBe(figure.n);
    }
  });

  it('resamples a share only where enough groups have hits', () => {
    const labels = Array.from({ length: 400 }, (_, i) => i % 2);
    const groups = labels.map((_, i) => i >> 2);
    const scores = labels.map((label, i) => (label === 0 ? 0.1 : i < 12 ? 0.2 : 0.9));
    const { missed, wrong_accusation: accused } = evaluateScores(judged(labels, groups), scores, options).figures;
    expect(missed).toMatchObject({ value: 0.03, method: 'wilson' });
    expect(accused).toMatchObject({ value: 0, low: 0, method: 'wilson' });
    expect(accused!.high).toBeGreaterThan(0.01);
    const more = labels.map((label, i) => (label === 0 ? 0.1 : i < 80 ? 0.2 : 0.9));
    expect(evaluateScores(judged(labels, groups), more, options).figures['missed']!.method).toBe('bootstrap');
  });

  it('says nothing where there is nothing to say', () => {
    const none = evaluateScores(judged([]), [], options);
    expect(none).toMatchObject({
      rows: 0,
      figures: {},
      queue: [],
      baseRate: null,
      slices: { comparisons: 0, slices: [] },
    });
    const scamsOnly = evaluateScores(judged([1, 1]), [0.9, 0.2], options).figures;
    expect(scamsOnly['auc']).toBeUndefined();
    expect(scamsOnly['wrong_accusation']).toBeUndefined();
    expect(scamsOnly['recall']).toMatchObject({ value: 0.5, method: 'exact' });
  });
});

describe.runIf(hasReferenceData('bootstrap against the reference'))('against the reference', () => {
  it.each(['adult', 'ftc_dnc_2020'])('resampling %s gives the standard errors of its reference', (set) => {
    const part = referenceRows(set, 'predictions').filter((row) => row['split'] === 'S');
    const labels = Uint8Array.from(part, (row) => Number(row['y']));
    const cases = judged(labels);
    for (const name of ['lr', 'xgb']) {
      const scores = Float64Array.from(part, (row) => Number(row[`p_${name}`]));
      const statistics = [
        rankedStatistics(cases, scores),
        ratioStatistics(cases, {
          log_loss: { part: (i) => logLoss({ labels: [labels[i]!], scores: [scores[i]!] }), whole: () => 1 },
        }),
      ];
      const found = bootstrap(labels.length, statistics, { seed: 1, repeats: 200 });
      const reference = referenceFigures(set)['split_S'].bootstrap_se_200_seed0[name];
      const error = (of: string): number => {
        const values = found[of]!.resampled;
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
      };
      // Two standard errors from 200 resamples each differ by 7 % as a rule.
      expect(Math.abs(error('auc') / reference.auc - 1)).toBeLessThan(0.25);
      expect(Math.abs(error('log_loss') / reference.logloss - 1)).toBeLessThan(0.25);
    }
  });
});
