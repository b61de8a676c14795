import { describe, expect, it } from 'vitest';
import { boostingTrainer, type BoostedModel } from '../../../../../learning/trainers/boosting/index.ts';
import { allRows, type Frame } from '../../../../../learning/dataset/frame.ts';
import { createRandom } from '../../../../../learning/statistics/random.ts';
import type { FitContext } from '../../../../../learning/trainers/base/trainer.ts';
import type { EncodedRow } from '../../../../../shared/encoding/encode.ts';
import { auc, logLoss } from '../../../../../shared/metrics/index.ts';
import { hasReferenceData } from '../../../../support/reference-data.ts';
import { fc, test } from '../../../property.ts';
import { referenceFrame } from '../../../../support/reference-frame.ts';
import { frameOf, type Kinds } from './frames.ts';

/** One plain tree unless asked otherwise: every row may have a leaf of its own. */
const single = { rounds: 1, learningRate: 1, maxDepth: 1, minChildWeight: 0, lambda: 1, earlyStopping: null };

function fit(frame: Frame, extra: Record<string, unknown> = {}, context: FitContext = { seed: 1 }): BoostedModel {
  return boostingTrainer.fit(frame, allRows(frame), boostingTrainer.params.parse(extra), context) as BoostedModel;
}

function numbers(values: readonly number[], labels: readonly number[], weights?: readonly number[]): Frame {
  const rows = values.map((x) => ({ x }));
  return frameOf({ x: 'number' }, rows, labels, weights ? { weights } : {});
}

function marginsAt(model: BoostedModel, kinds: Kinds, rows: readonly EncodedRow[]): number[] {
  const frame = frameOf(
    kinds,
    rows,
    rows.map(() => 0),
  );
  return [...model.margins(frame, allRows(frame))];
}

