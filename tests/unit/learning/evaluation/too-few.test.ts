import { expect, it } from 'vitest';
import { compareModels, type Comparison } from '../../../../learning/evaluation/compare.ts';
import { evaluateScores, type Evaluation } from '../../../../learning/evaluation/evaluate.ts';
import { defaultCosts, defaultSliceOptions } from '../../../../learning/evaluation/settings.ts';
import { comparisonLines, evaluationLines } from '../../../../learning/evaluation/text.ts';
import { groupingOf } from '../../../../learning/figures/cases.ts';
import { figuresOf } from '../../../../learning/figures/figures.ts';
import { aucInterval } from '../../../../shared/metrics/index.ts';
import { english } from '../../../support/commands.ts';
import { linesInEnglish } from '../../../support/in-english.ts';

/** Cases as label, score and group. */
function evaluation(cases: readonly (readonly [label: 0 | 1, score: number, group: number])[]): Evaluation {
  const judged = {
    labels: cases.map(([label]) => label),
    weights: cases.map(() => 1),
    groups: groupingOf(cases.map(([, , group]) => group)),
  };
  return evaluateScores(
    judged,
    cases.map(([, score]) => score),
    {
      thresholds: { notScamBelow: 0.3, scamFrom: 0.7 },
      costs: defaultCosts,
      firsts: [3],
      slicings: [],
      slices: defaultSliceOptions,
      seed: 1,
      repeats: 200,
    },
  );
}

const textOf = (found: Evaluation): string => linesInEnglish(evaluationLines(english, found));
const row = (text: string, label: string): string => text.split('\n').find((line) => line.includes(label))!;

/** Names of figures that have ends, and these are one number: as if they were certain. */
function certain({ figures }: Evaluation): string[] {
  return Object.entries(figures).flatMap(([name, { low, high }]) => (low !== null && low === high ? [name] : []));
}

it('one case has no interval but the exact one of a share, and the table says why', () => {
  const one = evaluation([[1, 0.9, 0]]);
  expect(certain(one)).toEqual([]);
  expect(one.figures['recall']).toMatchObject({ low: expect.closeTo(0.025), high: 1, method: 'exact' });
  expect(one.figures['log_loss']).toMatchObject({ low: null, high: null });
  const text = textOf(one);
  expect(row(text, 'Log loss')).toMatch(/0\.1054 +too few cases +1 case$/);
  expect(row(text, 'Brier score')).toContain('too few cases');
  expect(row(text, 'Calibration error, ten bins')).not.toContain('too few cases');
});

it('cases of one incident or scammer say no more than one', () => {
  const group = evaluation(Array.from({ length: 40 }, (_, i) => [i % 2 ? 1 : 0, i % 4 ? 0.8 : 0.2, 5] as const));
  expect(certain(group)).toEqual([]);
  const { recall, unclear } = group.figures;
  for (const share of [recall!, unclear!]) expect(share.high! - share.low!).toBeGreaterThan(0.7);
  const text = textOf(group);
  for (const label of ['AUC', 'Log loss', 'Log loss smaller', 'Calibration error beyond chance', 'Cost of'])
    expect(row(text, label)).toContain('too few cases');
  expect(row(text, 'Log loss of giving')).not.toContain('too few cases');
  expect(row(text, 'In the first 3 of the queue')).toContain('(too few cases)');
});

it('how cases rank has no interval where those of a label are of one group', () => {
  const genuine = Array.from({ length: 40 }, (_, i) => [0, i / 80, i] as const);
  const scams = Array.from({ length: 6 }, (_, i) => [1, 0.4 + i / 20, 99] as const);
  const text = textOf(evaluation([...genuine, ...scams]));
  for (const label of ['AUC', 'Average precision', 'Lift in']) expect(row(text, label)).toContain('too few cases');
  expect(row(text, 'Log loss')).not.toContain('too few cases');
  const several = textOf(evaluation([...genuine, ...scams.map(([, score], i) => [1, score, 100 + i] as const)]));
  expect(several).not.toContain('too few cases');
});

it('scores that part the labels are not certain to, by few cases least of all', () => {
  const parted = (n: number): Evaluation =>
    evaluation(Array.from({ length: n }, (_, i) => [i % 2 ? 1 : 0, (i % 2 ? 0.8 : 0.2) + i / 1000, i] as const));
  const [few, more] = [parted(8), parted(80)];
  for (const found of [few, more]) expect(certain(found)).toEqual([]);
  expect(few.figures['auc']).toMatchObject({ value: 1, high: 1, method: 'newcombe' });
  expect(few.figures['auc']!.low).toBeLessThan(0.75);
  expect(more.figures['auc']!.low).toBeGreaterThan(0.9);
  expect(row(textOf(few), 'AUC')).not.toMatch(/1\.0000 to 1\.0000/);
  const { labels, scores, weights } = { labels: [1, 1, 0, 0], scores: [0.9, 0.8, 0.2, 0.1], weights: [1, 1, 1, 1] };
  const { auc } = figuresOf({ labels, scores, weights }, { notScamBelow: 0.3, scamFrom: 0.7 });
  expect(auc).toMatchObject({ value: 1, high: 1, low: expect.closeTo(aucInterval(1, 2, 2)!.low) });
});

it('a difference that no case shows is not certain, but that of a model from itself', () => {
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  const by = (scam: number) => ({
    scores: labels.map((label, i) => (label === 1 ? scam : 0.1) + i / 1000),
    thresholds: { notScamBelow: 0.3, scamFrom: 0.7 },
  });
  const compared = (groups: readonly number[], other: number) =>
    compareModels({ labels, weights: labels.map(() => 1), groups: groupingOf(groups) }, by(0.9), by(other), {
      costs: defaultCosts,
      primary: 'mean_cost',
      margin: 0.02,
      needed: { missed: 1, wrong_accusation: 1 },
      seed: 1,
      repeats: 200,
    });
  const zeroWidth = ({ figures }: Comparison): string[] =>
    Object.entries(figures).flatMap(([name, { low, high }]) => (low !== null && low === high ? [name] : []));
  const own = labels.map((_, i) => i);
  const apart = compared(own, 0.8);
  expect(zeroWidth(apart)).toEqual([]);
  expect(apart.figures.log_loss.low).not.toBeNull();
  expect(linesInEnglish(comparisonLines(english, apart, { first: 'A', second: 'B' }))).toMatch(/AUC.*too few cases/);
  const together = compared(
    labels.map(() => 0),
    0.8,
  );
  for (const figure of Object.values(together.figures)) expect([figure.low, figure.high]).toEqual([null, null]);
  expect(compared(own, 0.9).figures.auc).toMatchObject({ difference: 0, low: 0, high: 0 });
});
