import { describe, expect, it } from 'vitest';
import {
  auc,
  aucDifference,
  aucStandardError,
  averagePrecision,
  calibrationCurve,
  calibrationError,
  costOf,
  liftAt,
  liftCurve,
  precisionRecallCurve,
  rankingOf,
  rocCurve,
  scoreDistribution,
} from '../../../../shared/metrics/index.ts';
import { hasReferenceData, referenceRows } from '../../../support/reference-data.ts';
import { fc, test } from '../../property.ts';

const n = 40;
const index = Array.from({ length: n }, (_, i) => i);
const labels = index.map((i) => Number((i * 7) % 10 < 4));
const scores = index.map((i) => (i % 3 === 0 ? Number((((i * 5) % 11) / 11).toFixed(1)) : ((i * 13 + 5) % 23) / 23));
const others = index.map((i) => (((i * 17 + 3) % 29) / 29) * 0.7 + 0.3 * labels[i]!);
const weights = index.map((i) => (1 + ((i * 3) % 5)) / 2);
const weighted = { labels, scores, weights };

const weightedCases = fc.array(
  fc.record({
    label: fc.constantFrom(0, 1),
    score: fc.integer({ min: 0, max: 12 }).map((k) => k / 12),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
);
type Case = { readonly label: number; readonly score: number; readonly weight: number };

function scored(rows: readonly Case[]) {
  return { labels: rows.map((r) => r.label), scores: rows.map((r) => r.score), weights: rows.map((r) => r.weight) };
}

function repeated(rows: readonly Case[]) {
  const each = rows.flatMap((r) => Array.from({ length: r.weight }, () => r));
  return { labels: each.map((r) => r.label), scores: each.map((r) => r.score) };
}

// Pinned values come from scikit-learn 1.2.1 unless said otherwise.
describe('average precision', () => {
  it('is that of scikit-learn, with ties and weights', () => {
    expect(averagePrecision({ labels, scores })).toBeCloseTo(0.5342208670301977, 12);
    expect(averagePrecision(weighted)).toBeCloseTo(0.5260637966053721, 12);
    expect(averagePrecision({ labels, scores: others })).toBeCloseTo(0.8588789274451039, 12);
    expect(auc(weighted)).toBeCloseTo(0.4901018099547511, 12);
  });

  it('is the base rate when all scores are equal, 1 without genuine cases, and nothing without scams', () => {
    expect(averagePrecision({ labels: [1, 0, 0, 0], scores: [0.3, 0.3, 0.3, 0.3] })).toBe(0.25);
    expect(averagePrecision({ labels: [1, 1], scores: [0.1, 0.2] })).toBe(1);
    expect(averagePrecision({ labels: [0], scores: [0.1] })).toBeNaN();
    expect(averagePrecision({ labels: [], scores: [] })).toBeNaN();
  });

  it('ignores cases that weigh nothing', () => {
    expect(averagePrecision({ labels: [0, 1, 0], scores: [0.9, 0.8, 0.1], weights: [0, 1, 1] })).toBe(1);
  });
});

describe('lift', () => {
  const data = { labels: [1, 1, 0, 0, 1, 0, 0, 0], scores: [0.9, 0.8, 0.7, 0.5, 0.5, 0.5, 0.2, 0.1] };

  it('counts scams found in the first of the queue against the base rate', () => {
    expect(liftAt(data, 2)).toEqual({ first: 2, found: 2, share: 1, baseRate: 0.375, lift: 1 / 0.375 });
  });

  it('takes the expected number where the limit cuts through equal scores', () => {
    expect(liftAt(data, 4).found).toBeCloseTo(2 + 1 / 3, 12);
    expect(liftAt(data, 5).found).toBeCloseTo(2 + 2 / 3, 12);
  });

  it('is 1 for the whole queue, and beyond it', () => {
    expect(liftAt(data, 8).lift).toBe(1);
    expect(liftAt(data, 100)).toMatchObject({ first: 8, found: 3, lift: 1 });
  });

  it('has no value for no cases looked at, no cases, or no scams', () => {
    expect(liftAt(data, 0).lift).toBeNaN();
    expect(liftAt({ labels: [], scores: [] }, 5)).toMatchObject({ first: 0, found: 0, lift: NaN });
    expect(liftAt({ labels: [0], scores: [1] }, 1)).toMatchObject({ found: 0, share: 0, lift: NaN });
  });

  test('is the mean over all orders of equal scores', [weightedCases], (rows) => {
    const [a, b] = [liftAt(scored(rows), 7), liftAt(repeated(rows), 7)];
    expect(a.found).toBeCloseTo(b.found, 9);
    expect(a.first).toBe(b.first);
  });
});

describe('curves', () => {
  it('give the points of scikit-learn', () => {
    const ranking = rankingOf(weighted);
    const roc = rocCurve(ranking);
    expect(roc).toHaveLength(31);
    expect(roc[0]).toEqual({ score: null, genuine: 0, scams: 0 });
    expect(roc[3]!.genuine).toBeCloseTo(0.04411764705882353, 12);
    expect(roc[3]!.scams).toBeCloseTo(0.1346153846153846, 12);
    const precision = precisionRecallCurve(ranking);
    expect(precision).toHaveLength(30);
    expect(precision[2]).toMatchObject({ score: 0.9, precision: 0.7 });
    expect(precision[3]!.precision).toBeCloseTo(0.7272727272727273, 12);
    expect(precision[3]!.recall).toBeCloseTo(0.15384615384615385, 12);
    // Seven bins: scikit-learn counts a score on an edge to the bin below, and no score lies on one of these.
    const bins = calibrationCurve({ labels, scores }, 7);
    const shares = [0.375, 0.5, 0.3333333333333333, 0.2857142857142857, 0.6666666666666666, 0.0, 0.75];
    const means = [
      0.05597826086956521, 0.21304347826086956, 0.35000000000000003, 0.49068322981366463, 0.6594202898550724,
      0.7773913043478261, 0.9097826086956522,
    ];
    expect(bins).toHaveLength(7);
    bins.forEach((bin, i) => {
      expect(bin.share).toBeCloseTo(shares[i]!, 12);
      expect(bin.meanScore).toBeCloseTo(means[i]!, 12);
    });
  });

  it('say nothing without both classes, or without cases', () => {
    const none = rankingOf({ labels: [], scores: [] });
    expect([rocCurve(none), precisionRecallCurve(none), liftCurve(none)]).toEqual([[], [], []]);
    expect(rocCurve(rankingOf({ labels: [1], scores: [1] }))).toEqual([]);
    expect(calibrationCurve({ labels: [], scores: [] })).toEqual([]);
    expect(scoreDistribution({ labels: [], scores: [] }, 2)).toEqual([
      { from: 0, to: 0.5, scams: 0, genuine: 0 },
      { from: 0.5, to: 1, scams: 0, genuine: 0 },
    ]);
  });

  it('are thinned to the points asked for, evenly and with both ends', () => {
    const many = Array.from({ length: 5000 }, (_, i) => i);
    const ranking = rankingOf({
      labels: many.map((i) => Number((i * 37) % 100 < 30)),
      scores: many.map((i) => i / 5000),
    });
    for (const curve of [rocCurve(ranking, 51), precisionRecallCurve(ranking, 51), liftCurve(ranking, 51)]) {
      expect(curve).toHaveLength(51);
    }
    const roc = rocCurve(ranking, 51);
    expect(roc.at(-1)).toMatchObject({ genuine: 1, scams: 1 });
    const steps = roc.slice(1).map((p, i) => p.genuine + p.scams - roc[i]!.genuine - roc[i]!.scams);
    expect(Math.max(...steps)).toBeLessThan(2 / 50 + 0.002);
    expect(liftCurve(ranking, 51).at(-1)).toEqual({ looked: 1, found: 1, lift: 1 });
  });

  test(
    'contain all weight: area under the ROC is the AUC, the bins give the calibration error',
    [weightedCases],
    (rows) => {
      const data = scored(rows);
      const roc = rocCurve(rankingOf(data), 1000);
      const area = roc
        .slice(1)
        .reduce((sum, p, i) => sum + ((p.genuine - roc[i]!.genuine) * (p.scams + roc[i]!.scams)) / 2, 0);
      if (roc.length > 0) expect(area).toBeCloseTo(auc(data), 9);
      const total = data.weights.reduce((a, b) => a + b, 0);
      const error = calibrationCurve(data).reduce((sum, b) => sum + b.weight * Math.abs(b.meanScore - b.share), 0);
      expect(error / total).toBeCloseTo(calibrationError(data), 9);
      const spread = scoreDistribution(data).reduce((sum, b) => sum + b.scams + b.genuine, 0);
      expect(spread).toBe(total);
    },
  );
});

describe('verdicts', () => {
  const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };
  const costs = { missed: 10, accused: 5, unclear: 1 };

  it.each([
    [0.9, 1, 0],
    [0.7, 1, 0],
    [0.5, 1, 1],
    [0.1, 1, 10],
    [0.8, 0, 5],
    [0.3, 0, 1],
    [0.2, 0, 0],
  ])('at the score %d of a case with the label %d cost %d', (score, label, cost) => {
    expect(costOf(score, label, thresholds, costs)).toBe(cost);
  });
});

// Pinned against the kernel form of the paper, computed with NumPy over all pairs.
describe('difference of two AUCs', () => {
  it('is that of the paper, with ties', () => {
    const found = aucDifference(labels, scores, others);
    expect(found.difference).toBeCloseTo(-0.33072916666666674, 12);
    expect(found.standardError).toBeCloseTo(0.10768167442861201, 12);
    expect(found.p).toBeCloseTo(0.0021308620374795874, 9);
    const shifted = index.map((i) => scores[(i + n - 1) % n]!);
    expect(aucDifference(labels, scores, shifted).standardError).toBeCloseTo(0.1659869056396482, 12);
  });

  it('of a scoring with itself is nothing', () => {
    expect(aucDifference(labels, scores, scores)).toMatchObject({ difference: 0, standardError: 0, p: 1 });
  });

  it('against a constant has the standard error of the one AUC', () => {
    const constant = index.map(() => 0.5);
    expect(aucDifference(labels, scores, constant).standardError).toBeCloseTo(aucStandardError({ labels, scores }), 12);
  });

  it('has no value without both classes', () => {
    expect(aucDifference([1, 1], [0.1, 0.2], [0.3, 0.1])).toMatchObject({ first: NaN, difference: NaN, p: NaN });
  });
});

describe.runIf(hasReferenceData('ranking metrics against scikit-learn'))('against scikit-learn', () => {
  it.each([
    ['adult', 'S', { lr: 0.7629025354430102, hgb: 0.8226904846206393, xgb: 0.8285565397245048 }],
    ['elec2', 'S', { lr: 0.7953507584546464, hgb: 0.88513546499911, xgb: 0.8839385934780499 }],
    ['elec2', 'T', { lr: 0.7749671726682575, hgb: 0.7606293239999726, xgb: 0.7616473990715438 }],
    ['ftc_dnc_2020', 'S', { lr: 0.5831351102711514, hgb: 0.5646667160870853, xgb: 0.6024650433018549 }],
    ['ftc_dnc_2020', 'T', { lr: 0.5318388363434712, hgb: 0.4937225911244755, xgb: 0.5315477228835727 }],
  ])('average precision on %s, split %s', (set, split, wanted) => {
    const part = referenceRows(set, 'predictions').filter((row) => row['split'] === split);
    const truth = part.map((row) => Number(row['y']));
    for (const [name, value] of Object.entries(wanted)) {
      const found = averagePrecision({ labels: truth, scores: part.map((row) => Number(row[`p_${name}`])) });
      expect(Math.abs(found - value)).toBeLessThan(1e-9);
    }
  });

  it('difference of two AUCs on ftc_dnc_2020', () => {
    const part = referenceRows('ftc_dnc_2020', 'predictions').filter((row) => row['split'] === 'S');
    const column = (name: string): number[] => part.map((row) => Number(row[name]));
    const found = aucDifference(column('y'), column('p_lr'), column('p_xgb'));
    expect(found.difference).toBeCloseTo(-0.013912675703335542, 10);
    expect(found.standardError).toBeCloseTo(0.004153423412297053, 10);
    expect(found.p).toBeCloseTo(0.0008090241195115173, 9);
  });
});