describe('one tree', () => {
  it('has the split and the leaves that the formulas give by hand', () => {
    // Base rate 1/2: g = p - y = -1/2 or 1/2, h = 1/4. Scores G^2 / (H + 1) of x <= 1.5, 2.5 and 3.5 on both sides:
    // 0.25/1.25 + 0.25/1.75, then 1/1.5 + 1/1.5 (the best), then the first again. Leaves are -G / (H + 1) = -1/1.5.
    const model = fit(numbers([1, 2, 3, 4], [0, 0, 1, 1]), single);
    expect(model.ensemble.base).toBe(0);
    const [tree] = model.ensemble.trees;
    expect([...tree!.column]).toEqual([0, -1, -1]);
    expect(tree!.value[0]).toBe(2.5);
    expect(tree!.value[1]).toBeCloseTo(-2 / 3, 9);
    expect(tree!.value[2]).toBeCloseTo(2 / 3, 9);
    expect(model.summary['log_loss']).toBeCloseTo(Math.log1p(Math.exp(-2 / 3)), 8);
  });

  it('starts from the log odds of the weighted base rate', () => {
    expect(fit(numbers([1, 2, 3, 4], [0, 1, 1, 1], [3, 1, 1, 1]), single).ensemble.base).toBeCloseTo(0, 12);
    expect(fit(numbers([1, 2, 3, 4], [0, 1, 1, 1]), single).ensemble.base).toBeCloseTo(Math.log(3), 12);
  });

  it('splits only for more than gamma', () => {
    // The gain of the split above is 2/1.5 - 0.
    const frame = numbers([1, 2, 3, 4], [0, 0, 1, 1]);
    expect(fit(frame, { ...single, gamma: 1.34 }).ensemble.columns).toHaveLength(0);
    expect(fit(frame, { ...single, gamma: 1.33 }).ensemble.columns).toHaveLength(1);
  });

  it('keeps the least hessian and the least rows on both sides', () => {
    const frame = numbers([1, 2, 3, 4, 5, 6], [1, 0, 0, 0, 1, 1]);
    const root = (extra: object) => fit(frame, { ...single, ...extra }).ensemble.trees[0]!.value[0];
    expect(root({})).toBe(4.5);
    // The right side above has 2 rows with h = 1/4 each.
    expect(root({ minChildWeight: 0.5 })).toBe(4.5);
    expect(root({ minChildWeight: 0.6 })).toBe(3.5);
    expect(root({ minLeafRows: 3 })).toBe(3.5);
    expect(fit(frame, { ...single, minLeafRows: 4 }).ensemble.columns).toHaveLength(0);
  });

  it('learns the better side for missing values', () => {
    const direction = (missing: number) => {
      const model = fit(numbers([1, 2, 3, 4, NaN, NaN], [0, 0, 1, 1, missing, missing]), single);
      const [low, high, none] = marginsAt(model, { x: 'number' }, [{ x: 1 }, { x: 4 }, { x: NaN }]);
      expect(low).toBeLessThan(high!);
      return none === high ? 'high' : none === low ? 'low' : 'neither';
    };
    expect(direction(1)).toBe('high');
    expect(direction(0)).toBe('low');
  });

  it('sends missing values with the heavier side when training has none', () => {
    const model = fit(numbers([1, 2, 3, 4, 5, 6], [1, 0, 0, 0, 0, 0]), single);
    const [low, high, none] = marginsAt(model, { x: 'number' }, [{ x: 1 }, { x: 4 }, { x: NaN }]);
    expect(low).toBeGreaterThan(high!);
    expect(none).toBe(high);
  });

  it('takes infinite values for the outermost ones', () => {
    const model = fit(numbers([-Infinity, -3e38, 3e38, Infinity, 0, 1], [1, 0, 0, 1, 0, 0]), {
      ...single,
      maxDepth: 3,
    });
    const at = marginsAt(
      model,
      { x: 'number' },
      [-Infinity, -3e38, 0.5, 3e38, Infinity].map((x) => ({ x })),
    );
    expect(at[0]).toBeGreaterThan(at[1]!);
    expect(at[1]).toBe(at[2]);
    expect(at[2]).toBe(at[3]);
    expect(at[4]).toBe(at[0]);
  });

  it('grows by the largest gain when leaves are limited', () => {
    const values = Array.from({ length: 64 }, (_, i) => i);
    const labels = values.map((i) => Number(i >= 32 ? i % 8 < 4 : i === 5));
    const leaves = (maxLeaves: number) => {
      const model = fit(numbers(values, labels), { ...single, maxDepth: 8, maxLeaves });
      return [...model.ensemble.trees[0]!.column].filter((c) => c === -1).length;
    };
    expect([2, 3, 5].map(leaves)).toEqual([2, 3, 5]);
    const loss = (maxLeaves: number) =>
      fit(numbers(values, labels), { ...single, maxDepth: 8, maxLeaves }).summary['log_loss']!;
    expect(loss(5)).toBeLessThan(loss(3));
    expect(loss(3)).toBeLessThan(loss(2));
  });
});

