import { describe, expect, it } from 'vitest';
import {
  choiceOf,
  meaningKey,
  meaningOf,
  meanings,
  targetOf,
  unmappedOutcomes,
  withColumn,
} from '../../../../renderer/features/import/columns.ts';
import { filledColumns, paceOf } from '../../../../renderer/features/import/preview.ts';
import type { ColumnTarget } from '../../../../shared/case-import/mapping.ts';
import { listed, sentence } from '../../../../shared/language/sentence.ts';

describe('the columns of a file', () => {
  const targets: ColumnTarget[] = [
    { to: 'ignore' },
    { to: 'received' },
    { to: 'safeContact' },
    { to: 'session' },
    { to: 'tactics' },
    { to: 'attribute', name: 'money_asked_currency' },
    { to: 'outcome', values: {} },
  ];

  it.each(targets)('stay what they are through a choice: $to', (target) => {
    expect(targetOf(choiceOf(target))).toEqual(target);
  });

  it('are taken for nothing when a choice is unknown', () => {
    expect(targetOf('moon')).toEqual({ to: 'ignore' });
  });

  it('change one at a time', () => {
    const mapping = { format: 'outpost.import-mapping/1', columns: { a: { to: 'note' } }, constants: {} } as const;
    expect(withColumn(mapping, 'b', { to: 'place' }).columns).toEqual({ a: { to: 'note' }, b: { to: 'place' } });
  });

  it('give every outcome a choice of its own', () => {
    expect(new Set(meanings.map(meaningKey)).size).toBe(8);
    for (const meaning of meanings) expect(meaningOf(meaningKey(meaning))).toEqual(meaning === '' ? null : meaning);
  });

  it('name values without a meaning once, and no others', () => {
    const why = sentence('case_import.unmapped_outcome', { known: listed(['scam']) });
    const rows = [
      { line: 2, cells: ['x', ' proven '], problems: [{ column: 'Result', why }] },
      { line: 3, cells: ['x', 'proven'], problems: [{ column: 'Result', why }] },
      { line: 4, cells: ['x', 'open'], problems: [{ column: 'Result', why: sentence('case_import.no_date') }] },
    ];
    expect(unmappedOutcomes(['When', 'Result'], 'Result', rows)).toEqual(['proven']);
  });
});

describe('the preview', () => {
  const row = {
    line: 2,
    received: '2026-09-01',
    reference: '',
    resident: '',
    place: 'Pune',
    indicators: [],
    tactics: [],
    answers: 0,
    narrative: '',
    outcome: null,
  };

  it('shows columns that say something', () => {
    expect(filledColumns([row])).toEqual(['received', 'place']);
    expect(filledColumns([row, { ...row, tactics: ['gift cards'], answers: 1 }])).toEqual([
      'received',
      'place',
      'tactics',
      'answers',
    ]);
  });
});

describe('the pace of a reading', () => {
  it('comes from the share done, once a second has passed', () => {
    expect(paceOf({ rows: 500, share: 0.25, started: 0 }, 999)).toBeNull();
    expect(paceOf({ rows: 0, share: 0, started: 0 }, 5_000)).toBeNull();
    expect(paceOf({ rows: 500, share: 0.25, started: 0 }, 2_000)).toEqual({ rate: 250, left: 6_000 });
  });
});
