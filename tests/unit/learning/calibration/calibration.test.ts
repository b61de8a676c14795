import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  chooseCalibrator,
  receivedRate,
  reweighted,
  shifted,
  shiftedProbability,
  shiftMargin,
} from '../../../../learning/calibration/index.ts';
import type { CalibrationSample } from '../../../../learning/calibration/calibration-sample.ts';
import type { CalibrationTask } from '../../../../learning/calibration/calibration-selection.ts';
import { fitIsotonic, maxBlocks, pooled } from '../../../../learning/calibration/isotonic.ts';
import { fitPlatt, plattCalibrator } from '../../../../learning/calibration/platt.ts';
import { uncalibrated, type Calibrator } from '../../../../learning/calibration/calibrator.ts';
import { sigmoid } from '../../../../learning/trainers/logistic/newton.ts';
import type { GraphParts } from '../../../../learning/onnx/parts.ts';
import { writeModel } from '../../../../learning/onnx/write.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { logLoss } from '../../../../shared/metrics/index.ts';
import { checkGraph } from '../../../../shared/encoding/onnx/index.ts';
import { test } from '../../property.ts';

const logit = (p: number): number => Math.log(p / (1 - p));

/** Margins by a graph that holds nothing but the calibrator. */
async function throughGraph(calibrator: Calibrator, margins: readonly number[]): Promise<number[]> {
  const parts: GraphParts = { nodes: [], constants: [] };
  const output = calibrator.addTo(parts, 'margin');
  const bytes = writeModel({
    name: 'calibrator',
    producer: 'outpost',
    inputs: [{ name: 'margin', type: 'double', width: 1 }],
    outputs: [{ name: output, type: 'double', width: 1 }],
    ...parts,
  });
  checkGraph(bytes);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = { margin: new Tensor('float64', Float64Array.from(margins), [margins.length, 1]) };
  const found = (await session.run(feeds))[output]!;
  expect(found.dims).toEqual([margins.length, 1]);
  await session.release();
  return Array.from(found.data as Float64Array);
}

// Sixteen cases with ties, on which scikit-learn 1.2.1 gave the expectations below.
const few: CalibrationSample = {
  margins: [-3.2, -2.5, -2.5, -1.9, -1.1, -0.7, -0.2, 0.1, 0.4, 0.4, 0.9, 1.3, 1.8, 2.6, 3.1, 4],
  labels: [0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1],
  weights: Array.from({ length: 16 }, () => 1),
};
const fewWeighted = { ...few, weights: [1, 2, 1, 1, 3, 1, 1, 1, 2, 1, 1, 1, 4, 1, 1, 2] };

/** Cases of a model whose log odds are true ones, stretched and moved. */
function simulated(count: number, seed: number, stretch = 1, move = 0): CalibrationTask & { readonly truth: number[] } {
  const random = createRandom(seed);
  const truth = Array.from({ length: count }, () => 1 + 1.5 * random.normal());
  return {
    truth,
    margins: Float64Array.from(truth, (t) => stretch * t + move),
    labels: truth.map((t) => Number(random.chance(sigmoid(t)))),
    weights: truth.map(() => 1),
    groups: Int32Array.from(truth.keys()),
    seed,
    kinds: ['none', 'platt', 'isotonic'],
  };
}