describe('categories', () => {
  const kinds: Kinds = { kind: ['a', 'b', 'c'] };
  const rows = ['a', 'a', 'b', 'b', '', '', 'odd', 'even', 'a', 'b'].map((kind) => ({ kind }));

  it('are separated level by level, missing and unlisted values being levels of their own', () => {
    const stands = (levels: readonly string[]) => {
      const labels = rows.map((r) => Number(levels.includes(r.kind)));
      const model = fit(frameOf(kinds, rows, labels), single);
      const at = marginsAt(
        model,
        kinds,
        ['a', 'b', 'c', '', 'odd', 'never seen'].map((kind) => ({ kind })),
      );
      return at.map((m) => Number(m > model.ensemble.base));
    };
    expect(stands(['a'])).toEqual([1, 0, 0, 0, 0, 0]);
    expect(stands([''])).toEqual([0, 0, 0, 1, 0, 0]);
    expect(stands(['odd', 'even'])).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('give a level without a training row to the rest', () => {
    const labels = rows.map((r) => Number(r.kind !== 'b'));
    const model = fit(frameOf(kinds, rows, labels), single);
    const [a, b, c] = marginsAt(
      model,
      kinds,
      ['a', 'b', 'c'].map((kind) => ({ kind })),
    );
    expect(c).toBe(a);
    expect(b).toBeLessThan(a!);
  });

  it('are matched by their text, however another frame numbers them', () => {
    const labels = rows.map((r) => Number(r.kind === 'odd' || r.kind === 'b'));
    const model = fit(frameOf(kinds, rows, labels), { earlyStopping: null, rounds: 5, minChildWeight: 0 });
    const other: Kinds = { kind: ['c', 'new', 'b', 'a'] };
    const texts = ['a', 'b', 'c', '', 'new', 'odd'].map((kind) => ({ kind }));
    expect(marginsAt(model, other, texts)).toEqual(marginsAt(model, kinds, texts));
  });

  it('may have ten thousand values, which share the level of unlisted ones', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ kind: i % 2 === 0 ? 'a' : `value ${i}` }));
    const model = fit(
      frameOf(
        kinds,
        many,
        many.map((_, i) => Number(i % 2 === 0)),
      ),
      { rounds: 3, earlyStopping: null },
    );
    const [a, other] = marginsAt(model, kinds, [{ kind: 'a' }, { kind: 'value never seen' }]);
    expect(a).toBeGreaterThan(other!);
  });
});

const mixed: Kinds = { x: 'number', z: 'number', kind: ['a', 'b', 'c'], tactic_t: 'tactic' };
const anyLabelled = fc.array(
  fc.record({
    x: fc.oneof(
      fc.constant(NaN),
      fc.integer({ min: -20, max: 20 }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    ),
    z: fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 5 })),
    kind: fc.constantFrom('', 'a', 'b', 'c', 'unlisted'),
    tactic_t: fc.constantFrom(0, 1, NaN),
    label: fc.constantFrom(0, 1),
    weight: fc.constantFrom(1, 2, 0.5),
  }),
  { minLength: 8, maxLength: 120 },
);
type Labelled = EncodedRow & { readonly label: number; readonly weight: number };

function mixedFrame(rows: readonly Labelled[], weights: (row: Labelled) => number = () => 1): Frame {
  // Two more rows, so that both classes are there.
  const all = [...rows, { ...rows[0]!, label: 0 }, { ...rows[0]!, label: 1 }];
  return frameOf(
    mixed,
    all,
    all.map((r) => r.label),
    { weights: all.map(weights) },
  );
}

