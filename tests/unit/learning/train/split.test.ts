import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetOf, type LabelledRow } from '../../../../learning/dataset/dataset.ts';
import { requireBothSides, splitRows } from '../../../../learning/train/split.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { saying } from '../../../support/saying.ts';

const anyRow: fc.Arbitrary<LabelledRow> = fc.record({
  facts: fc.record({
    schema: fc.constant({ id: 'complaints', version: 1 }),
    attributes: fc.record({ contact_minutes: fc.integer({ min: 0, max: 500 }) }),
    tactics: fc.constant([]),
  }),
  label: fc.constantFrom(0 as const, 1 as const),
  received: fc.integer({ min: 1, max: 28 }).map((day) => `2026-01-${String(day).padStart(2, '0')}`),
  incident: fc.option(fc.integer({ min: 0, max: 8 }).map(String), { nil: null }),
  scammer: fc.option(fc.integer({ min: 0, max: 5 }).map(String), { nil: null }),
});
const anyDataset = fc.array(anyRow, { minLength: 4, maxLength: 40 }).map((rows) => datasetOf(complaintsSchema, rows));

function sharing(numbers: Int32Array, by: ReturnType<typeof splitRows>): number[] {
  const learned = new Set(Array.from(by.train, (i) => numbers[i]!));
  return Array.from(by.holdOut, (i) => numbers[i]!).filter((n) => learned.has(n));
}

describe('splitting a dataset', () => {
  it.each(['incident', 'random', 'scammer'] as const)('by %s keeps incidents on one side and loses no row', (by) => {
    fc.assert(
      fc.property(anyDataset, fc.integer({ min: 0, max: 99 }), (dataset, seed) => {
        const split = splitRows(dataset, { by, share: 0.3 }, seed);
        expect(split.train.length + split.holdOut.length).toBe(dataset.frame.rows);
        expect(sharing(dataset.incidents, split)).toEqual([]);
        if (by === 'scammer') expect(sharing(dataset.scammers, split)).toEqual([]);
        expect(splitRows(dataset, { by, share: 0.3 }, seed)).toEqual(split);
      }),
      { seed: 31, numRuns: 80 },
    );
  });

  it('by time learns from earlier days only, and leaves later twins of what it learned from out of both', () => {
    fc.assert(
      fc.property(anyDataset, (dataset) => {
        const split = splitRows(dataset, { by: 'time', cut: null, share: 0.25 }, 1);
        if (split.cut === null) {
          expect([split.train.length, split.holdOut.length]).toEqual([dataset.frame.rows, 0]);
          return;
        }
        expect(split.train.length * split.holdOut.length).toBeGreaterThan(0);
        expect(Array.from(split.train, (i) => dataset.received[i]! < split.cut!)).not.toContain(false);
        expect(Array.from(split.holdOut, (i) => dataset.received[i]! >= split.cut!)).not.toContain(false);
        expect(sharing(dataset.incidents, split)).toEqual([]);
      }),
      { seed: 32, numRuns: 80 },
    );
  });

  it('by time learns from all rows where one side would be empty, unless the day was named', () => {
    const facts = { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] };
    const rows = (days: readonly string[], incident: string | null): LabelledRow[] =>
      days.map((received, i) => ({ facts, label: i % 2 === 0 ? 1 : 0, received, incident }));
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'];
    const one = datasetOf(complaintsSchema, rows(days, 'the same'));
    const oneDay = datasetOf(complaintsSchema, rows(Array(4).fill('2026-01-01'), null));
    for (const dataset of [one, oneDay])
      expect(splitRows(dataset, { by: 'time', cut: null, share: 0.25 }, 1)).toEqual({
        train: Uint32Array.from([0, 1, 2, 3]),
        holdOut: new Uint32Array(0),
        cut: null,
      });
    const named = splitRows(one, { by: 'time', cut: '2026-01-03', share: 0.25 }, 1);
    expect([named.train.length, named.holdOut.length, named.cut]).toEqual([2, 0, '2026-01-03']);
  });

  it('a day that a person names is refused when it leaves one side empty, with the days there are', () => {
    const facts = { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] };
    const rows = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((received): LabelledRow => {
      return { facts, label: 1, received, incident: null };
    });
    const dataset = datasetOf(complaintsSchema, rows);
    const check = (cut: string | null, of = dataset) => requireBothSides(of, { by: 'time', cut, share: 0.25 }, 1);
    const advice = 'Name a day after 2026-01-01, up to 2026-01-04, or leave --cut out.';
    const from = 'the cases were received from 2026-01-01 to 2026-01-04';
    expect(() => check('2026-01-05')).toThrow(
      saying(`The cut 2026-01-05 leaves no case to judge by: ${from}. ${advice}`),
    );
    expect(() => check('2026-01-01')).toThrow(
      saying(`The cut 2026-01-01 leaves no case to learn from: ${from}. ${advice}`),
    );
    const twins = datasetOf(
      complaintsSchema,
      rows.map((row) => ({ ...row, incident: 'the same' })),
    );
    expect(() => check('2026-01-03', twins)).toThrow(
      saying(`${from}, and those from the cut on are of incidents that are learned from.`),
    );
    for (const fine of ['2026-01-02', '2026-01-04', null]) expect(() => check(fine)).not.toThrow();
    expect(() => requireBothSides(dataset, { by: 'none' }, 1)).not.toThrow();
  });

  it('holds out the share that is asked for, of each label', () => {
    const rows = Array.from({ length: 400 }, (_, i): LabelledRow => {
      const facts = { schema: { id: 'complaints', version: 1 }, attributes: { contact_minutes: i }, tactics: [] };
      return { facts, label: i % 4 === 0 ? 0 : 1, received: null };
    });
    const dataset = datasetOf(complaintsSchema, rows);
    const { holdOut } = splitRows(dataset, { by: 'random', share: 0.25 }, 5);
    expect(holdOut).toHaveLength(100);
    expect(holdOut.reduce((sum, i) => sum + dataset.frame.labels[i]!, 0)).toBe(75);
  });

  it('by time is refused when a row has no date', () => {
    const facts = { schema: { id: 'complaints', version: 1 }, attributes: {}, tactics: [] };
    const dataset = datasetOf(complaintsSchema, [{ facts, label: 1, received: null }]);
    expect(() => splitRows(dataset, { by: 'time', cut: null, share: 0.5 }, 1)).toThrow(saying(/--time/));
  });
});
