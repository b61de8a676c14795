import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledRow } from '../../../../learning/bundled.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { profileOf } from '../../../support/drift.ts';
import { budgetShare, firstReached, rateEProcess } from '../../../../shared/drift/e-process.ts';
import { addDays, daysBetween, weekOf } from '../../../../shared/drift/days.ts';
import { gTest } from '../../../../shared/drift/g-test.ts';
import { holm } from '../../../../shared/drift/holm.ts';
import { profileSchema } from '../../../../shared/encoding/profile.ts';
import { psi } from '../../../../shared/drift/psi.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { hasReferenceData, referenceFigures, referenceRows } from '../../../support/reference-data.ts';

/** All counts of two profiles added up; a tactic that one of them has not counts as none there. */
function added(one: unknown, other: unknown, all: unknown): unknown {
  if (typeof all === 'number') return Number(one ?? 0) + Number(other ?? 0);
  if (Array.isArray(all)) return all.map((each, i) => added((one as unknown[])[i], (other as unknown[])[i], each));
  if (typeof all !== 'object' || all === null) return one;
  const [left, right] = [one, other] as Record<string, unknown>[];
  return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, added(left![name], right![name], each)]));
}

describe('profiles', () => {
  const cases = Array.from(simulateCases({ cases: 300, seed: 4, from: '2026-06-01', days: 30 }), (c) => ({
    facts: c.facts,
    score: c.truth === 1 ? 0.9 : 0.1,
  }));

  it('of parts add up to the profile of the whole, wherever it is cut', () => {
    const countsOf = (part: typeof cases) => ({ ...profileOf(complaintsSchema, part), schema: null });
    const whole = countsOf(cases);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (cut) => {
        const [one, other] = [cases.slice(0, cut), cases.slice(cut)].map(countsOf);
        expect(added(one, other, whole)).toEqual(whole);
      }),
      { seed: 3, numRuns: 20 },
    );
  });

  it('count every case once per attribute, in a bin, outside, or missing', () => {
    const profile = profileSchema.parse(profileOf(complaintsSchema, cases));
    for (const counts of Object.values(profile.attributes)) {
      expect(counts.counts.reduce((a, b) => a + b, 0) + counts.other + counts.missing).toBe(300);
    }
    expect(profile.scores.reduce((a, b) => a + b, 0)).toBe(300);
  });

  it('put an edge into the upper bin, a score of 1 into the last, an unlisted value outside', () => {
    const profile = profileOf(complaintsSchema, [
      {
        facts: {
          schema: { id: 'complaints', version: 1 },
          attributes: { contact_minutes: 5, story_told: 'lottery' },
          tactics: ['Gift cards', 'vouchers'],
        },
        score: 1,
      },
    ]);
    expect(profile.attributes['contact_minutes']).toMatchObject({
      bins: ['<5', '5..10', '10..20', '20..40', '40..80', '>=80'],
      counts: [0, 1, 0, 0, 0, 0],
    });
    expect(profile.attributes['story_told']).toMatchObject({ other: 1, missing: 0 });
    expect(profile.scores[19]).toBe(1);
    expect(profile.tactics).toEqual({ gift_cards: 1 });
  });
});

describe('two-sample statistics', () => {
  it("G-test: against SciPy, with Williams' correction on top", () => {
    // scipy.stats.chi2_contingency([[12, 5], [29, 2]], lambda_="log-likelihood", correction=False), here divided by q.
    const { g, df } = gTest([12, 5], [29, 2]);
    const q = 1 + ((48 / 17 + 48 / 31 - 1) * (48 / 41 + 48 / 7 - 1)) / (6 * 48 * 1);
    expect(g * q).toBeCloseTo(4.451070695347775, 10);
    expect(df).toBe(1);
  });

  it('G-test: nothing to compare gives p = 1', () => {
    expect(gTest([0, 0], [3, 4]).p).toBe(1);
    expect(gTest([5, 0], [7, 0]).p).toBe(1);
  });

  it('G-test: keeps its level on equal distributions', () => {
    const random = createRandom(8);
    const draw = (n: number): number[] => {
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < n; i++) counts[Number(random.weighted({ 0: 50, 1: 30, 2: 15, 3: 5 }))]! += 1;
      return counts;
    };
    const below = Array.from({ length: 2000 }, () => gTest(draw(300), draw(80)).p).filter((p) => p < 0.05).length;
    expect(below / 2000).toBeGreaterThan(0.03);
    expect(below / 2000).toBeLessThan(0.065);
  });

  it('Holm: adjusted values of a worked example, monotone and at most 1', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });

  it('PSI is 0 for equal shares, symmetric, and floors empty bins', () => {
    expect(psi([10, 20], [5, 10])).toBeCloseTo(0, 12);
    expect(psi([10, 20], [7, 3])).toBeCloseTo(psi([7, 3], [10, 20]), 12);
    expect(psi([100, 0], [50, 50])).toBeCloseTo((0.5 - 1) * Math.log(0.5) + (0.5 - 1e-4) * Math.log(0.5 / 1e-4), 12);
    expect(psi([], [])).toBeNaN();
  });
});