describe('boosting', () => {
  const few = { rounds: 8, maxDepth: 4, minChildWeight: 0.1, earlyStopping: null };

  test('never fits the training rows worse than before', [anyLabelled], (rows) => {
    const losses = [1, 3, 8].map((rounds) => fit(mixedFrame(rows), { ...few, rounds }).summary['log_loss']!);
    expect(losses[1]).toBeLessThanOrEqual(losses[0]! + 1e-9);
    expect(losses[2]).toBeLessThanOrEqual(losses[1]! + 1e-9);
  });

  test('counts a weight of two like the same row twice', [anyLabelled], (rows) => {
    const once = mixedFrame(rows, () => 2);
    const twice = frameOf(
      mixed,
      [...Array.from(rows), { ...rows[0]! }, { ...rows[0]! }].flatMap((r) => [r, r]),
      Array.from(once.labels).flatMap((y) => [y, y]),
    );
    const [a, b] = [fit(once, few), fit(twice, few)];
    const [one, two] = [a, b].map((model) => [...model.margins(once, allRows(once))]);
    one!.forEach((m, i) => expect(m).toBeCloseTo(two![i]!, 6));
  });

  test('does not look at rows of weight 0', [anyLabelled], (rows) => {
    const frame = mixedFrame(rows, (r) => (r['x'] === 3 ? 0 : r.weight));
    if (![0, 1].every((y) => frame.labels.some((label, i) => label === y && frame.weights[i]! > 0))) return;
    const kept = allRows(frame).filter((i) => frame.weights[i]! > 0);
    const params = boostingTrainer.params.parse(few);
    const all = boostingTrainer.fit(frame, allRows(frame), params, { seed: 1 });
    const some = boostingTrainer.fit(frame, kept, params, { seed: 1 });
    expect(all.margins(frame, allRows(frame))).toEqual(some.margins(frame, allRows(frame)));
  });

  test('takes an unknown tactic for one not recorded', [anyLabelled], (rows) => {
    const known = rows.map((r) => ({ ...r, tactic_t: Number(r.tactic_t === 1) }));
    const [a, b] = [fit(mixedFrame(rows), few), fit(mixedFrame(known), few)];
    const frame = mixedFrame(rows);
    expect(a.margins(frame, allRows(frame))).toEqual(b.margins(mixedFrame(known), allRows(frame)));
  });

  test(
    'keeps the direction it is given',
    [anyLabelled, fc.constantFrom(1 as const, -1 as const), fc.constantFrom(0, 1)],
    (rows, direction, lambda) => {
      const model = fit(mixedFrame(rows), { ...few, lambda, monotone: { x: direction } });
      const xs = [...new Set(rows.map((r) => r.x).filter((x) => !Number.isNaN(x)))].toSorted((a, b) => a - b);
      for (const row of rows.slice(0, 10)) {
        const at = marginsAt(
          model,
          mixed,
          xs.map((x) => ({ ...row, x })),
        );
        for (let i = 1; i < at.length; i++) expect(direction * (at[i]! - at[i - 1]!)).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('follows a tactic along which it may only rise', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ x: i % 7, z: i % 3, kind: 'a', tactic_t: i % 2 }));
    const frame = frameOf(
      mixed,
      rows,
      rows.map((r) => r.tactic_t),
    );
    const wrong = fit(frame, { ...few, monotone: { tactic_t: -1 } });
    expect(wrong.ensemble.columns.map((c) => c.name)).not.toContain('tactic_t');
    expect(fit(frame, { ...few, monotone: { tactic_t: 1 } }).ensemble.columns.map((c) => c.name)).toContain('tactic_t');
  });

  it('gives nothing to columns that are constant, missing everywhere, or repeat an earlier one', () => {
    const random = createRandom(5);
    const names: Kinds = { first: 'number', again: 'number', constant: 'number', none: 'number', kind: ['a', 'b'] };
    const rows = Array.from({ length: 400 }, () => {
      const x = random.normal();
      // 0.1 + 0.2 is not 0.3, but float32 does not tell them apart.
      return { first: x, again: x, constant: random.chance(0.5) ? 0.1 + 0.2 : 0.3, none: NaN, kind: 'a' };
    });
    const frame = frameOf(
      names,
      rows,
      rows.map((r) => Number(random.chance(1 / (1 + Math.exp(-2 * r.first))))),
    );
    expect(fit(frame, { rounds: 30, earlyStopping: null }).ensemble.columns.map((c) => c.name)).toEqual(['first']);
  });

  it('gives the same model every time, and another one for another seed that draws rows and columns', () => {
    const random = createRandom(9);
    const rows = Array.from({ length: 500 }, () => ({
      x: random.normal(),
      z: random.normal(),
      kind: 'a',
      tactic_t: 0,
    }));
    const frame = frameOf(
      mixed,
      rows,
      rows.map((r) => Number(r.x + random.normal() > 0)),
    );
    const drawn = { ...few, rowShare: 0.6, columnShare: 0.5 };
    const trees = (seed: number) => fit(frame, drawn, { seed }).ensemble.trees;
    expect(trees(3)).toEqual(trees(3));
    expect(trees(4)).not.toEqual(trees(3));
    expect(fit(frame, few, { seed: 3 }).ensemble.trees).toEqual(fit(frame, few, { seed: 4 }).ensemble.trees);
  });

  it('sums to the margins it was grown with, drawn rows or not', () => {
    const random = createRandom(10);
    const rows = Array.from({ length: 700 }, () => ({
      x: random.chance(0.1) ? NaN : random.normal(),
      z: random.below(4),
      kind: random.pick(['a', 'b', '', 'odd']),
      tactic_t: random.pick([0, 1, NaN]),
    }));
    const labels = rows.map((r) => Number((r.x || 0) + random.normal() > (r.kind === 'b' ? 1 : 0)));
    const frame = frameOf(mixed, rows, labels);
    for (const extra of [{}, { rowShare: 0.5 }, { columnShare: 0.5 }, { maxLeaves: 7 }]) {
      const model = fit(frame, { ...few, ...extra });
      const scores = Array.from(model.margins(frame, allRows(frame)), (z) => 1 / (1 + Math.exp(-z)));
      expect(logLoss({ labels, scores })).toBeCloseTo(model.summary['log_loss']!, 6);
    }
  });
});