const anySample = fc
  .array(
    fc.record({
      margin: fc.oneof(
        { weight: 6, arbitrary: fc.double({ min: -8, max: 8, noNaN: true }) },
        { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
        { weight: 1, arbitrary: fc.constantFrom(-1e300, -1e12, 1e12, 1e300, 5e-324, Infinity, -Infinity, NaN) },
      ),
      label: fc.constantFrom(0, 1),
      weight: fc.constantFrom(0, 0.001, 1, 1, 1, 2, 20, 1e4),
    }),
    { maxLength: 80 },
  )
  .map((rows) => ({
    margins: rows.map((r) => r.margin),
    labels: rows.map((r) => r.label),
    weights: rows.map((r) => r.weight),
  }));

const fits = { platt: fitPlatt, isotonic: fitIsotonic };
const kinds = ['platt', 'isotonic'] as const;

describe('Platt calibration', () => {
  // Newton's method in NumPy on the smoothed targets; scikit-learn's _sigmoid_calibration (BFGS) agrees to 1e-5 on the
  // unweighted ones, where it smooths by the same counts.
  it.each([
    ['equal weights', few, 0.470083680236709, 0.22398580135271154],
    ['other weights', fewWeighted, 0.5497322108913625, 0.01135528538324932],
    [
      'classes that lie apart',
      { margins: [-2, -1, 1, 2], labels: [0, 0, 1, 1], weights: [1, 1, 1, 1] },
      0.67399639398392319,
      0,
    ],
  ])('finds slope and intercept for %s', (_, sample, slope, intercept) => {
    const { kind, summary, probability } = fitPlatt(sample);
    expect(kind).toBe('platt');
    expect(summary['slope']).toBeCloseTo(slope, 12);
    expect(summary['intercept']).toBeCloseTo(intercept, 12);
    expect(probability(0.7)).toBeCloseTo(sigmoid(slope * 0.7 + intercept), 12);
  });

  it.each([
    [1 + 4e-9, 0],
    [1, 4e-9],
  ])('is in the graph as it is with a slope of %d and an intercept of %d', async (slope, intercept) => {
    const margins = [-1.5, 0, 1.5];
    const graph = await throughGraph(plattCalibrator({ slope, intercept }), margins);
    graph.forEach((p, i) => expect(Math.abs(p - sigmoid(slope * margins[i]! + intercept))).toBeLessThan(1e-15));
  });

  it('leaves margins alone that would be turned around, that do not differ, or that are not there', () => {
    expect(fitPlatt({ ...few, labels: Array.from(few.labels, (y) => 1 - y) })).toBe(uncalibrated);
    const same = [0.3, 0.3 + 1e-17, 0.3 + 1e-16, 0.3];
    expect(fitPlatt({ margins: same, labels: [0, 1, 0, 1], weights: [1, 1, 1, 1] })).toBe(uncalibrated);
    expect(fitPlatt({ margins: [], labels: [], weights: [] })).toBe(uncalibrated);
    expect(fitPlatt({ margins: [NaN, NaN], labels: [0, 1], weights: [1, 1] })).toBe(uncalibrated);
  });

  it('recovers how margins were stretched and moved', () => {
    const { summary } = fitPlatt(simulated(20_000, 4, 2, -1));
    // Standard errors of slope and intercept at this size are about 0.012 and 0.03.
    expect(summary['slope']).toBeCloseTo(0.5, 1);
    expect(Math.abs(summary['intercept']! - 0.5)).toBeLessThan(0.1);
  });
});

describe('isotonic calibration', () => {
  // IsotonicRegression of scikit-learn 1.2.1: thresholds of X with the value from there on.
  it.each([
    ['equal weights', few, [0, 0.25, 0.5, 0.6, 1]],
    ['other weights', fewWeighted, [0, 1 / 7, 0.5, 1]],
  ])('pools as scikit-learn does with %s', (_, sample, shares) => {
    const found = pooled(sample).map((b) => b.scams / b.weight);
    expect(found).toHaveLength(shares.length);
    found.forEach((share, i) => expect(share).toBeCloseTo(shares[i]!, 14));
  });

  // The same with two scams and two genuine cases of weight 1 (2 with weights: sum w^2 / sum w) added at the two ends.
  it.each([
    ['equal weights', few, [2 / 7, 0.5, 0.6, 5 / 6]],
    ['other weights', fewWeighted, [0.25, 0.5, 5 / 6]],
  ])('meets the shares of its blocks at their centres, with the rule of succession, with %s', (_, sample, shares) => {
    const calibrator = fitIsotonic(sample);
    expect(calibrator.summary['blocks']).toBe(shares.length);
    const centre = (from: number, to: number): number => {
      const inside = Array.from(sample.margins, (m, i) => ({ m, w: sample.weights[i]! })).filter(
        ({ m }) => m >= from && m <= to,
      );
      return inside.reduce((sum, { m, w }) => sum + w * m, 0) / inside.reduce((sum, { w }) => sum + w, 0);
    };
    expect(calibrator.probability(centre(-3.2, -1.1))).toBeCloseTo(shares[0]!, 13);
    expect(calibrator.probability(centre(1.8, 4))).toBeCloseTo(shares.at(-1)!, 13);
  });

  it('leaves margins alone that are calibrated, but for chance', () => {
    const calibrator = fitIsotonic(simulated(50_000, 7));
    for (const margin of [-2, -1, 0, 1, 2, 3])
      expect(Math.abs(logit(calibrator.probability(margin)) - margin)).toBeLessThan(0.25);
  });

  it('keeps the order of cases inside a block and makes no ties between the outermost margins seen', () => {
    const task = simulated(3000, 9);
    const calibrator = fitIsotonic(task);
    const sorted = Array.from(task.margins).toSorted((a, b) => a - b);
    const scores = sorted.map((m) => calibrator.probability(m));
    expect(new Set(scores).size).toBe(new Set(sorted).size);
    expect(calibrator.probability(1e9)).toBe(scores.at(-1));
    expect(calibrator.probability(-1e9)).toBe(scores[0]);
  });

  it('keeps few blocks and loses little likelihood by it', () => {
    const random = createRandom(3);
    // Shares that rise in two thousand steps: nothing there is to pool.
    const steps = Array.from({ length: 2000 }, (_, i) => i / 2000);
    const sample = {
      margins: steps.flatMap((s) => [s, s]),
      labels: steps.flatMap(() => [0, 1]),
      weights: steps.flatMap((s) => [1 - 0.9 * s, 0.05 + s + 1e-6 * random.next()]),
    };
    const calibrator = fitIsotonic(sample);
    expect(pooled(sample).length).toBeGreaterThan(1000);
    expect(calibrator.summary['blocks']).toBe(maxBlocks);
    for (const s of [0.05, 0.3, 0.5, 0.8]) {
      expect(calibrator.probability(s)).toBeCloseTo((0.05 + s) / (1.05 + 0.1 * s), 2);
    }
  });

  it('leaves margins alone that rank nothing', () => {
    expect(fitIsotonic({ ...few, labels: Array.from(few.labels, (y) => 1 - y) })).toBe(uncalibrated);
    expect(fitIsotonic({ margins: [1, 1, 1], labels: [0, 1, 1], weights: [1, 1, 1] })).toBe(uncalibrated);
    expect(fitIsotonic({ margins: [], labels: [], weights: [] })).toBe(uncalibrated);
    expect(pooled({ margins: [], labels: [], weights: [] })).toEqual([]);
  });
});

describe.each(kinds)('any %s calibrator', (kind) => {
  test(
    'never falls, stays inside 0 and 1, and is the same in the graph',
    [anySample, fc.double({ min: -6, max: 6, noNaN: true })],
    async (sample, shift) => {
      for (const calibrator of [fits[kind](sample), shifted(fits[kind](sample), shift)]) {
        const seen = sample.margins.filter((m) => !Number.isNaN(m));
        const near = seen.flatMap((m) => [m, m, m + 1e-9, m - 1e-9, m * (1 + 1e-15)]);
        const margins = [...near, -Infinity, -1e308, -800, -40, -1, 0, 0, 1, 40, 800, 1e308, Infinity];
        margins.sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
        const scores = margins.map((m) => calibrator.probability(m));
        scores.forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(i === 0 ? 0 : scores[i - 1]!);
          expect(p).toBeLessThanOrEqual(1);
        });
        if (calibrator.kind === 'isotonic') expect(scores[0]! > 0 && scores.at(-1)! < 1).toBe(true);
        const graph = await throughGraph(calibrator, margins);
        graph.forEach((p, i) => expect(Math.abs(p - scores[i]!)).toBeLessThan(1e-9));
      }
    },
    60,
  );

  test('depends neither on the order of rows nor on the scale of weights', [anySample, fc.nat()], (sample, seed) => {
    const random = createRandom(seed);
    const order = sample.margins.map((_, i) => ({ i, key: random.next() })).toSorted((a, b) => a.key - b.key);
    const pick = (list: readonly number[]): number[] => order.map(({ i }) => list[i]!);
    const other = fits[kind]({
      margins: pick(sample.margins),
      labels: pick(sample.labels),
      weights: pick(sample.weights).map((w) => 8 * w),
    });
    const one = fits[kind](sample);
    expect(other.kind).toBe(one.kind);
    for (const m of [-5, -1, 0, 0.5, 3]) expect(other.probability(m)).toBeCloseTo(one.probability(m), 7);
  });
});

