import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auc,
  aucStandardError,
  binomialPmf,
  brier,
  calibrationError,
  chiSquareUpperTail,
  clopperPearson,
  incompleteBeta,
  logGamma,
  logIncompleteBeta,
  logLoss,
  normalQuantile,
  pairedDifference,
  upperGamma,
  wilson,
} from '../../../../shared/metrics/index.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../../../support/reference-data.ts';

/** Relative closeness, for values over many orders of magnitude. */
function near(actual: number, wanted: number, relative = 1e-10): void {
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(relative * Math.max(Math.abs(wanted), 1e-300));
}

// Values computed with mpmath (30 digits) and SciPy 1.10.
describe('special functions', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [3.7, 1.4280723266653879],
    [120.25, 454.2209873833582],
    [1e5, 1051287.7089736569],
  ])('log gamma of %d', (x, wanted) => near(logGamma(x), wanted, 1e-12));

  it.each([
    [2, 3, 0.4, 0.5248],
    [0.5, 0.5, 0.01, 0.06376856085851985],
    [30, 970, 0.02, 0.0204550555634257],
    [1, 200, 0.001, 0.18135117052136429],
    [400, 3, 0.99, 0.23371620364108853],
    [5, 20000, 0.0005, 0.97081346987711036],
  ])('incomplete beta of %d, %d at %d', (a, b, x, wanted) => near(incompleteBeta(a, b, x), wanted));

  it('keeps the logarithm of the incomplete beta far out in the tail', () =>
    near(logIncompleteBeta(120, 40, 0.05), -275.50567722081795));

  it.each([
    [0.5, 0.3, 0.43857802608099986],
    [1, 5, 0.006737946999085467],
    [10, 3, 0.9988975118698845],
    [7.5, 40, 6.984655416662433e-11],
    [100, 130, 0.0027504083673065263],
  ])('upper incomplete gamma of %d at %d', (a, x, wanted) => near(upperGamma(a, x), wanted, 1e-9));

  it.each([
    [3.84, 1, 0.05004352124870519],
    [20, 3, 0.00016974243555282632],
    [300, 120, 2.0761530190827615e-17],
    [0.1, 5, 0.9998376833880774],
    [900, 10, 6.367822044752633e-187],
  ])('chi-square tail of %d with %d degrees', (x, df, wanted) => near(chiSquareUpperTail(x, df), wanted, 1e-9));

  it.each([
    [0.025, -1.9599639845400545],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [0.8, 0.8416212335729143],
    [0.999999, 4.753424308817087],
  ])('normal quantile of %d', (p, wanted) => near(normalQuantile(p), wanted, 1e-9));
});

describe('binomial', () => {
  it.each([
    [0, 12, 0.95, 0, 0.2646484693970512],
    [3, 22, 0.95, 0.029055851128746688, 0.34912209725740806],
    [22, 22, 0.95, 0.8456274871844255, 1],
    [17, 1736, 0.95, 0.00571462074922534, 0.01563278308808112],
    [1, 3, 0.99, 0.0016694521863086687, 0.9585998492839568],
  ])('exact interval of %d of %d at %d', (k, n, level, low, high) => {
    const found = clopperPearson(k, n, level);
    near(found.low, low, 1e-9);
    near(found.high, high, 1e-9);
  });

  it.each([
    [3, 22, 0.05, 0.09482304591843077],
    [0, 12, 0.3, 1],
    [9, 20, 0.2, 0.009981786320724306],
    [51, 235, 1 / 6, 0.02654424571169087],
  ])('chance of at least %d of %d at %d', (k, n, rate, upper) => {
    const tail = Array.from({ length: n + 1 - k }, (_, i) => binomialPmf(k + i, n, rate)).reduce((a, b) => a + b, 0);
    near(tail, upper, 1e-9);
    if (k > 0) near(incompleteBeta(k, n - k + 1, rate), upper, 1e-9);
  });

  it('covers at least what it says, for every rate', () => {
    const intervals = Array.from({ length: 26 }, (_, k) => clopperPearson(k, 25));
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (rate) => {
        const covered = intervals.reduce(
          (sum, i, k) => sum + (i.low <= rate && rate <= i.high ? binomialPmf(k, 25, rate) : 0),
          0,
        );
        expect(covered).toBeGreaterThanOrEqual(0.95 - 1e-9);
      }),
      { seed: 1 },
    );
  });

  it('gives the score interval of Wilson as SciPy does', () => {
    const { low, high } = wilson(3 / 22, 22);
    near(low, 0.04749003714055253, 1e-9);
    near(high, 0.33334987166571717, 1e-9);
  });

  it('gives the difference of paired shares as Newcombe 1998 does, by his method 10', () => {
    const of = (both: number, first: number, second: number, neither: number) => {
      const n = both + first + second + neither;
      return pairedDifference({ both: both / n, first: first / n, second: second / n, neither: neither / n }, n);
    };
    const close = (value: number, low: number, high: number) => ({
      value: expect.closeTo(value, 12),
      low: expect.closeTo(low, 6),
      high: expect.closeTo(high, 6),
    });
    // Computed apart from this program from his formulas.
    expect(of(36, 12, 2, 0)).toEqual(close(0.2, 0.05693, 0.340428));
    expect(of(20, 12, 6, 42)).toEqual(close(0.075, -0.030173, 0.177539));
    expect(of(0, 0, 18, 82)).toEqual(close(-0.18, -0.266674, -0.106944));
    // Where the two never differ it has a width all the same.
    expect(of(0, 0, 0, 60)).toEqual(close(0, -0.060172, 0.060172));
    expect(pairedDifference({ both: 0, first: 0, second: 0, neither: 0 }, 0)).toEqual({ value: NaN, low: -1, high: 1 });
  });

  it('says nothing without trials', () => expect(clopperPearson(0, 0)).toEqual({ value: NaN, low: 0, high: 1 }));
});

