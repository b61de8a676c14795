import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits, thresholdsFromCosts, thresholdsFromScores } from '../../registry/learning/thresholds.ts';

const scored = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 2,
    maxLength: 200,
  })
  .filter((rows) => rows.some((r) => r.label === 1) && rows.some((r) => r.label === 0));

describe('thresholds', () => {
  it('from scores keep both limits on the cases they are set on, whatever these are', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const { notScamBelow, scamFrom } = thresholdsFromScores({
          labels: rows.map((r) => r.label),
          scores: rows.map((r) => r.score),
        });
        const share = (label: number, hit: (score: number) => boolean): number => {
          const part = rows.filter((r) => r.label === label);
          return part.filter((r) => hit(r.score)).length / part.length;
        };
        expect(notScamBelow).toBeLessThanOrEqual(scamFrom);
        expect(share(1, (s) => s < notScamBelow)).toBeLessThanOrEqual(defaultLimits.missed);
        // A threshold is at most 1, so scores of genuine providers at 1 cannot be kept below it.
        if (rows.every((r) => r.label === 1 || r.score < 0.9998)) {
          expect(share(0, (s) => s >= scamFrom)).toBeLessThanOrEqual(defaultLimits.wrongAccusation);
        }
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it('from scores far apart become one threshold between them', () => {
    const { notScamBelow, scamFrom } = thresholdsFromScores({ labels: [1, 1, 0, 0], scores: [0.9, 0.8, 0.1, 0.2] });
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
    expect(() => thresholdsFromScores({ labels: [1], scores: [0.5] })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    expect(() => thresholdsFromCosts({ missedScam: 0, wrongAccusation: 1, unclear: 1 })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });
});