describe('the choice of a calibrator', () => {
  it('leaves calibrated margins alone', () => {
    const { calibrator, logLoss: losses, unseen } = chooseCalibrator(simulated(3000, 21));
    expect(calibrator).toBe(uncalibrated);
    expect(Object.keys(losses)).toEqual(['none', 'platt', 'isotonic']);
    expect(unseen[5]).toBe(sigmoid(simulated(3000, 21).margins[5]!));
  });

  it('takes Platt for margins that are stretched', () => {
    const task = simulated(3000, 22, 2.5, 1);
    const { calibrator, logLoss: losses, unseen } = chooseCalibrator(task);
    expect(calibrator.kind).toBe('platt');
    expect(losses.platt).toBeLessThan(losses.none!);
    expect(losses.platt).toBeCloseTo(logLoss({ labels: task.labels, scores: unseen }), 12);
  });

  it('takes isotonic for margins that no straight line sets right', () => {
    const task = simulated(6000, 23);
    const bent = task.margins.map((m) => (m < 0 ? 6 * m : m > 1.5 ? 1.5 + 5 * (m - 1.5) : 0.05 * m));
    expect(chooseCalibrator({ ...task, margins: bent }).calibrator.kind).toBe('isotonic');
  });

  it('tries a kind only with groups enough of both classes, not with rows enough', () => {
    const task = simulated(3000, 24, 3);
    const few15 = chooseCalibrator({ ...task, groups: Int32Array.from(task.margins, (_, i) => i % 15) });
    expect(Object.keys(few15.logLoss)).toEqual(['none', 'platt']);
    const few9 = chooseCalibrator({
      ...task,
      kinds: ['platt'],
      groups: Int32Array.from(task.margins, (_, i) => i % 9),
    });
    expect(few9.calibrator).toBe(uncalibrated);
    expect(few9.logLoss).toEqual({});
  });

  it('scores a row by a calibrator that has not seen its group', () => {
    const task = simulated(400, 25, 2);
    const twins = { ...task, groups: Int32Array.from(task.margins, (_, i) => i >> 1), kinds: ['isotonic'] as const };
    const before = chooseCalibrator(twins).unseen;
    // However much row 7 weighs, it says nothing about its own score, nor about that of its twin, row 6.
    const after = chooseCalibrator({
      ...twins,
      weights: Float64Array.from(task.weights, (w, i) => (i === 7 ? 50 : w)),
    }).unseen;
    expect([after[6], after[7]]).toEqual([before[6], before[7]]);
    expect(after).not.toEqual(before);
  });

  it('leaves out rows without a margin or weight, and calibrates nothing without rows', () => {
    const task = simulated(500, 26, 2);
    const margins = task.margins.map((m, i) => (i % 5 === 0 ? NaN : m));
    const { unseen, calibrator } = chooseCalibrator({ ...task, margins });
    expect(calibrator.kind).toBe('platt');
    unseen.forEach((p, i) => expect(Number.isNaN(p)).toBe(i % 5 === 0));
    const none = chooseCalibrator({
      margins: new Float64Array(0),
      labels: [],
      weights: [],
      groups: new Int32Array(0),
      seed: 1,
      kinds: ['platt'],
    });
    expect(none).toEqual({ calibrator: uncalibrated, logLoss: {}, unseen: new Float64Array(0) });
  });

  it('is the same for the same task', () => {
    const task = simulated(1000, 27, 2);
    const [a, b] = [chooseCalibrator(task), chooseCalibrator(task)];
    expect(a.calibrator.summary).toEqual(b.calibrator.summary);
    expect(a.unseen).toEqual(b.unseen);
  });
});

