import { describe, expect, it } from 'vitest';
import { aucInterval, wilson } from '../../../../shared/metrics/index.ts';

describe('the interval of an AUC', () => {
  it('is that of Wilson for one case of each label, whose variance is binomial', () => {
    const { low, high } = aucInterval(1, 1, 1)!;
    // (1 - x)^2 = 1.96^2 x (1 - x) has the root 1 / (1 + 1.96^2).
    expect(low).toBeCloseTo(1 / (1 + 1.959963984540054 ** 2), 12);
    expect(low).toBeCloseTo(wilson(1, 1).low, 12);
    expect(high).toBe(1);
  });

  it('reaches where the value found is 1.96 standard errors of the end away', () => {
    const { low } = aucInterval(1, 10, 20)!;
    const more = 14;
    const variance = (low * (1 - low) * (1 + more * ((1 - low) / (2 - low) + low / (1 + low)))) / 200;
    expect((1 - low) / Math.sqrt(variance)).toBeCloseTo(1.959963984540054, 8);
    expect(low).toBeGreaterThan(0.7);
    expect(low).toBeLessThan(0.95);
  });

  it('has a width however many cases there are, less with more, and is the same turned around', () => {
    const lows = [2, 5, 20, 500, 100_000].map((n) => aucInterval(1, n, n)!.low);
    expect(lows).toEqual(lows.toSorted((a, b) => a - b));
    expect(lows.at(-1)).toBeLessThan(1);
    const [one, other] = [aucInterval(0.8, 12, 30)!, aucInterval(0.2, 30, 12)!];
    expect(one.low).toBeCloseTo(1 - other.high, 12);
    expect(one.high).toBeCloseTo(1 - other.low, 12);
  });

  it('needs a case of each label', () => {
    expect([aucInterval(1, 0, 5), aucInterval(1, 5, 0.5), aucInterval(NaN, NaN, 3)]).toEqual([null, null, null]);
  });
});
