import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thresholdsSetBy } from '../../../../learning/train/model-card.ts';
import { fitRows } from '../../../../learning/train/fitting.ts';
import { allRows } from '../../../../learning/dataset/frame.ts';
import { defaultSettings, type TrainSettings } from '../../../../learning/train/settings.ts';
import {
  beyondLimits,
  defaultLimits,
  thresholdRuleSchema,
  thresholdsBy,
  thresholdsFromCosts,
  thresholdsFromScores,
  type ThresholdCase,
  type ThresholdRule,
} from '../../../../learning/thresholds/thresholds.ts';
import { verdictOf, type Thresholds, type Verdict } from '../../../../shared/domain/verdict.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { isOutpostError } from '../../../../shared/errors/index.ts';
import { frameOf } from '../trainers/boosting/frames.ts';
import { test } from '../../property.ts';
import { linesInEnglish } from '../../../support/in-english.ts';

const scored = fc
  .array(
    fc.record({
      label: fc.constantFrom<(0 | 1)[]>(0, 1),
      score: fc.double({ min: 0, max: 0.9997, noNaN: true }),
      weight: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 200 },
  )
  .filter((rows) => rows.some((r) => r.label === 1) && rows.some((r) => r.label === 0));

const trainSettings: TrainSettings = {
  ...defaultSettings,
  seed: 1,
  trainer: 'logistic',
  name: 'Far',
  created: '2026-01-01T00:00:00.000Z',
  expires: '2027-01-01',
  codeVersion: 'test',
  simulated: true,
};

const plain = (label: 0 | 1, ...scores: number[]) => scores.map((score) => ({ label, score, weight: 1 }));

describe('thresholds by shares where many genuine providers score exactly 1', () => {
  const rule = { by: 'shares', missed: 0.022, wrongAccusation: 0.04 } as const;
  const cases = (certain: number) => [
    ...plain(1, ...Array.from({ length: 100 }, () => 1)),
    ...plain(0, ...Array.from({ length: 100 }, (_, i) => (i < certain ? 1 : 0.1))),
  ];

  it('say what they reach: no threshold parts these scores', () => {
    const thresholds = thresholdsBy(rule, cases(40));
    expect(thresholds.scamFrom).toBe(1);
    const beyond = beyondLimits(rule, thresholds, cases(40));
    expect(beyond).toEqual({ missed: 0, wrongAccusation: 0.4 });
    expect(linesInEnglish([thresholdsSetBy({ thresholdRule: rule, beyondRule: beyond! })])).toBe(
      '0 % of scams fall below and 40 % of genuine providers reach the upper threshold there, where at most 2.2 % and 4 % were wanted: no threshold can separate scores that are exactly 1',
    );
  });

  it('have nothing to add where they keep to the limits', () => {
    expect(beyondLimits(rule, thresholdsBy(rule, cases(4)), cases(4))).toBeNull();
    expect(linesInEnglish([thresholdsSetBy({ thresholdRule: rule })])).toMatch(
      /^at most 2.2 % of scams fall below and at most 4 % of/,
    );
  });

  it('are known to a training: out of fold, log odds go far beyond 17 for a group that lies far out', () => {
    const labels = Array.from({ length: 400 }, (_, i) => Number(i < 200));
    const far = (i: number): boolean => i >= 320;
    const x = labels.map((label, i) => ({ x: far(i) ? 1e6 : 4 * label + (i % 10) / 10 }));
    const groups = Int32Array.from(labels, (_, i) => (far(i) ? 320 : i));
    const frame = { ...frameOf({ x: 'number' }, x, labels), groups };
    const [fitted] = fitRows(frame, [allRows(frame)], { ...trainSettings, thresholds: rule }, { seed: 1 });
    expect(fitted!.thresholds.scamFrom).toBe(1);
    expect(fitted!.beyond!.wrongAccusation).toBeGreaterThanOrEqual(0.4);
  });
});

describe('thresholds', () => {
  it('from scores keep both limits on the cases they are set on, by weight, whatever these are', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const { notScamBelow, scamFrom } = thresholdsFromScores(rows);
        const share = (label: number, hit: (score: number) => boolean): number => {
          const part = rows.filter((r) => r.label === label);
          const weight = (list: typeof rows): number => list.reduce((sum, r) => sum + r.weight, 0);
          return weight(part.filter((r) => hit(r.score))) / weight(part);
        };
        expect(notScamBelow).toBeLessThanOrEqual(scamFrom);
        expect(share(1, (s) => s < notScamBelow)).toBeLessThanOrEqual(defaultLimits.missed);
        expect(share(0, (s) => s >= scamFrom)).toBeLessThanOrEqual(defaultLimits.wrongAccusation);
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it('from scores take a weight of three for three cases, and leave out weights of nothing', () => {
    const rows = [...plain(1, 0.1, 0.4, 0.8, 0.9), ...plain(0, 0.2, 0.5, 0.6)].map((r, i) => ({
      ...r,
      weight: 1 + (i % 3),
    }));
    const repeated = rows.flatMap((r) => Array.from({ length: r.weight }, () => ({ ...r, weight: 1 })));
    const limits = { missed: 0.3, wrongAccusation: 0.4 };
    expect(thresholdsFromScores(rows, limits)).toEqual(thresholdsFromScores(repeated, limits));
    expect(thresholdsFromScores([...rows, { label: 1, score: 0, weight: 0 }], limits)).toEqual(
      thresholdsFromScores(rows, limits),
    );
  });

  it('from scores far apart become one threshold between them', () => {
    const { notScamBelow, scamFrom } = thresholdsFromScores([...plain(1, 0.9, 0.8), ...plain(0, 0.1, 0.2)]);
    expect(notScamBelow).toBe(scamFrom);
    expect(notScamBelow).toBeGreaterThan(0.2);
    expect(notScamBelow).toBeLessThan(0.8);
  });

  it('from costs are where the expected costs of two verdicts are equal', () => {
    expect(thresholdsFromCosts({ missedScam: 10, wrongAccusation: 20, unclear: 1 })).toEqual({
      notScamBelow: 0.1,
      scamFrom: 0.95,
    });
  });

  it('from costs leave nothing unclear when looking costs more than either error', () => {
    const { notScamBelow, scamFrom } = thresholdsFromCosts({ missedScam: 1, wrongAccusation: 3, unclear: 5 });
    expect([notScamBelow, scamFrom]).toEqual([0.75, 0.75]);
  });

  it('refuse one class only and costs that are none', () => {
    expect(() => thresholdsFromScores(plain(1, 0.5))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect(() => thresholdsFromCosts({ missedScam: 0, wrongAccusation: 1, unclear: 1 })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });
});

/** Share of the weight of some cases that got a verdict. */
function shareOf(cases: readonly ThresholdCase[], thresholds: Thresholds, verdict: Verdict, label?: 0 | 1): number {
  let [hits, total] = [0, 0];
  for (const c of cases) {
    if (label !== undefined && c.label !== label) continue;
    total += c.weight;
    if (verdictOf(c.score, thresholds) === verdict) hits += c.weight;
  }
  return hits / total;
}

/** Expected cost of thresholds by the scores alone. */
function expectedCost(cases: readonly ThresholdCase[], thresholds: Thresholds, rule: ThresholdRule): number {
  if (rule.by !== 'costs') throw new Error('no costs');
  return cases.reduce((sum, { score, weight }) => {
    const verdict = verdictOf(score, thresholds);
    if (verdict === 'unclear') return sum + weight * rule.visit;
    return sum + weight * (verdict === 'scam' ? (1 - score) * rule.wrongAccusation : score * rule.missedScam);
  }, 0);
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isOutpostError(error, 'BAD_INPUT')) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Scores on a coarse grid, so that many tie and every pair of thresholds that matters can be tried. */
const coarse = fc
  .array(
    fc.record({
      label: fc.constantFrom<(0 | 1)[]>(0, 1),
      score: fc.oneof(
        fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
        fc.constantFrom(0.0003, 0.29, 0.9999, 1),
      ),
      weight: fc.integer({ min: 0, max: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((rows) => [0, 1].every((label) => rows.some((r) => r.label === label && r.weight > 0)));

const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const cost = fc.constantFrom(1, 2, 5, 10, 0.3);
const costRule = fc.record({
  by: fc.constant('costs' as const),
  missedScam: cost,
  wrongAccusation: cost,
  visit: cost,
  unclear: share,
});
const recallRule = fc.record(
  {
    by: fc.constant('recall' as const),
    recall: fc.integer({ min: 1, max: 20 }).map((n) => n / 20),
    unclear: share,
    missed: share,
    wrongAccusation: share,
  },
  { requiredKeys: ['by', 'recall', 'unclear'] },
);
const sharesRule = fc.record({ by: fc.constant('shares' as const), missed: share, wrongAccusation: share });
const anyRule: fc.Arbitrary<ThresholdRule> = fc.oneof(costRule, recallRule, sharesRule);

/** Every pair of thresholds that tells cases apart differently. */
function everyPair(cases: readonly ThresholdCase[]): Thresholds[] {
  const marks = [
    ...new Set([0, 1, ...cases.flatMap((c) => [c.score, Math.min(1, Math.floor(c.score * 1e4 + 1.5) / 1e4)])]),
  ];
  return marks.flatMap((notScamBelow) =>
    marks.filter((m) => m >= notScamBelow).map((scamFrom) => ({ notScamBelow, scamFrom })),
  );
}

const outcome = (rule: ThresholdRule, cases: readonly ThresholdCase[]): Thresholds | string => {
  try {
    return thresholdsBy(rule, cases);
  } catch (error) {
    if (isOutpostError(error, 'BAD_INPUT')) return error.message;
    throw error;
  }
};

describe('thresholds by a rule', () => {
  test(
    'have four decimals, are ordered, and depend neither on the order of rows nor on how they are counted',
    [coarse, anyRule, fc.nat()],
    (cases, rule, seed) => {
      const found = outcome(rule, cases);
      if (typeof found !== 'string') {
        expect(found.notScamBelow).toBeLessThanOrEqual(found.scamFrom);
        for (const t of Object.values(found)) expect(t).toBe(Number(t.toFixed(4)));
      }
      const random = createRandom(seed);
      const shuffled = cases.map((c) => ({ c, key: random.next() })).toSorted((a, b) => a.key - b.key);
      expect(
        outcome(
          rule,
          shuffled.map(({ c }) => c),
        ),
      ).toEqual(found);
      const repeated = cases.flatMap((c) => Array.from({ length: c.weight }, () => ({ ...c, weight: 1 })));
      expect(outcome(rule, repeated)).toEqual(found);
    },
    300,
  );

  test(
    'of costs leave no more unclear than linesInEnglish, and cost no more than any others that do',
    [coarse, costRule],
    (cases, rule) => {
      const found = thresholdsBy(rule, cases);
      expect(shareOf(cases, found, 'unclear')).toBeLessThanOrEqual(rule.unclear);
      const others = everyPair(cases).filter((t) => shareOf(cases, t, 'unclear') <= rule.unclear);
      const least = Math.min(...others.map((t) => expectedCost(cases, t, rule)));
      expect(expectedCost(cases, found, rule)).toBeLessThanOrEqual(least + 1e-6);
    },
    300,
  );

  it('of costs are those of the costs alone when few enough cases stay unclear', () => {
    const rule = { by: 'costs', missedScam: 10, wrongAccusation: 3, visit: 1 } as const;
    const cases = [...plain(1, 0.9, 0.5), ...plain(0, 0.1, 0.05)];
    const wanted = { notScamBelow: 0.1, scamFrom: 0.6667 };
    expect(thresholdsBy(rule, cases)).toEqual(wanted);
    expect(thresholdsBy({ ...rule, unclear: 0.5 }, cases)).toEqual(wanted);
    // A quarter may stay unclear: 0.1 (a miss would cost as much as a visit) is called not_scam, and nothing else moves.
    expect(thresholdsBy({ ...rule, unclear: 0.25 }, cases)).toEqual({ notScamBelow: 0.1001, scamFrom: 0.6667 });
  });

  it('of costs take the exact place in a large sample', () => {
    const random = createRandom(5);
    const cases = Array.from({ length: 20_000 }, () => {
      const score = Math.round(random.next() * 1e4) / 1e4;
      return { label: random.chance(score) ? (1 as const) : (0 as const), score, weight: 1 };
    });
    const { notScamBelow, scamFrom } = thresholdsBy(
      { by: 'costs', missedScam: 4, wrongAccusation: 4, visit: 0.4, unclear: 0.2 },
      cases,
    );
    // Costs are alike on both sides, scores even: what stays unclear lies around one half.
    expect(notScamBelow).toBeCloseTo(0.4, 1);
    expect(scamFrom - notScamBelow).toBeCloseTo(0.2, 1);
  });

  test(
    'of a recall keep every limit, with as few genuine providers called scam as any others that do',
    [coarse, recallRule],
    (cases, rule) => {
      const keeps = (t: Thresholds): boolean =>
        shareOf(cases, t, 'scam', 1) >= rule.recall &&
        shareOf(cases, t, 'unclear') <= rule.unclear &&
        shareOf(cases, t, 'not_scam', 1) <= (rule.missed ?? 1) &&
        shareOf(cases, t, 'scam', 0) <= (rule.wrongAccusation ?? 1);
      const others = everyPair(cases).filter(keeps);
      const found = outcome(rule, cases);
      if (typeof found === 'string') return expect(others).toEqual([]);
      expect(keeps(found)).toBe(true);
      const accused = Math.min(...others.map((t) => shareOf(cases, t, 'scam', 0)));
      expect(shareOf(cases, found, 'scam', 0)).toBeLessThanOrEqual(accused);
      // Among those: as many scams called scam as can be had, and then as few missed.
      const alike = others.filter((t) => shareOf(cases, t, 'scam', 0) === accused);
      const recall = Math.max(...alike.map((t) => shareOf(cases, t, 'scam', 1)));
      expect(shareOf(cases, found, 'scam', 1)).toBe(recall);
      const missed = alike
        .filter((t) => shareOf(cases, t, 'scam', 1) === recall)
        .map((t) => shareOf(cases, t, 'not_scam', 1));
      expect(shareOf(cases, found, 'not_scam', 1)).toBe(Math.min(...missed));
    },
    400,
  );

  const mixed = [
    ...plain(1, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 0.91, 0.92, 0.93, 0.94),
    ...plain(0, 0.05, 0.1, 0.3, 0.4, 0.55),
  ];

  it('of a recall are set by hand like this', () => {
    // Nine scams in ten from 0.5 on; a fifth of fifteen cases, 0.2 to 0.4, may stay unclear.
    const found = thresholdsBy({ by: 'recall', recall: 0.9, unclear: 0.2 }, mixed);
    expect(found).toEqual({ notScamBelow: 0.1001, scamFrom: 0.5 });
    expect(thresholdsBy({ by: 'recall', recall: 0.9, unclear: 0 }, mixed)).toEqual({
      notScamBelow: 0.4001,
      scamFrom: 0.5,
    });
  });

  it('of a recall take more scams than asked for where that accuses nobody', () => {
    expect(thresholdsBy({ by: 'recall', recall: 0.5, unclear: 0 }, mixed).scamFrom).toBe(0.6);
  });

  it('of a recall say what could be had when the limits exclude each other', () => {
    expect(refusal(() => thresholdsBy({ by: 'recall', recall: 0.9, unclear: 0.2, wrongAccusation: 0.1 }, mixed))).toBe(
      'A recall of 90 % calls at least 20 % of the genuine providers scam; at most 10 % are allowed. Within that, a recall of 80 % can be had.',
    );
    const rule = { by: 'recall', recall: 0.5, unclear: 0.1, missed: 0, wrongAccusation: 0 } as const;
    expect(refusal(() => thresholdsBy(rule, mixed))).toBe(
      'To miss at most 0 % of the scams and call at most 0 % of the genuine providers scam, at least 33.4 % of the cases must stay unclear; at most 10 % are allowed. Allow more of one of the three.',
    );
    expect(thresholdsBy({ ...rule, unclear: 0.34 }, mixed).scamFrom).toBe(0.6);
  });

  it('of shares are the limits of before', () => {
    expect(thresholdsBy({ by: 'shares', ...defaultLimits }, mixed)).toEqual(thresholdsFromScores(mixed));
  });

  it('refuse one class only, no cases, and scores or weights that are none', () => {
    const rules: ThresholdRule[] = [
      { by: 'shares', ...defaultLimits },
      { by: 'costs', missedScam: 10, wrongAccusation: 5, visit: 1 },
      { by: 'recall', recall: 0.9, unclear: 0.1 },
    ];
    for (const rule of rules) {
      for (const cases of [
        [],
        plain(1, 0.5),
        plain(0, 0.5, 0.1),
        [...plain(1, 0.4), { label: 0 as const, score: 0.1, weight: 0 }],
      ]) {
        expect(refusal(() => thresholdsBy(rule, cases))).toMatch('both confirmed scams and genuine providers');
      }
      for (const wrong of [{ score: NaN }, { score: 1.2 }, { weight: -1 }, { weight: NaN }]) {
        const cases = [...plain(0, 0.1), { label: 1 as const, score: 0.5, weight: 1, ...wrong }];
        expect(refusal(() => thresholdsBy(rule, cases))).toMatch('scores between 0 and 1');
      }
    }
  });

  it('come as JSON, and nothing else is taken', () => {
    expect(thresholdRuleSchema.safeParse({ by: 'recall', recall: 0.95, unclear: 0.1 }).success).toBe(true);
    for (const wrong of [
      { by: 'luck' },
      { by: 'recall', recall: 0, unclear: 0 },
      { by: 'costs', missedScam: 1, wrongAccusation: 0, visit: 1 },
    ]) {
      expect(thresholdRuleSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
