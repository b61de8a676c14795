import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseRow } from '../../../../shared/contract/views.ts';
import {
  groupWords,
  itemsOf,
  moved,
  reasonParts,
  referenceLength,
  sharedCurrency,
  steadyRows,
} from '../../../../renderer/features/queue/items.ts';
import { inEnglish, saying } from '../../../support/saying.ts';
import { columnWidths } from '../../../../renderer/features/queue/widths.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../../shared/language/language.ts';
import { pseudo } from '../../../../shared/language/pseudo.ts';

const groups = ['urgent', 'unseen', 'next', 'done'] as const;

function row(id: string, group: CaseRow['group'], change: Partial<CaseRow> = {}): CaseRow {
  return {
    id,
    reference: `V-${id}`,
    group,
    verdict: 'scam',
    score: 0.9,
    scoreHidden: false,
    outside: false,
    reasons: ['asked for remote access', 'gift cards asked for', 'caller called the resident'],
    stake: null,
    received: '2026-03-01',
    takenInAt: '2026-03-01T09:00:00.000Z',
    place: 'Tarnhall',
    person: null,
    outcome: null,
    waiting: true,
    ...change,
  };
}

const ids = (rows: readonly CaseRow[]): string[] => rows.map((one) => one.id);
const rowsArbitrary = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(...groups)), { selector: ([id]) => id })
  .map((pairs) =>
    pairs.toSorted((a, b) => groups.indexOf(a[1]) - groups.indexOf(b[1])).map(([id, group]) => row(String(id), group)),
  );

describe('the lines of the queue', () => {
  it('put a heading before each group and count the groups that are complete', () => {
    const rows = [row('1', 'urgent'), row('2', 'next'), row('3', 'next')];
    expect(itemsOf(rows, 3).map((item) => (item.kind === 'group' ? [item.group, item.count] : item.row.id))).toEqual([
      ['urgent', 1],
      '1',
      ['next', 2],
      '2',
      '3',
    ]);
  });

  it('know the size of a last group that ends its list, and leave another open while more is to be read', () => {
    const counts = (rows: readonly CaseRow[]) =>
      itemsOf(rows, 900).flatMap((item) => (item.kind === 'group' ? [item.count] : []));
    expect(counts([row('1', 'urgent'), row('2', 'next')])).toEqual([1, 899]);
    expect(counts([row('1', 'urgent'), row('2', 'unseen')])).toEqual([1, null]);
    expect(groupWords('unseen', null, 8).beside).toBeNull();
  });

  it('say the reason for a group with its numbers', () => {
    expect(groupWords('unseen', 2, 8)).toEqual({
      title: saying('Unseen for 8 days or more'),
      beside: saying('2 cases'),
    });
    expect(groupWords('urgent', 1, 8).beside).toEqual(saying(/^1 case, above every score$/));
  });

  it('say the outcome first, and withhold the reasons of a case whose score is hidden', () => {
    const said = (one: CaseRow): string => reasonParts(one).map(inEnglish).join('');
    expect(said(row('1', 'next'))).toBe('asked for remote access, gift cards asked for');
    expect(said(row('1', 'done', { outcome: 'confirmed_scam', reasons: [] }))).toBe('Confirmed scam');
    expect(said(row('1', 'done', { outcome: 'genuine_provider' }))).toBe(
      'Genuine provider: asked for remote access, gift cards asked for',
    );
    expect(said(row('1', 'next', { scoreHidden: true, reasons: [] }))).toBe('Score after the outcome');
  });

  it('say reasons in parts of their own, so that one without room is left out whole', () => {
    expect(reasonParts(row('1', 'done', { outcome: 'inconclusive' })).map(inEnglish)).toEqual([
      'Inconclusive',
      ': asked for remote access',
      ', gift cards asked for',
    ]);
  });

  it('name one currency only when all stakes share it', () => {
    const rupees = { amount: 100, currency: 'INR' };
    expect(sharedCurrency([row('1', 'next', { stake: rupees }), row('2', 'next')])).toBe('INR');
    expect(
      sharedCurrency([
        row('1', 'next', { stake: rupees }),
        row('2', 'next', { stake: { amount: 1, currency: 'EUR' } }),
      ]),
    ).toBeNull();
    expect(referenceLength([row('123456789012345', 'next')])).toBe(14);
  });
});

describe('moving through the queue', () => {
  const rows = [row('1', 'next'), row('2', 'next'), row('3', 'next')];

  it('starts at the near end when nothing is selected and stops at both ends', () => {
    expect(moved(rows, null, 1)).toBe('1');
    expect(moved(rows, null, -1)).toBe('3');
    expect(moved(rows, '3', 1)).toBe('3');
    expect(moved(rows, '1', -40)).toBe('1');
    expect(moved([], '1', 1)).toBeNull();
  });

  it('goes on from where a case stood that has left the list', () => {
    expect(moved(rows, 'gone', 1, 1)).toBe('2');
    expect(moved(rows, 'gone', -1, 1)).toBe('1');
    expect(moved(rows, 'gone', 1, 7)).toBe('3');
    expect(moved(rows, 'gone', -1, 0)).toBe('1');
    expect(moved(rows, null, 1, 2)).toBe('1');
  });
});

describe('rows read again', () => {
  it('stay where they are when a case was merely seen', () => {
    const before = [row('1', 'unseen'), row('2', 'unseen'), row('3', 'next')];
    const after = [row('2', 'unseen'), row('3', 'next'), row('1', 'next', { waiting: false })];
    const steady = steadyRows(before, after);
    expect(ids(steady)).toEqual(['1', '2', '3']);
    expect(steady[0]).toMatchObject({ group: 'unseen', waiting: false });
  });

  it('follow a case that became urgent, and drop those that are gone', () => {
    const after = [row('3', 'urgent'), row('1', 'next')];
    expect(ids(steadyRows([row('1', 'next'), row('2', 'next'), row('3', 'next')], after))).toEqual(['3', '1']);
  });

  it('put a new case behind its neighbour in its group', () => {
    const before = [row('1', 'unseen'), row('2', 'next'), row('4', 'next')];
    const after = [row('1', 'unseen'), row('2', 'next'), row('3', 'next'), row('4', 'next')];
    expect(ids(steadyRows(before, after))).toEqual(['1', '2', '3', '4']);
  });

  it('always hold exactly what was read, with every group in one piece and in order', () => {
    fc.assert(
      fc.property(rowsArbitrary, rowsArbitrary, (before, after) => {
        const steady = steadyRows(before, after);
        expect(ids(steady).toSorted()).toEqual(ids(after).toSorted());
        const order = steady.map((one) => groups.indexOf(one.group));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(steadyRows([], after)).toEqual(after);
      }),
    );
  });
});

it('columns have at least the room of English words, and more where a language needs it', () => {
  const usual = { '--ref': '52px', '--verdict': '76px', '--stake': '58px', '--age': '34px' };
  const rows = [row('1', 'next')];
  expect(columnWidths(rows, 'INR', createLanguage(en))).toEqual(usual);
  const wider = columnWidths(rows, 'INR', createLanguage(en, { accent: pseudo }));
  for (const [name, width] of Object.entries(usual).slice(1))
    expect(Number.parseInt(wider[name as '--ref']!, 10)).toBeGreaterThan(Number.parseInt(width, 10));
});