describe('scores', () => {
  it('counts ties half', () => {
    expect(auc({ labels: [1, 0], scores: [0.5, 0.5] })).toBe(0.5);
    expect(auc({ labels: [1, 0, 1, 0], scores: [0.9, 0.4, 0.4, 0.1] })).toBe(0.875);
  });

  it('has no AUC without both classes, and no mean without cases', () => {
    expect(auc({ labels: [1, 1], scores: [0.2, 0.3] })).toBeNaN();
    expect(logLoss({ labels: [], scores: [] })).toBeNaN();
  });

  it('clips probabilities of 0 and 1 at 1e-15', () => {
    near(logLoss({ labels: [1], scores: [0] }), -Math.log(1e-15));
    expect(logLoss({ labels: [0], scores: [0] })).toBeLessThan(1e-14);
  });

  it('counts a weight of two like the same case twice', () => {
    const cases = fc.array(
      fc.record({
        label: fc.constantFrom(0, 1),
        score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
        weight: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(cases, (rows) => {
        const weighted = {
          labels: rows.map((r) => r.label),
          scores: rows.map((r) => r.score),
          weights: rows.map((r) => r.weight),
        };
        const repeated = rows.flatMap((r) => Array.from({ length: r.weight }, () => r));
        const plain = { labels: repeated.map((r) => r.label), scores: repeated.map((r) => r.score) };
        for (const metric of [auc, logLoss, brier, calibrationError]) {
          const [a, b] = [metric(weighted), metric(plain)];
          if (Number.isNaN(a)) expect(b).toBeNaN();
          else expect(a).toBeCloseTo(b, 10);
        }
      }),
      { seed: 2 },
    );
  });
});

const there = hasReferenceData('metrics against scikit-learn');

describe.runIf(there)('against scikit-learn', () => {
  describe.each(['adult', 'elec2', 'ftc_dnc_2020'])('%s', (set) => {
    // Read while tests are collected, skipped ones too.
    const reference = there ? referenceFigures(set) : {};
    const rows = there ? referenceRows(set, 'predictions') : [];
    it.each(['S', 'T'].filter((split) => reference[`split_${split}`]))(
      'split %s: AUC, log loss and Brier score of all three models',
      (split) => {
        const part = rows.filter((row) => row['split'] === split);
        const labels = part.map((row) => Number(row['y']));
        for (const name of ['lr', 'hgb', 'xgb']) {
          const scores = part.map((row) => Number(row[`p_${name}`]));
          const wanted = reference[`split_${split}`][name];
          expect(Math.abs(auc({ labels, scores }) - wanted.auc)).toBeLessThan(1e-6);
          // The file gives probabilities to seven decimals: what that can move the log loss by is allowed on top.
          const rounding =
            scores.reduce((sum, p, i) => sum + 5e-8 / Math.max(5e-8, labels[i] === 1 ? p : 1 - p), 0) / scores.length;
          expect(Math.abs(logLoss({ labels, scores }) - wanted.logloss)).toBeLessThan(1e-6 + rounding);
          expect(Math.abs(brier({ labels, scores }) - wanted.brier)).toBeLessThan(1e-6);
        }
      },
    );
    it('gives a standard error of the AUC near that of 200 bootstraps', () => {
      const part = rows.filter((row) => row['split'] === 'S');
      const error = aucStandardError({
        labels: part.map((r) => Number(r['y'])),
        scores: part.map((r) => Number(r['p_lr'])),
      });
      const bootstrap: number = reference['split_S'].bootstrap_se_200_seed0.lr.auc;
      expect(Math.abs(error / bootstrap - 1)).toBeLessThan(0.2);
    });
  });
});
