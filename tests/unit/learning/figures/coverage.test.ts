import { describe, expect, it } from 'vitest';
import { calibrationBeyondChance } from '../../../../learning/figures/calibration-interval.ts';
import { groupingOf } from '../../../../learning/figures/cases.ts';
import {
  evaluateScores,
  type EvaluatedFigure,
  type EvaluateOptions,
} from '../../../../learning/evaluation/evaluate.ts';
import { defaultCosts, defaultSliceOptions } from '../../../../learning/evaluation/settings.ts';
import { createRandom, type Random } from '../../../../learning/statistics/random.ts';

const options: EvaluateOptions = {
  thresholds: { notScamBelow: 0.3, scamFrom: 0.8 },
  costs: defaultCosts,
  firsts: [],
  slicings: [],
  slices: defaultSliceOptions,
  seed: 1,
  repeats: 200,
};

type Figures = Readonly<Record<string, EvaluatedFigure>>;

/**
 * Invented groups whose cases have much the same score, and in seven of ten cases the same label. Scores leave out what a
 * group has of its own.
 */
function figuresOf(random: Random, groups: number, sizeOf: (random: Random) => number, repeats = 200): Figures {
  const [labels, scores, names]: number[][] = [[], [], []];
  for (let group = 0; group < groups; group++) {
    const [usual, own, common] = [0.8 + 1.5 * random.normal(), 0.7 * random.normal(), random.next()];
    for (let i = sizeOf(random); i > 0; i--) {
      const margin = usual + 0.5 * random.normal();
      const draw = random.chance(0.7) ? common : random.next();
      labels!.push(Number(draw < 1 / (1 + Math.exp(-margin - own))));
      scores!.push(1 / (1 + Math.exp(-margin)));
      names!.push(group);
    }
  }
  const cases = { labels: labels!, weights: labels!.map(() => 1), groups: groupingOf(names!) };
  return evaluateScores(cases, scores!, { ...options, repeats }).figures;
}

const trials = 100;

/** Of so many samples, how often the interval of each figure holds the figure of the whole population. */
function covered(groups: number, sizeOf: (random: Random) => number): Record<string, number> {
  const { calibration_error: error, ...truth } = figuresOf(createRandom(1), 60_000, sizeOf, 1);
  const population: Record<string, number> = { calibration_error_beyond_chance: error!.value };
  for (const [name, { value }] of Object.entries(truth)) population[name] ??= value;
  const found: Record<string, number> = {};
  for (let trial = 0; trial < trials; trial++) {
    for (const [name, { low, high }] of Object.entries(figuresOf(createRandom(100 + trial), groups, sizeOf))) {
      if (low === null || high === null) continue;
      found[name] = (found[name] ?? 0) + Number(low <= population[name]! && population[name]! <= high);
    }
  }
  return found;
}

describe('95 % intervals', () => {
  // Fewer than 88 of 100 have a chance of 0.15 % each at 95 %. Where a few scammers decide, means fall a little short.
  it.each<[string, number, (random: Random) => number]>([
    ['single cases', 88, () => 1],
    ['groups of one to three', 88, (random) => 1 + random.below(3)],
    ['scammers of whom a few have most cases', 84, (random) => Math.min(60, Math.floor(random.next() ** -0.9))],
  ])('hold the truth about as often as they say, for %s', (_, least, sizeOf) => {
    const { mean_cost: cost, ...others } = covered(250, sizeOf);
    for (const [name, times] of Object.entries(others))
      expect({ name, fits: times >= least }).toEqual({ name, fits: true });
    // Costs are skewed.
    expect(cost).toBeGreaterThanOrEqual(least - 6);
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining(['auc', 'average_precision', 'log_loss', 'brier', 'lift_first_tenth', 'missed']),
    );
    expect(others).toHaveProperty('calibration_error_beyond_chance');
  });
});

describe('calibration error beyond chance', () => {
  const bin = (value: number, moves: readonly number[]) => ({
    value,
    resampled: Float64Array.from(moves, (m) => value + m),
  });
  const moves = Array.from({ length: 200 }, (_, i) => (i - 99.5) / 1000);

  it('is nothing where chance alone gives as much', () => {
    const found = calibrationBeyondChance([bin(0.04, moves), bin(-0.03, moves)])!;
    expect(found.value).toBe(0);
    expect(found.ends.low).toBe(0);
    expect(found.ends.high).toBeGreaterThan(0.04);
  });

  it('is the error itself where there is no chance in it, and near it where there is little', () => {
    const none = calibrationBeyondChance([
      bin(
        0.04,
        moves.map(() => 0),
      ),
      bin(
        -0.03,
        moves.map(() => 0),
      ),
    ])!;
    expect(none.value).toBeCloseTo(0.07, 9);
    expect(none.ends.low).toBeCloseTo(0.07, 9);
    expect(none.ends.high).toBeCloseTo(0.07, 9);
    const little = calibrationBeyondChance([bin(0.4, moves)])!;
    expect(little.value).toBeCloseTo(0.4, 2);
    // The 2.5 % and 97.5 % points of the moves.
    expect(little.ends.low).toBeCloseTo(0.4 - 0.095, 2);
    expect(little.ends.high).toBeCloseTo(0.4 + 0.095, 2);
  });

  it('is unknown without cases', () => {
    expect(calibrationBeyondChance([bin(NaN, moves)])).toBeNull();
    expect(calibrationBeyondChance([])).toBeNull();
  });
});