describe('what cannot be trained on', () => {
  it('is refused', () => {
    const bad = (run: () => unknown) => expect(run).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    const frame = numbers([1, 2, 3], [0, 1, 1]);
    bad(() => fit(numbers([], [])));
    bad(() => fit(numbers([1, 2], [1, 1])));
    bad(() => fit(numbers([1, 2], [0, 1], [0, 1])));
    bad(() => fit(frame, { monotone: { y: 1 } }));
    bad(() => fit(frameOf({ kind: ['a'] }, [{ kind: 'a' }, { kind: '' }], [0, 1]), { monotone: { kind: 1 } }));
    expect(boostingTrainer.params.safeParse({ depth: 3 }).success).toBe(false);
    expect(boostingTrainer.params.safeParse({ maxLeaves: 1 }).success).toBe(false);
  });

  it('may be twenty rows', () => {
    const values = Array.from({ length: 20 }, (_, i) => i);
    const model = fit(
      numbers(
        values,
        values.map((i) => Number(i > 9)),
      ),
    );
    const [low, high] = marginsAt(model, { x: 'number' }, [{ x: 0 }, { x: 19 }]);
    expect(low).toBeLessThan(high!);
  });

  it('stops when asked to', () => {
    const shares: number[] = [];
    const frame = numbers([1, 2, 3, 4], [0, 1, 0, 1]);
    const context = { seed: 1, cancelled: () => shares.length >= 3, onProgress: (s: number) => void shares.push(s) };
    expect(() => fit(frame, { rounds: 50 }, context)).toThrow(expect.objectContaining({ code: 'CANCELLED' }));
    expect(shares).toEqual([1 / 50, 2 / 50, 3 / 50]);
  });
});

describe.runIf(hasReferenceData('boosted trees against XGBoost'))('against XGBoost', () => {
  it.each([
    ['adult', 0.005],
    ['elec2', 0.005],
    ['ftc_dnc_2020', 0.01],
  ] as const)(
    '%s: about the same AUC and log loss on split S, by the defaults',
    { timeout: 120_000 },
    (set, aucBand) => {
      const { frame, train, test: held, reference: figures } = referenceFrame(set);
      const model = boostingTrainer.fit(frame, train, boostingTrainer.params.parse({}), { seed: 1 });
      const labels = Array.from(held, (i) => frame.labels[i]!);
      const scores = Array.from(model.margins(frame, held), (z) => 1 / (1 + Math.exp(-z)));
      const { xgb } = figures['split_S'];
      expect(Math.abs(auc({ labels, scores }) - xgb.auc)).toBeLessThan(aucBand);
      expect(logLoss({ labels, scores })).toBeLessThan(xgb.logloss * 1.03);
    },
  );
});
