import { describe, expect, it } from 'vitest';
import { datasetOf, type LabelledRow } from '../../../../learning/dataset/dataset.ts';
import { crossFittedThresholds, fitRows } from '../../../../learning/train/fitting.ts';
import { foldCount } from '../../../../learning/train/folds.ts';
import { dealFolds } from '../../../../learning/dataset/groups.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { defaultSettings, type TrainSettings } from '../../../../learning/train/settings.ts';
import { thresholdsBy, type ThresholdRule } from '../../../../learning/thresholds/thresholds.ts';
import { trainRun } from '../../../../learning/train/train.ts';
import { verdictOf, type Thresholds, type Verdict } from '../../../../shared/domain/verdict.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { frameOf } from '../trainers/boosting/frames.ts';

function settingsOf(seed: number, thresholds: ThresholdRule): TrainSettings {
  return {
    ...defaultSettings,
    seed,
    thresholds,
    name: 'Noise',
    created: '2026-01-01T00:00:00.000Z',
    expires: '2027-01-01',
    codeVersion: 'test',
    simulated: true,
  };
}

const fitted = 60;
const fresh = 1000;

/** Three columns of noise, labels that have nothing to do with them: 60 rows to fit and 1,000 more. */
function noise(seed: number) {
  const random = createRandom(seed);
  const labels = Array.from({ length: fitted + fresh }, (_, i) => Number(i < fitted ? i % 10 < 7 : random.chance(0.7)));
  const row = () => ({ a: random.normal(), b: random.normal(), c: random.normal() });
  const frame = frameOf({ a: 'number', b: 'number', c: 'number' }, labels.map(row), labels);
  const rows = Uint32Array.from({ length: fitted }, (_, i) => i);
  return { frame, rows, later: Uint32Array.from({ length: fresh }, (_, i) => fitted + i) };
}

/** Share of rows of a label that get a verdict. */
function shareOf(
  labels: ArrayLike<number>,
  scores: Float64Array,
  of: { label: number; verdict: Verdict },
  thresholds: (i: number) => Thresholds | null,
): number {
  let [hits, all] = [0, 0];
  scores.forEach((score, i) => {
    if (labels[i] !== of.label) return;
    all += 1;
    hits += Number(verdictOf(score, thresholds(i)!) === of.verdict);
  });
  return hits / all;
}

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

interface Judged {
  readonly recall: number;
  readonly missed: number;
  readonly accused: number;
}

/** Verdict figures on 40 sets of pure noise: by the thresholds that ship, by cross-fitted ones, and on fresh rows. */
function judgedOnNoise(rule: ThresholdRule): Record<'own' | 'crossed' | 'later', Judged> {
  const found = Array.from({ length: 40 }, (_, seed) => {
    const { frame, rows, later } = noise(seed);
    const settings = settingsOf(seed, rule);
    const model = fitRows(frame, [rows], settings, { seed })[0]!;
    const judge = (labels: ArrayLike<number>, scores: Float64Array, by: (i: number) => Thresholds | null): Judged => ({
      recall: shareOf(labels, scores, { label: 1, verdict: 'scam' }, by),
      missed: shareOf(labels, scores, { label: 1, verdict: 'not_scam' }, by),
      accused: shareOf(labels, scores, { label: 0, verdict: 'scam' }, by),
    });
    const scores = model.model.margins(frame, later).map((m) => Math.fround(model.calibrator.probability(m)));
    return {
      own: judge(frame.labels, model.unseen, () => model.thresholds),
      crossed: judge(frame.labels, model.unseen, crossFittedThresholds(frame, rows, settings, model)),
      later: judge(frame.labels.subarray(fitted), scores, () => model.thresholds),
    };
  });
  const meanOf = (way: 'own' | 'crossed' | 'later'): Judged => ({
    recall: mean(found.map((f) => f[way].recall)),
    missed: mean(found.map((f) => f[way].missed)),
    accused: mean(found.map((f) => f[way].accused)),
  });
  return { own: meanOf('own'), crossed: meanOf('crossed'), later: meanOf('later') };
}

