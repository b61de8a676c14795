import { describe, expect, it } from 'vitest';
import { singleGroups, type JudgedCases } from '../../../../learning/figures/cases.ts';
import { casesNeeded, defaultSliceOptions } from '../../../../learning/evaluation/settings.ts';
import { evaluateSlices, otherValues, type SliceTest } from '../../../../learning/evaluation/slices.ts';
import { sliceLines } from '../../../../learning/evaluation/text.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { inEnglish } from '../../../support/saying.ts';

const thresholds = { notScamBelow: 0.3, scamFrom: 0.7 };
/** So many genuine cases that some slice has too few. */
const needed = { ...casesNeeded, wrong_accusation: 500 };

function judged(labels: ArrayLike<number>): JudgedCases {
  return { labels, weights: new Float64Array(labels.length).fill(1), groups: singleGroups(labels.length) };
}

/** Invented cases whose scores are right on average. */
function invented(rows: number, seed = 1): { labels: Uint8Array; scores: Float64Array } {
  const random = createRandom(seed);
  const scores = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(-0.8 - 2 * random.normal())));
  return { labels: Uint8Array.from(scores, (p) => Number(random.chance(p))), scores };
}

describe('slices', () => {
  const rows = 6000;
  const { labels, scores } = invented(rows);
  const codes = Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? 2 : i % 2));
  // In the third office half of the scams get a low score.
  const spoiled = scores.map((score, i) => (codes[i] === 2 && labels[i] === 1 && i % 20 === 0 ? 0.1 : score));
  const office = { name: 'office', levels: ['North', 'South', 'West', 'empty'], codes };

  it('name the one that is worse than the rest, and not the others', () => {
    const report = evaluateSlices(judged(labels), spoiled, thresholds, [office], defaultSliceOptions);
    expect(report.slices.map((s) => s.value)).toEqual(['North', 'South', 'West']);
    expect(report.comparisons).toBe(9);
    expect(report.slices.map((s) => s.tests.missed.result)).toEqual(['not_worse', 'not_worse', 'worse']);
    const west = report.slices[2]!;
    expect(west.tests.missed.low).toBeGreaterThan(defaultSliceOptions.margin);
    expect(west.tests.missed.adjusted).toBeGreaterThan(west.tests.missed.p!);
    expect(west.shares.missed!.value - west.tests.missed.rest!).toBeCloseTo(west.tests.missed.difference!, 12);
    expect(west.tests.wrong_accusation.result).not.toBe('worse');
  });

  it('cannot tell on few cases, and say how many comparisons had too few', () => {
    const few = { name: 'month', levels: ['2026-01', '2026-02'], codes: codes.map((_, i) => Number(i < 40)) };
    const report = evaluateSlices(judged(labels), spoiled, thresholds, [few], defaultSliceOptions);
    expect(report).toMatchObject({ comparisons: 6, counts: { too_few: 6, worse: 0, not_worse: 0, undecided: 0 } });
    for (const { tests } of report.slices)
      expect(Object.values(tests).map((t) => t.result)).toEqual(['cannot_tell', 'cannot_tell', 'cannot_tell']);
  });

  it('seldom call one worse when none is', () => {
    const random = createRandom(7);
    let calls = 0;
    for (let trial = 0; trial < 60; trial++) {
      const drawn = invented(1500, 100 + trial);
      const levels = ['a', 'b', 'c', 'd', 'e'];
      const any = { name: 'any', levels, codes: Array.from({ length: 1500 }, () => random.below(5)) };
      const { slices } = evaluateSlices(judged(drawn.labels), drawn.scores, thresholds, [any], {
        ...defaultSliceOptions,
        margin: 0,
      });
      if (slices.some((s) => Object.values(s.tests).some((t) => t.result === 'worse'))) calls += 1;
    }
    // At most 5 % are expected; more than 8 of 60 has a chance below 0.3 %.
    expect(calls).toBeLessThanOrEqual(8);
  });

  /**
   * Forty slices of 250 scams each; in half of them scams are missed more often by just so much that the difference to
   * all others is the margin.
   */
  function atTheMargin(trial: number, margin: number) {
    const random = createRandom(1000 + trial);
    const slices = 40;
    const more = (2 * margin * (slices - 1)) / slices;
    const codes = Array.from({ length: slices * 250 }, (_, i) => i % slices);
    const missed = codes.map((code) => random.chance(code % 2 === 0 ? 0.03 + more : 0.03));
    const kinds = { name: 'kind', levels: Array.from({ length: slices }, (_, k) => `k${k}`), codes };
    const scores = Float64Array.from(missed, (m) => (m ? 0.1 : 0.9));
    const all = judged(new Uint8Array(scores.length).fill(1));
    const options = { ...defaultSliceOptions, margin, mostLevels: slices };
    return evaluateSlices(all, scores, thresholds, [kinds], options).slices.map((s) => s.tests.missed);
  }

  it('seldom call any no worse that is, by the margin: the number of slices is corrected for', () => {
    let [some, uncorrected, right] = [0, 0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const tests = atTheMargin(trial, 0.06);
      const bad = tests.filter((_, k) => k % 2 === 0);
      some += Number(bad.some((t) => t.result === 'not_worse'));
      uncorrected += Number(bad.some((t) => t.high! <= 0.06));
      right += tests.filter((t, k) => k % 2 === 1 && t.result === 'not_worse').length;
    }
    // At most 2.5 % of 60 are expected: more than 5 have a chance below 0.5 %. Without correction it is four in ten.
    expect(some).toBeLessThanOrEqual(5);
    expect(uncorrected).toBeGreaterThan(12);
    // And most of those that are no worse are still found.
    expect(right).toBeGreaterThan(0.9 * 60 * 20);
  });

  it('are counted in one way, and the counts add up in text and report', () => {
    const report = evaluateSlices(judged(labels), spoiled, thresholds, [office], { ...defaultSliceOptions, needed });
    const { worse, not_worse, undecided, too_few } = report.counts;
    expect(worse + not_worse + undecided + too_few).toBe(report.comparisons);
    const counted = (is: (t: SliceTest) => boolean): number =>
      report.slices.flatMap((s) => Object.values(s.tests)).filter(is).length;
    expect(worse).toBe(counted((t) => t.result === 'worse'));
    expect(not_worse).toBe(counted((t) => t.result === 'not_worse'));
    expect(too_few).toBe(counted((t) => t.p === null));
    expect(too_few).toBeGreaterThan(0);
    const last = inEnglish(sliceLines(report).at(-1)!);
    const [all, parts, shares, ...each] = last
      .replace(/by \d\.\d points/, '')
      .match(/\d+/g)!
      .map(Number);
    expect([all, parts, shares]).toEqual([9, 3, 3]);
    expect(each.slice(0, 4)).toEqual([worse, not_worse, undecided, too_few]);
  });

  it('put small values together, and leave out one that is all there is', () => {
    const many = {
      name: 'kind',
      levels: Array.from({ length: 50 }, (_, i) => `k${i}`),
      codes: codes.map((_, i) => i % 50),
    };
    const report = evaluateSlices(judged(labels), scores, thresholds, [many], {
      ...defaultSliceOptions,
      mostLevels: 5,
    });
    expect(report.slices.map((s) => s.value)).toEqual(['k0', 'k1', 'k2', 'k3', otherValues]);
    expect(report.slices.reduce((sum, s) => sum + s.rows, 0)).toBe(rows);
    const all = { name: 'all', levels: ['yes'], codes: codes.map(() => 0) };
    expect(evaluateSlices(judged(labels), scores, thresholds, [all], defaultSliceOptions).slices).toEqual([]);
    expect(casesNeeded.missed).toBeGreaterThan(0);
  });
});
