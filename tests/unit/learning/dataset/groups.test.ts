import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFits } from '../../../../learning/workers/worker-pool.ts';
import { datasetOf, type LabelledRow } from '../../../../learning/dataset/dataset.ts';
import { foldRows, foldCount, foldTasks, outOfFoldMargins } from '../../../../learning/train/folds.ts';
import type { Frame } from '../../../../learning/dataset/frame.ts';
import { dealFolds, dealGroups, groupsOf } from '../../../../learning/dataset/groups.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import type { ReadyTrainer } from '../../../../learning/trainers/index.ts';
import { allRows } from '../../../../learning/dataset/frame.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { frameOf } from '../trainers/boosting/frames.ts';

const facts = { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] };

/** Rows of each label in each part. */
function countsOf(labels: ArrayLike<number>, parts: Uint8Array, count: number): number[][] {
  const counts = Array.from({ length: count }, () => [0, 0]);
  parts.forEach((part, i) => (counts[part]![labels[i]!]! += 1));
  return counts;
}

describe('groups of rows', () => {
  const numbers = fc.nat(14).chain((last) => {
    const list = fc.array(fc.nat(last), { minLength: last + 1, maxLength: last + 1 });
    return fc.tuple(list, list);
  });

  it('are what rows reach over shared numbers, numbered by their first row', () => {
    fc.assert(
      fc.property(numbers, ([a, b]) => {
        const groups = groupsOf(a.length, [Int32Array.from(a), Int32Array.from(b)]);
        // By hand: spread the smallest index until nothing changes.
        const reach = a.map((_, i) => i);
        for (let round = 0; round < a.length; round++) {
          for (let i = 0; i < a.length; i++)
            for (let j = 0; j < a.length; j++)
              if (a[i] === a[j] || b[i] === b[j]) reach[i] = Math.min(reach[i]!, reach[j]!);
        }
        const firsts = [...new Set(reach)];
        expect(Array.from(groups)).toEqual(reach.map((first) => firsts.indexOf(first)));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('hold the incidents and scammers of a dataset together, unknown ones apart', () => {
    const row = (incident: string | null, scammer: string | null, day: number): LabelledRow => {
      return { facts, label: 1, received: `2026-01-0${day}`, incident, scammer };
    };
    const rows = [
      row('i1', null, 1),
      row('i1', 's1', 2),
      row(null, 's1', 3),
      row('i2', null, 4),
      row(null, null, 5),
      row(null, null, 6),
    ];
    expect(Array.from(datasetOf(complaintsSchema, rows).frame.groups)).toEqual([0, 0, 0, 1, 2, 3]);
  });
});

const anyGrouped = fc.array(fc.tuple(fc.nat(1), fc.nat(20)), { maxLength: 80 }).map((rows) => ({
  labels: Uint8Array.from(rows, ([label]) => label),
  groups: Int32Array.from(rows, ([, group]) => group),
}));

describe('dealing groups', () => {
  it('keeps groups whole, uses parts that exist, and follows from its seed', () => {
    fc.assert(
      fc.property(anyGrouped, fc.constantFrom([0.5, 0.5], [0.1, 0.9], [0.2, 0.2, 0.2, 0.2, 0.2]), (rows, shares) => {
        const parts = dealGroups(rows, shares, createRandom(3));
        const partOf = new Map<number, number>();
        parts.forEach((part, i) => {
          expect(part).toBeLessThan(shares.length);
          expect(partOf.get(rows.groups[i]!) ?? part).toBe(part);
          partOf.set(rows.groups[i]!, part);
        });
        expect(dealGroups(rows, shares, createRandom(3))).toEqual(parts);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('of single rows is exact in each label, whatever the shares', () => {
    const labels = Uint8Array.from({ length: 1000 }, (_, i) => Number(i % 4 !== 0));
    const groups = Int32Array.from(labels.keys());
    const folds = dealFolds({ labels, groups }, 5, createRandom(1));
    expect(countsOf(labels, folds, 5)).toEqual(Array.from({ length: 5 }, () => [50, 150]));
    const parts = dealGroups({ labels, groups }, [0.12, 0.88], createRandom(1));
    expect(countsOf(labels, parts, 2)).toEqual([
      [30, 90],
      [220, 660],
    ]);
    expect(dealFolds({ labels, groups }, 5, createRandom(2))).not.toEqual(folds);
  });

  it('gives a scammer with a third of the rows a fold that is spared other scams, and balances the rest', () => {
    // 100 of 300 rows are one scammer's; of the others 140 are single genuine rows, 60 scams of scammers of 1 to 5 rows.
    const labels = Uint8Array.from({ length: 300 }, (_, i) => Number(i < 160));
    const sizes = Int32Array.from({ length: 60 }, (_, i) => (i < 5 ? 0 : i < 15 ? 1 : i < 33 ? 2 : 3 + (i >> 2)));
    const groups = Int32Array.from(labels, (_, i) => (i < 100 ? 0 : i < 160 ? 1 + sizes[i - 100]! : 100 + i));
    for (let seed = 0; seed < 50; seed++) {
      const folds = dealFolds({ labels, groups }, 5, createRandom(seed));
      const counts = countsOf(labels, folds, 5);
      expect(counts[folds[0]!]).toEqual([28, 100]);
      const others = counts.filter((_, fold) => fold !== folds[0]);
      expect(others.map(([genuine]) => genuine)).toEqual([28, 28, 28, 28]);
      for (const [, scams] of others) expect(Math.abs(scams! - 15)).toBeLessThanOrEqual(3);
    }
  });

  it('of groups with both labels balances either', () => {
    const random = createRandom(9);
    const rows = Array.from({ length: 60 }, (_, g) => {
      const size = 1 + random.below(g < 5 ? 40 : 6);
      return Array.from({ length: size }, () => ({ group: g, label: Number(random.chance(0.7)) }));
    }).flat();
    const labels = Uint8Array.from(rows, (r) => r.label);
    const groups = Int32Array.from(rows, (r) => r.group);
    const [genuine, scams] = [0, 1].map((l) => labels.reduce((sum, own) => sum + Number(own === l), 0));
    for (const [g, s] of countsOf(labels, dealFolds({ labels, groups }, 5, createRandom(1)), 5)) {
      expect(Math.abs(g! - genuine! / 5)).toBeLessThan(0.15 * genuine!);
      expect(Math.abs(s! - scams! / 5)).toBeLessThan(0.15 * scams!);
    }
  });

  it('of nothing is nothing', () => {
    expect(dealFolds({ labels: [], groups: [] }, 5, createRandom(1))).toHaveLength(0);
  });
});

describe('folds', () => {
  function framed(groups: number[], labels: number[]): Frame {
    return frameOf(
      { x: 'number' },
      groups.map((x) => ({ x })),
      labels,
      { groups },
    );
  }

  it('are as many as the rarer class has groups, two to five', () => {
    const labels = Array.from({ length: 40 }, (_, i) => Number(i < 20));
    const count = (groupOf: (i: number) => number): number => {
      const frame = framed(
        Array.from(labels, (_, i) => groupOf(i)),
        labels,
      );
      return foldCount(frame, allRows(frame));
    };
    expect(count((i) => i)).toBe(5);
    expect(count((i) => (i < 20 ? i % 3 : i))).toBe(3);
    expect(count((i) => (i < 20 ? 0 : i))).toBe(2);
  });

  it('never score a row by a model that has seen its group', () => {
    const groups = Array.from({ length: 60 }, (_, i) => i % 12);
    const labels = groups.map((g) => g % 2);
    const frame = framed(groups, labels);
    const learned: Set<number>[] = [];
    const trainer: ReadyTrainer = {
      name: 'logistic',
      id: 'spy/1',
      params: {},
      calibration: 'none',
      effort: 1,
      revive: () => {
        throw new Error('nothing goes to another thread here');
      },
      fit: (_frame, rows) => {
        const seen = new Set(Array.from(rows, (i) => groups[i]!));
        learned.push(seen);
        return {
          margins: (_: unknown, wanted: Uint32Array) =>
            Float64Array.from(wanted, (i) => {
              expect(seen.has(groups[i]!)).toBe(false);
              return i;
            }),
          addTo: () => '',
          summary: {},
          saved: null,
        };
      },
    };
    const orders = foldTasks(trainer, foldRows(frame, allRows(frame), 1));
    expect(Array.from(outOfFoldMargins(orders, makeFits(frame, orders, { seed: 1 })))).toEqual([...groups.keys()]);
    expect(learned).toHaveLength(5);
  });
});