describe('verdict figures of out-of-fold scores', () => {
  it.each<[string, ThresholdRule]>([
    ['shares', { by: 'shares', missed: 0.022, wrongAccusation: 0.04 }],
    ['a recall', { by: 'recall', recall: 0.8, unclear: 0.2 }],
  ])('do not flatter on pure noise, by %s', (_, rule) => {
    const { own, crossed, later } = judgedOnNoise(rule);
    // Noise tells nothing: scams are called scam as often as genuine providers are. Judged on the scores that the
    // thresholds were set on, it would seem to tell something.
    expect(own.recall - own.accused).toBeGreaterThan(0.02);
    expect(crossed.recall - crossed.accused).toBeLessThan(0.01);
    expect(Math.abs(later.recall - later.accused)).toBeLessThan(0.01);
    // Nor do they promise less harm than fresh cases then see.
    expect(own.missed).toBeLessThan(later.missed);
    expect(crossed.missed).toBeGreaterThan(later.missed);
    expect(crossed.accused).toBeGreaterThan(later.accused - 0.01);
  });

  it('go by thresholds of the other folds, each row by those of its own', () => {
    const rule: ThresholdRule = { by: 'shares', missed: 0.1, wrongAccusation: 0.1 };
    const { frame, rows } = noise(3);
    const settings = settingsOf(3, rule);
    const model = fitRows(frame, [rows], settings, { seed: 3 })[0]!;
    const crossed = crossFittedThresholds(frame, rows, settings, model);
    const { labels, groups } = frame;
    const own = { labels: labels.subarray(0, fitted), groups: groups.subarray(0, fitted) };
    const folds = dealFolds(own, foldCount(frame, rows), createRandom(3));
    const others = new Set<number>();
    for (const at of rows) {
      others.add(folds[at]!);
      const cases = Array.from(rows).flatMap((i) =>
        folds[i] === folds[at] ? [] : [{ label: labels[i] as 0 | 1, weight: 1, score: model.unseen[i]! }],
      );
      expect(crossed(at)).toEqual(thresholdsBy(rule, cases));
    }
    expect(others.size).toBe(5);
  });

  it('leave out cases for which the other folds allow no thresholds', () => {
    const { frame, rows } = noise(4);
    const settings = settingsOf(4, { by: 'recall', recall: 0.9, unclear: 0, wrongAccusation: 0.05 });
    // Perfect scores, but for one scam of the first fold: only without that fold the limits can be kept.
    const folds = dealFolds(
      { labels: frame.labels.subarray(0, fitted), groups: frame.groups.subarray(0, fitted) },
      5,
      createRandom(4),
    );
    const unseen = Float64Array.from(rows, (i) => (folds[i] === 0 ? 0.5 : frame.labels[i] === 1 ? 0.9 : 0.1));
    const crossed = crossFittedThresholds(frame, rows, settings, { unseen, folds });
    expect(new Set(Array.from(rows, (at) => (crossed(at) === null) === (folds[at] !== 0)))).toEqual(new Set([true]));
  });

  it('are what a run without held-out rows reports', () => {
    const random = createRandom(8);
    const rows = Array.from({ length: 120 }, (_, i): LabelledRow => {
      const attributes = { contact_minutes: random.below(200), money_asked: random.chance(0.5) };
      const facts = { schema: { id: 'complaints', version: 1 }, attributes, tactics: [] };
      return { facts, label: i % 3 === 0 ? 0 : 1, received: null };
    });
    const rule: ThresholdRule = { by: 'shares', missed: 0.1, wrongAccusation: 0.1 };
    const dataset = datasetOf(complaintsSchema, rows);
    const settings = settingsOf(5, rule);
    const { metrics } = trainRun(dataset, settings);
    const all = Uint32Array.from(rows.keys());
    const model = fitRows(dataset.frame, [all], settings, { seed: 5 })[0]!;
    const crossed = crossFittedThresholds(dataset.frame, all, settings, model);
    const { labels } = dataset.frame;
    expect(metrics.basis).toBe('out_of_fold');
    expect(metrics.thresholds).toEqual(model.thresholds);
    const missed = shareOf(labels, model.unseen, { label: 1, verdict: 'not_scam' }, crossed);
    const accused = shareOf(labels, model.unseen, { label: 0, verdict: 'scam' }, crossed);
    expect(metrics.figures['missed']!.value).toBeCloseTo(missed, 12);
    expect(metrics.figures['wrong_accusation']!.value).toBeCloseTo(accused, 12);
    expect(missed).not.toBe(shareOf(labels, model.unseen, { label: 1, verdict: 'not_scam' }, () => model.thresholds));
  });
});