type Cells = Record<string, string>;

/** numpy.quantile with linear interpolation of ascending values. */
function quantile(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** Counts as the reference makes them: deciles of the reference part with the missing apart, or every value a bin. */
function counter(before: Cells[], now: Cells[], column: string, numeric: boolean): (part: Cells[]) => number[] {
  if (!numeric) {
    const values = [...new Set([...before, ...now].map((r) => r[column]!))];
    return (part) => values.map((v) => part.filter((r) => r[column] === v).length);
  }
  const known = before.map((r) => r[column]!).filter((v) => v !== '');
  const sorted = known.map(Number).toSorted((a, b) => a - b);
  const cuts = [...new Set([1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => quantile(sorted, k / 10)))];
  return (part) => {
    const counts = Array<number>(cuts.length + 2).fill(0);
    for (const row of part)
      counts[row[column] === '' ? cuts.length + 1 : cuts.filter((c) => c < Number(row[column])).length]! += 1;
    return counts;
  };
}

describe.runIf(hasReferenceData('PSI against the reference figures'))('PSI against the reference figures', () => {
  it.each(['ftc_dnc_2020', 'elec2'])('%s: every column of every block', (set) => {
    const reference = referenceFigures(set);
    const rows = referenceRows(set, set);
    const before = rows.slice(0, Math.floor(rows.length / 3));
    const numeric = new Set<string>(reference['numeric']);
    let compared = 0;
    for (const block of reference['drift'].blocks) {
      const now = rows.slice(block.first_row, block.last_row + 1);
      if (now.length !== block.n) continue;
      for (const column of Object.keys(block.features)) {
        const count = counter(before, now, column, numeric.has(column));
        const wanted: number = block.features[column].psi;
        expect(Math.abs(psi(count(before), count(now)) - wanted)).toBeLessThan(2e-5 * Math.max(1, wanted));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('elec2: what was constant up to a known row stands out after it, and by effect size not by p alone', () => {
    const rows = referenceRows('elec2', 'elec2');
    const change = 17_424;
    const parts = [
      rows.slice(0, change - 4000),
      rows.slice(change - 4000, change),
      rows.slice(change, change + 4000),
    ] as const;
    const edges = [0.1, 0.3, 0.42, 0.44, 0.6, 0.8];
    const count = (part: Cells[], column: string): number[] => {
      const counts = Array<number>(edges.length + 1).fill(0);
      for (const row of part) counts[edges.filter((e) => e < Number(row[column])).length]! += 1;
      return counts;
    };
    for (const column of ['vicdemand', 'transfer']) {
      expect(psi(count(parts[0], column), count(parts[1], column))).toBeLessThan(0.001);
      expect(psi(count(parts[0], column), count(parts[2], column))).toBeGreaterThan(1);
      expect(gTest(count(parts[0], column), count(parts[2], column)).p).toBeLessThan(1e-100);
    }
    // Half-hourly demand goes with the season: the p-value is tiny there too, and means little.
    expect(gTest(count(parts[0], 'nswdemand'), count(parts[1], 'nswdemand')).p).toBeLessThan(1e-6);
  });
});

describe('e-process of a rate', () => {
  // Numerical integration with mpmath.
  it.each([
    [3, 22, 0.1, { a: 1, b: 3 }, 0.459723320158],
    [6, 12, 0.05, { a: 1, b: 3 }, 6763.01984682],
    [40, 60, 0.3, { a: 2, b: 2 }, 6800801.68605],
    [0, 200, 0.08, { a: 1, b: 3 }, 0.0147783251232],
  ])('%d of %d at a ceiling of %d', (successes, trials, ceiling, prior, wanted) => {
    expect(rateEProcess({ successes, trials, ceiling, prior }).e / wanted).toBeCloseTo(1, 8);
  });

  it('is a fair bet at the ceiling: each next trial keeps its expectation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0.01, max: 0.8, noNaN: true }),
        (s, f, ceiling) => {
          const at = (more: number): number =>
            rateEProcess({ successes: s + more, trials: s + f + (more >= 0 ? 1 : 0), ceiling }).e;
          const now = rateEProcess({ successes: s, trials: s + f, ceiling }).e;
          expect((ceiling * at(1) + (1 - ceiling) * at(0)) / now).toBeCloseTo(1, 8);
          // Under a lower true rate it can only shrink on average.
          expect(at(1)).toBeGreaterThanOrEqual(at(0));
        },
      ),
      { seed: 21, numRuns: 200 },
    );
  });

  it('has no evidence without trials, and all of it when the impossible happened', () => {
    expect(rateEProcess({ successes: 0, trials: 0, ceiling: 0.1 }).e).toBe(1);
    expect(rateEProcess({ successes: 1, trials: 5, ceiling: 0 }).e).toBeGreaterThan(1e290);
  });

  function everAlarms(
    random: ReturnType<typeof createRandom>,
    rate: number,
    ceiling: number,
    trials: number,
    alpha: number,
  ): number | null {
    let successes = 0;
    for (let n = 1; n <= trials; n++) {
      successes += Number(random.chance(rate));
      if (rateEProcess({ successes, trials: n, ceiling }).e >= 1 / alpha) return n;
    }
    return null;
  }

  it('looked at after every single check, alarms falsely in less than 5 % of runs at the ceiling', () => {
    const random = createRandom(100);
    const alarms = Array.from({ length: 1000 }, () => everAlarms(random, 0.1, 0.1, 500, 0.05)).filter(
      (n) => n !== null,
    ).length;
    // 1000 runs at the limit of 5 % would give up to 67 (99.9 % quantile of the binomial).
    expect(alarms).toBeLessThan(67);
    expect(alarms).toBeGreaterThan(0);
  });

  it.each([
    [2, 0.2],
    [3, 0.3],
  ])('finds a rate %d times the ceiling about when planning says', (_times, rate) => {
    const random = createRandom(7);
    const expected = (n: number) => rateEProcess({ successes: n * rate, trials: n, ceiling: 0.1 });
    const planned = firstReached((n) => expected(n).logE >= -Math.log(0.05))!;
    const found = Array.from({ length: 400 }, () => everAlarms(random, rate, 0.1, 2000, 0.05));
    const stops = found.map((n) => n ?? Infinity).toSorted((a, b) => a - b);
    const median = stops[200]!;
    console.log(
      `ceiling 10 %, true rate ${rate}: planned ${planned} checks, median ${median}, 90 % by ${stops[360]}, power in 2000 checks ${found.filter((n) => n !== null).length / 400}`,
    );
    expect(found.filter((n) => n === null)).toHaveLength(0);
    expect(median / planned).toBeGreaterThan(0.6);
    expect(median / planned).toBeLessThan(1.5);
  });

  it('splits the budget of the tactics so that it is never overspent', () => {
    const spent = Array.from({ length: 100_000 }, (_, i) => budgetShare(i + 1)).reduce((a, b) => a + b, 0);
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(0.999);
  });
});

describe('plain dates', () => {
  it('count days over month ends, leap days and clock changes, and weeks from Monday', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(weekOf('2026-11-22')).toBe('2026-11-16');
    expect(weekOf('2026-11-23')).toBe('2026-11-23');
  });
});

describe('simulated cases', () => {
  it('are the same for the same seed, and other cases for another', () => {
    const of = (seed: number): string =>
      JSON.stringify([...simulateCases({ cases: 50, seed, from: '2026-06-01', days: 10 })]);
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  it('hold as many genuine providers as promised and keep to the days asked for', () => {
    const rows = Array.from(simulateCases({ cases: 4000, seed: 9, from: '2026-06-01', days: 92 }), labelledRow);
    const genuine = rows.filter((r) => r.label === 0).length / rows.length;
    expect(genuine).toBeGreaterThan(0.2);
    expect(genuine).toBeLessThan(0.3);
    expect(rows).toHaveLength(4000);
    expect(rows[0]!.received >= '2026-06-01' && rows.at(-1)!.received <= '2026-08-31').toBe(true);
    expect(rows.every((r, i) => i === 0 || rows[i - 1]!.received <= r.received)).toBe(true);
  });
});
