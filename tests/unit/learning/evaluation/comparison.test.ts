import { describe, expect, it } from 'vitest';
import { groupingOf, singleGroups, type JudgedCases } from '../../../../learning/figures/cases.ts';
import {
  compareModels,
  type Comparison,
  type ComparedFigure,
  type CompareOptions,
  type ScoredBy,
} from '../../../../learning/evaluation/compare.ts';
import { casesNeeded, defaultCosts, defaultMargin } from '../../../../learning/evaluation/settings.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { aucDifference } from '../../../../shared/metrics/index.ts';
import { fc, test as prop } from '../../property.ts';
import { inEnglish } from '../../../support/saying.ts';

const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };
const options: CompareOptions = {
  costs: defaultCosts,
  primary: 'mean_cost',
  margin: defaultMargin,
  needed: casesNeeded,
  seed: 1,
  repeats: 300,
};

const rows = 3000;
const random = createRandom(5);
const logit = Float64Array.from({ length: rows }, () => 1 + 2 * random.normal());
const labels = Uint8Array.from(logit, (x) => Number(random.chance(1 / (1 + Math.exp(-x)))));
const noise = Float64Array.from({ length: rows }, () => random.normal());
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const good: ScoredBy = { scores: logit.map(sigmoid), thresholds };
const poor: ScoredBy = { scores: logit.map((x, i) => sigmoid(0.4 * x + 2 * noise[i]!)), thresholds };
const cases: JudgedCases = { labels, weights: new Float64Array(rows).fill(1), groups: singleGroups(rows) };