describe('the share of scams among received cases', () => {
  it('is the exact binomial one for equal weights', () => {
    // Interval by Clopper and Pearson of 3 in 22, as SciPy gives it.
    const labels = Array.from({ length: 22 }, (_, i) => Number(i < 3));
    const found = receivedRate(
      labels,
      labels.map(() => 7),
    );
    expect(found.value).toBeCloseTo(3 / 22, 14);
    expect(found.low).toBeCloseTo(0.029055851128746688, 10);
    expect(found.effective).toBe(22);
  });

  it('weighs cases by how many they stand for', () => {
    expect(receivedRate([1, 1, 0], [1, 1, 10]).value).toBeCloseTo(2 / 12, 14);
  });

  it('counts as many cases as the weights leave, fewer still where the heavy ones are the unlike ones', () => {
    // Kish's number where all labels are equal: 12^2 / 102.
    expect(receivedRate([1, 1, 1], [1, 1, 10]).effective).toBeCloseTo(144 / 102, 14);
    // Ratio r = 0.75: r (1 - r) (sum w)^2 / sum (w (y - r))^2 = 0.1875 * 64 / (6 / 16 + 9 / 4).
    expect(receivedRate([1, 1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1, 2]).effective).toBeCloseTo(12 / 2.625, 14);
  });

  it('is recovered from cases of which the suspicious were all looked at and the others seldom', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const looked = Array.from({ length: 1500 }, () => {
        const suspicious = random.chance(0.7);
        const scam = Number(random.chance(suspicious ? 0.9 : 0.05));
        const chance = suspicious ? 1 : 0.15;
        return random.chance(chance) ? [{ scam, weight: 1 / chance }] : [];
      }).flat();
      const { low, high } = receivedRate(
        looked.map((l) => l.scam),
        looked.map((l) => l.weight),
      );
      covered += Number(low <= 0.645 && 0.645 <= high);
    }
    // At 95 % each, fewer than 180 of 200 would be a chance below one in five hundred.
    expect(covered).toBeGreaterThanOrEqual(180);
  });

  it('is unknown without cases, and refuses weights that are none', () => {
    expect(receivedRate([], [])).toEqual({ value: NaN, low: 0, high: 1, effective: 0 });
    expect(receivedRate([1], [0])).toEqual({ value: NaN, low: 0, high: 1, effective: 0 });
    for (const weight of [-1, NaN, Infinity]) {
      expect(() => receivedRate([1], [weight])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
  });
});

