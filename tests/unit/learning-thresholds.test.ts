import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits, thresholdsFromCosts, thresholdsFromScores } from '../../registry/learning/thresholds.ts';

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

const plain = (label: 0 | 1, ...scores: number[]) => scores.map((score) => ({ label, score, weight: 1 }));

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
