import { describe, expect, it } from 'vitest';
import { needsOrder, orderShown, readDate } from '../../../../shared/case-import/dates.ts';

describe('dates of CSV files', () => {
  it.each([
    ['2026-03-01', null, '2026-03-01'],
    ['2026-09-23 00:02:35', null, '2026-09-23'],
    ['2026/9/3T10:00Z', null, '2026-09-03'],
    ['06/25/2015 03:02:45 PM +0000', 'month_first', '2015-06-25'],
    ['3/4/2026', 'month_first', '2026-03-04'],
    ['3/4/2026', 'day_first', '2026-04-03'],
    ['3.4.2026, 5:40 P.M.', 'day_first', '2026-04-03'],
    ['4/4/2026', null, '2026-04-04'],
    [' 29.02.2024 ', 'day_first', '2024-02-29'],
  ] as const)('reads %s', (text, order, date) => expect(readDate(text, order)).toBe(date));

  it.each([
    ['3/4/2026', null],
    ['29.02.2026', 'day_first'],
    ['2026-13-01', null],
    ['25/06/2015', 'month_first'],
    ['yesterday', 'day_first'],
    ['2026-03-01 is when', null],
    ['', null],
  ] as const)('has none in %s', (text, order) => expect(readDate(text, order)).toBeNull());

  it('tells from a date what stands first, where it shows', () => {
    expect(['25.3.2026', '3/25/2026', '3/4/2026', '2026-03-25'].map(orderShown)).toEqual([
      'day_first',
      'month_first',
      null,
      null,
    ]);
    expect(['25.3.2026', '3/4/2026', '3/3/2026', '2026-03-25'].map(needsOrder)).toEqual([true, true, false, false]);
  });
});
