import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCounterfactuals } from '../../../../../electron/backend/inference/counterfactuals.ts';
import { attribute, type Attribution } from '../../../../../electron/backend/inference/explain.ts';
import { fromStored } from '../../../../../shared/encoding/pack.ts';
import { permutation, seededRandom } from '../../../../../shared/metrics/random.ts';
import type { EncodedRow } from '../../../../../shared/encoding/encode.ts';
import { toyModel, toyRows, toyScore } from '../../../../support/models.ts';

type Score = (row: EncodedRow) => number;

function explain(
  score: Score,
  row: EncodedRow,
  background: readonly EncodedRow[],
  budget = 4000,
): Promise<Attribution> {
  return attribute({
    columns: Object.keys(row),
    row,
    background,
    budget,
    random: seededRandom('test'),
    scoreRows: (rows) => Promise.resolve(rows.map(score)),
  });
}

/** Shapley values by their definition: over all subsets, averaged over the background. */
function exact(score: Score, row: EncodedRow, background: readonly EncodedRow[]): Map<string, number> {
  const names = Object.keys(row);
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const values = new Map(names.map((name) => [name, 0]));
  for (const from of background) {
    names.forEach((name, i) => {
      for (let subset = 0; subset < 1 << names.length; subset++) {
        if (subset & (1 << i)) continue;
        const mix = Object.fromEntries(names.map((n, j) => [n, subset & (1 << j) ? row[n]! : from[n]!]));
        const size = names.filter((_, j) => subset & (1 << j)).length;
        const weight = (factorial(size) * factorial(names.length - size - 1)) / factorial(names.length);
        values.set(
          name,
          values.get(name)! + (weight * (score({ ...mix, [name]: row[name]! }) - score(mix))) / background.length,
        );
      }
    });
  }
  return values;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const curved: Score = (r) => sigmoid(2 * Number(r['a']) - 1.5 * Number(r['b']) + Number(r['a']) * Number(r['c']) - 0.5);
const cells = fc.record({
  a: fc.constantFrom(0, 1),
  b: fc.constantFrom(0, 1),
  c: fc.double({ min: -3, max: 3, noNaN: true }),
});

describe('contributions of the raw columns', () => {
  it('add up from the base to the score', async () => {
    await fc.assert(
      fc.asyncProperty(cells, fc.array(cells, { minLength: 1, maxLength: 6 }), async (row, background) => {
        const { base, score, contributions } = await explain(curved, row, background, 300);
        const sum = contributions.reduce((total, c) => total + c.value, base);
        expect(Math.abs(sum - score)).toBeLessThan(1e-6);
        expect(score).toBe(curved(row));
        expect(base).toBeCloseTo(background.reduce((t, r) => t + curved(r), 0) / background.length, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('agree with the definition by all subsets', async () => {
    const row = { a: 1, b: 0, c: 2 };
    const background = [
      { a: 0, b: 1, c: -1 },
      { a: 0, b: 0, c: 0.5 },
      { a: 1, b: 1, c: 0 },
    ];
    const expected = exact(curved, row, background);
    const { contributions } = await explain(curved, row, background, 20_000);
    for (const { attribute: name, value } of contributions)
      expect(Math.abs(value - expected.get(name)!)).toBeLessThan(0.01);
  });

  it('give a column that changes nothing exactly nothing, and equal columns about the same', async () => {
    const row = { a: 1, b: 1, c: 9 };
    const { contributions } = await explain((r) => sigmoid(Number(r['a']) + Number(r['b'])), row, [
      { a: 0, b: 0, c: 1 },
    ]);
    const value = Object.fromEntries(contributions.map((c) => [c.attribute, c.value]));
    expect(value['c']).toBe(0);
    expect(value['a']).toBeCloseTo(value['b']!, 9);
  });

  it('are the same each time for the same seed, and keep to the budget', async () => {
    const row = { a: 1, b: 0, c: 2 };
    const background = Array.from({ length: 50 }, (_, i) => ({ a: i % 2, b: (i >> 1) % 2, c: i / 10 }));
    let scored = 0;
    const count: Score = (r) => (scored++, curved(r));
    const first = await explain(count, row, background, 200);
    expect(scored).toBeLessThan(260);
    expect(await explain(curved, row, background, 200)).toEqual(first);
  });

  it('take missing values as values like any other', async () => {
    const score: Score = (r) => (Number.isNaN(r['a']) ? 0.2 : 0.6);
    const { contributions } = await explain(score, { a: NaN }, [{ a: 1 }, { a: NaN }]);
    expect(contributions[0]!.value).toBeCloseTo(-0.2, 12);
  });
});

describe('seeded numbers', () => {
  it('give every order about equally often', () => {
    const random = seededRandom('orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = permutation(3, random).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(150);
  });
});

describe('what would change the score', () => {
  const { manifest } = toyModel();
  const scoreRows = (rows: readonly EncodedRow[]) =>
    Promise.resolve(
      rows.map((row) =>
        toyScore(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Number.isNaN(v) ? null : v]))),
      ),
    );

  it('names other answers to yes/no questions, those that turn the verdict first', async () => {
    const row = fromStored(manifest.binding, toyRows[0]!);
    const [score] = await scoreRows([row]);
    const changes = await findCounterfactuals(manifest, row, score!, scoreRows);
    expect(changes.map(({ attribute: name, value }) => [name, value])).toEqual([
      ['asked', 0],
      ['contract', 1],
    ]);
    expect(changes[0]!.score).toBeCloseTo(toyScore({ ...toyRows[0]!, asked: 0 }), 9);
  });

  it('has nothing to say about answers that are unknown', async () => {
    const row = fromStored(manifest.binding, toyRows[2]!);
    expect(await findCounterfactuals(manifest, row, 0.5, scoreRows)).toEqual([]);
  });
});