describe('the correction for another share of scams', () => {
  it('is the difference of log odds, and nothing between equal shares', () => {
    expect(shiftMargin(0.5, 0.8)).toBeCloseTo(Math.log(4), 14);
    expect(shiftMargin(0.3, 0.3)).toBe(0);
    expect(shifted(uncalibrated, 0)).toBe(uncalibrated);
    for (const rate of [0, 1, NaN, -0.1]) {
      expect(() => shiftMargin(0.5, rate)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
    expect(() => shifted(uncalibrated, NaN)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it("follows Bayes's rule", () => {
    // One scam in two among the cases fitted on, one in ten where it is used: odds 3 become 1/3.
    expect(shifted(uncalibrated, shiftMargin(0.5, 0.1)).probability(Math.log(3))).toBeCloseTo(0.25, 14);
    expect(shiftedProbability(0.75, shiftMargin(0.5, 0.1))).toBeCloseTo(0.25, 14);
    expect([0, 1, NaN].map((p) => shiftedProbability(p, -2))).toEqual([0, 1, NaN]);
    expect(shiftedProbability(0.3, 0)).toBe(0.3);
  });

  it.each(kinds)('after %s gives back the true probabilities of a population from a case-control sample', (kind) => {
    const all = simulated(60_000, 31, 2, -1);
    const random = createRandom(32);
    // All genuine cases, every tenth scam.
    const kept = Array.from(all.truth.keys()).filter((i) => all.labels[i] === 0 || random.chance(0.1));
    const sample = {
      margins: kept.map((i) => all.margins[i]!),
      labels: kept.map((i) => all.labels[i]!),
      weights: kept.map(() => 1),
    };
    const rate = (labels: ArrayLike<number>): number =>
      receivedRate(
        labels,
        Array.from(labels, () => 1),
      ).value;
    const [from, to] = [rate(sample.labels), rate(all.labels)];
    const calibrator = shifted(fits[kind](sample), shiftMargin(from, to));
    const mean = all.margins.reduce((sum, m) => sum + calibrator.probability(m), 0) / all.margins.length;
    // Without the correction it would be off by about 0.3.
    expect(Math.abs(mean - to)).toBeLessThan(0.015);
    for (const truth of [-1, 0, 1, 2]) {
      expect(Math.abs(calibrator.probability(2 * truth - 1) - sigmoid(truth))).toBeLessThan(0.04);
    }
  });

  it('has weights to go with it', () => {
    const labels = [1, 1, 1, 0];
    const weights = reweighted(labels, [1, 2, 1, 4], 0.2);
    expect(receivedRate(labels, weights).value).toBeCloseTo(0.2, 14);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(8, 12);
    expect(Array.from(reweighted(labels, [1, 2, 1, 4], 0.5))).toEqual([1, 2, 1, 4]);
    expect(() => reweighted([1], [1], 0.5)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
