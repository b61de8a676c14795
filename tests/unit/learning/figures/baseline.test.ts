import { describe, expect, it } from 'vitest';
import { report } from '../../../../learning/commands/train.ts';
import { baselineOf, chanceWarnings, fewLabelWarnings } from '../../../../learning/figures/baseline.ts';
import { modelCard } from '../../../../learning/train/model-card.ts';
import { groupingOf, singleGroups } from '../../../../learning/figures/cases.ts';
import { figuresOf } from '../../../../learning/figures/figures.ts';
import { linesInEnglish } from '../../../support/in-english.ts';
import { bundledMetrics, manifest } from '../../../support/train-metrics.ts';
import { inEnglish } from '../../../support/saying.ts';

describe('the base rate beside a model', () => {
  it('is its entropy, and the gain the mean difference with an interval by group', () => {
    const labels = [1, 1, 0, 0, 0, 0, 0, 1];
    const weights = labels.map(() => 1);
    const scores = [0.9, 0.6, 0.2, 0.1, 0.4, 0.3, 0.2, 0.5];
    const found = baselineOf({ labels, weights, groups: singleGroups(8) }, scores)!;
    const rate = 3 / 8;
    expect(found.logLoss).toBeCloseTo(-rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate), 12);
    const gains = labels.map((y, i) => Math.log(y === 1 ? scores[i]! / rate : (1 - scores[i]!) / (1 - rate)));
    const mean = gains.reduce((a, b) => a + b) / 8;
    const error = Math.sqrt(gains.reduce((sum, g) => sum + (g - mean) ** 2, 0) / 7 / 8);
    expect(found.gain.value).toBeCloseTo(mean, 12);
    expect(found.gain.low).toBeCloseTo(mean - 1.959963985 * error, 8);
    expect(found.gain.high).toBeCloseTo(mean + 1.959963985 * error, 8);
    // The same cases four times over are no more sure when the copies belong together.
    const four = <T>(list: readonly T[]): T[] => [...list, ...list, ...list, ...list];
    const together = { labels: four(labels), weights: four(weights), groups: groupingOf(four([...labels.keys()])) };
    expect(baselineOf(together, four(scores))!.gain.low).toBeCloseTo(found.gain.low, 12);
  });

  it('goes by weights, and is nothing where one label has none', () => {
    const groups = singleGroups(3);
    const scores = [0.5, 0.5, 0.5];
    expect(baselineOf({ labels: [1, 0, 0], weights: [2, 1, 1], groups }, scores)!.logLoss).toBeCloseTo(Math.log(2), 12);
    expect(baselineOf({ labels: [1, 1, 1], weights: [1, 1, 1], groups }, scores)).toBeNull();
    expect(baselineOf({ labels: [1, 1, 0], weights: [1, 1, 0], groups }, scores)).toBeNull();
    expect(baselineOf({ labels: [], weights: [], groups: singleGroups(0) }, [])).toBeNull();
  });

  it('is warned of by interval, as are models that decide next to nothing', () => {
    const by = (value: number, low: number, high: number) =>
      chanceWarnings({ logLoss: 0.5, gain: { value, low, high } }, 0.5).map(inEnglish);
    expect(by(0.1, 0.01, 0.2)).toEqual([]);
    expect(by(0.1, 0, 0.2)).toEqual([
      'It is not shown to be better than giving every case the base rate: its log loss is 0.1000 smaller (0.0000 larger to 0.2000 smaller).',
    ]);
    expect(by(-0.01, -0.02, 0.001)[0]).toContain('is 0.0100 larger (0.0200 larger to 0.0010 smaller)');
    expect(by(-0.01, -0.02, -0.001)).toEqual([
      'It is worse than giving every case the base rate: its log loss is larger by 0.0100 (0.0010 to 0.0200).',
    ]);
    expect(chanceWarnings(null, 0.8)).toEqual([]);
    expect(chanceWarnings(undefined, 0.81).map(inEnglish)).toEqual([
      'It leaves 81.0 % of the cases unclear: it decides next to nothing.',
    ]);
  });

  it('stands in the report of a training and on the card', () => {
    const metrics = {
      ...bundledMetrics,
      baseline: { logLoss: 0.6929, gain: { value: 0.001, low: -0.01, high: 0.012 } },
    };
    const shown = linesInEnglish(report({ model: new Uint8Array(), manifest, metrics }, 'out', 'run'));
    expect(shown).toContain('; giving every case the base rate gives 0.6929.');
    for (const text of [shown, modelCard(manifest, metrics)])
      expect(text).toContain('It is not shown to be better than');
    expect(modelCard(manifest, metrics)).toContain("a log loss of 0.6929; that less the model's is 0.0010");
    // Metrics of before say nothing of it.
    expect(modelCard(manifest, bundledMetrics)).not.toContain('base rate');
  });
});

describe('thresholds of the other folds', () => {
  it('are shown where figures are out of fold, and only there', () => {
    const texts = (basis: 'out_of_fold' | 'held_out'): string[] => {
      const metrics = { ...bundledMetrics, basis };
      return [
        modelCard(manifest, metrics),
        linesInEnglish(report({ model: new Uint8Array(), manifest, metrics }, 'o', 'r')),
      ];
    };
    for (const text of texts('out_of_fold'))
      expect(text).toContain('thresholds set, by the same rule, on the other folds');
    for (const text of texts('held_out')) expect(text).not.toContain('other folds');
  });
});

describe('few cases', () => {
  it('are shown by label', () => {
    expect(fewLabelWarnings(7, 22).map(inEnglish)).toEqual([
      'Only 7 scams among the cases: too few to rely on these figures.',
    ]);
    expect(fewLabelWarnings(300, 1).map(inEnglish)).toEqual([
      'Only 1 genuine provider among the cases: too few to rely on these figures.',
    ]);
    expect(fewLabelWarnings(50, 50).map(inEnglish)).toEqual([]);
    expect(fewLabelWarnings(0, 0).map(inEnglish)).toEqual([]);
    expect(fewLabelWarnings(9, 0).map(inEnglish)[0]).toMatch(/^All cases are scams: .* cannot be judged\.$/);
    expect(fewLabelWarnings(0, 99).map(inEnglish)[0]).toMatch(/^All cases are genuine providers: /);
  });

  it('of one label have no average precision and no lift', () => {
    const thresholds = { notScamBelow: 0.2, scamFrom: 0.8 };
    for (const label of [0, 1] as const) {
      const cases = [0.1, 0.5, 0.9].map((score) => ({ label, weight: 1, score }));
      const figures = figuresOf(cases, thresholds);
      expect(Object.keys(figures)).not.toEqual(expect.arrayContaining(['average_precision']));
      expect(Object.keys(figures)).not.toEqual(expect.arrayContaining(['lift_first_tenth']));
      expect(figures).toHaveProperty('log_loss');
    }
  });
});