describe('a comparison of two models on the same cases', () => {
  it('says better of the better one, worse the other way round', () => {
    const found = compareModels(cases, good, poor, options);
    expect(found).toMatchObject({ rows, result: 'better', primary: 'mean_cost', groups: rows });
    for (const name of ['mean_cost', 'log_loss', 'auc', 'average_precision'] as const)
      expect(found.figures[name].result).toBe('better');
    expect(inEnglish(found.reason)).toContain('lower, beyond chance');
    const reverse = compareModels(cases, poor, good, options);
    expect(reverse.result).toBe('worse');
    expect(reverse.figures.auc.difference).toBeCloseTo(-found.figures.auc.difference!, 12);
    expect(reverse.figures.auc.low).toBeCloseTo(-found.figures.auc.high!, 2);
    expect(reverse.changed).toBe(found.changed);
  });

  it('cannot tell a model from itself', () => {
    const found = compareModels(cases, good, good, options);
    expect(found).toMatchObject({ result: 'cannot_tell', changed: 0 });
    for (const figure of Object.values(found.figures))
      expect(figure).toMatchObject({ difference: 0, low: 0, high: 0, result: 'cannot_tell' });
  });

  it('cannot tell on few cases, whatever the difference', () => {
    const few = 60;
    const small: JudgedCases = {
      labels: labels.subarray(0, few),
      weights: cases.weights,
      groups: singleGroups(few),
    };
    const found = compareModels(
      small,
      { scores: good.scores, thresholds },
      { scores: Array.from(good.scores, (s) => 1 - s), thresholds },
      options,
    );
    expect(found).toMatchObject({ result: 'cannot_tell' });
    expect(inEnglish(found.reason)).toContain('too little to go by');
    expect(Object.values(found.figures).every((f) => f.result === 'cannot_tell')).toBe(true);
  });

  it('does not call a cheaper model better that may miss more scams than the margin allows', () => {
    const bold: ScoredBy = { ...good, thresholds: { notScamBelow: 0.6, scamFrom: 0.6 } };
    const shy: ScoredBy = { ...good, thresholds: { notScamBelow: 0, scamFrom: 0.9 } };
    // When a visit costs as much as an accusation, deciding everything is cheaper; it misses many more scams.
    const costs = { missed: 1, accused: 1, unclear: 1 };
    const found = compareModels(cases, bold, shy, { ...options, costs });
    expect(found.figures.mean_cost.result).toBe('better');
    expect(found.figures.missed.low).toBeGreaterThan(defaultMargin);
    expect(found).toMatchObject({ result: 'worse' });
    expect(inEnglish(found.reason)).toContain('missed scams');
  });

  it('may go by log loss instead', () => {
    expect(compareModels(cases, good, poor, { ...options, primary: 'log_loss' })).toMatchObject({ result: 'better' });
  });

  it('gives an interval of the AUC difference as wide as DeLong does', () => {
    const { delong, figures } = compareModels(cases, good, poor, { ...options, repeats: 1000 });
    expect(delong).toEqual(aucDifference(labels, good.scores, poor.scores));
    expect(delong!.difference).toBeCloseTo(figures.auc.difference!, 10);
    const width = figures.auc.high! - figures.auc.low!;
    expect(width / (2 * 1.96 * delong!.standardError)).toBeGreaterThan(0.9);
    expect(width / (2 * 1.96 * delong!.standardError)).toBeLessThan(1.1);
  });

  it('draws twins together, and leaves DeLong out for them', () => {
    const twice = (values: ArrayLike<number>): number[] => [...Array.from(values), ...Array.from(values)];
    const names = Array.from({ length: 2 * rows }, (_, i) => i % rows);
    const twins: JudgedCases = { labels: twice(labels), weights: twice(cases.weights), groups: groupingOf(names) };
    const both = (model: ScoredBy): ScoredBy => ({ ...model, scores: twice(model.scores) });
    const found = compareModels(twins, both(good), both(poor), options);
    expect(found.delong).toBeNull();
    const alone = compareModels(cases, good, poor, options);
    expect(found.figures.log_loss.low).toBeCloseTo(alone.figures.log_loss.low!, 10);
  });

  const mirrored = { better: 'worse', worse: 'better', cannot_tell: 'cannot_tell' } as const;
  const randomCases = fc.record({
    seed: fc.nat(10_000),
    count: fc.integer({ min: 40, max: 400 }),
    heavy: fc.constantFrom(1, 3, 25),
    needed: fc.integer({ min: 5, max: 60 }),
  });
  prop(
    'mirrors itself when the other model is named first',
    [randomCases],
    ({ seed, count, heavy, needed }) => {
      const own = createRandom(seed);
      const some = Array.from({ length: count }, () => own.below(rows));
      const at = (values: ArrayLike<number>): number[] => some.map((i) => values[i]!);
      const judged: JudgedCases = {
        labels: at(labels),
        // Heavy where the good model misses scams and accuses: what its shares rest on is less than what the other's do.
        weights: some.map((i) => ((labels[i] === 1) === good.scores[i]! < 0.5 ? heavy : 1)),
        groups: groupingOf(some),
      };
      const of = (model: ScoredBy): ScoredBy => ({ ...model, scores: at(model.scores) });
      const [a, b] = [of(good), of(poor)];
      const how = { ...options, repeats: 40, needed: { missed: needed, wrong_accusation: needed } };
      const [there, back] = [compareModels(judged, a, b, how), compareModels(judged, b, a, how)];
      const decided = ({ reason }: Comparison): boolean => reason.code !== 'compare.too_little';
      expect(decided(back)).toBe(decided(there));
      expect(back).toMatchObject({ rows: there.rows, scams: there.scams, changed: there.changed });
      for (const [name, figure] of Object.entries(there.figures)) {
        const other = back.figures[name as ComparedFigure];
        expect(other.result).toBe(mirrored[figure.result]);
        expect([other.first, other.second]).toEqual([figure.second, figure.first]);
      }
      if (there.result === 'better') expect(back.result).toBe('worse');
      if (back.result === 'better') expect(there.result).toBe('worse');
    },
    60,
  );

  it('has nothing to say without cases', () => {
    const none = compareModels(
      { labels: [], weights: [], groups: singleGroups(0) },
      { scores: [], thresholds },
      { scores: [], thresholds },
      options,
    );
    expect(none).toMatchObject({ rows: 0, result: 'cannot_tell', figures: { auc: { first: null, low: null } } });
  });
});
