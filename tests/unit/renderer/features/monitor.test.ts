import { describe, expect, it } from 'vitest';
import { chanceText, firstSeen, fitted, wholeWeeks } from '../../../../renderer/features/monitor/figures.ts';
import type { MonitorReport } from '../../../../shared/drift/report.ts';
import { inEnglish } from '../../../support/saying.ts';

const week = (start: string, counts: Record<string, number>) => ({ start, received: 10, counts });

function report(weeks: MonitorReport['weeks'], findings: MonitorReport['findings'] = []): MonitorReport {
  return {
    kind: 'watch',
    cases: 30,
    offices: 2,
    from: '2026-03-02',
    to: '2026-03-18',
    findings,
    ceiling: 0.1,
    months: [],
    weeks,
    tactics: [],
    openAudits: 0,
    inconclusiveShare: null,
    doublingShownAfter: null,
  };
}

const wednesday = new Date('2026-03-18T12:00:00').getTime();
const sunday = new Date('2026-03-22T23:59:00').getTime();
const monday = new Date('2026-03-23T00:00:00').getTime();

describe('the weekly chart', () => {
  const weeks = [week('2026-03-09', { upi_payment: 3 }), week('2026-03-16', { upi_payment: 1 })];

  it('leaves out the week that is not over, to the last minute', () => {
    for (const now of [wednesday, sunday]) {
      expect(wholeWeeks(report(weeks), 'upi_payment', now).map((one) => one.start)).toEqual(['2026-03-09']);
    }
    expect(wholeWeeks(report(weeks), 'upi_payment', monday)).toHaveLength(2);
  });

  it('keeps it when the tactic was recorded in no other, or there is no other', () => {
    const fresh = [week('2026-03-09', {}), week('2026-03-16', { upi_payment: 1 })];
    expect(wholeWeeks(report(fresh), 'upi_payment', wednesday)).toHaveLength(2);
    expect(wholeWeeks(report(weeks.slice(1)), null, wednesday)).toHaveLength(1);
  });

  it('names the day of first sight that the finding names', () => {
    const finding = { kind: 'tactic', tag: 'upi_payment', cases: 4, offices: 1, firstSeen: '2026-03-11' } as const;
    const found = report(weeks, [{ ...finding, e: 40, chance: 0.02, alarm: true }]);
    expect(firstSeen(found, 'upi_payment')).toBe('2026-03-11');
    expect(firstSeen(report(weeks), 'upi_payment')).toBe('2026-03-09');
    expect(firstSeen(report(weeks), 'gift_cards')).toBeNull();
  });
});

describe('the chance of a finding', () => {
  it('is named while it is evidence of something, and else shown as chance', () => {
    expect(inEnglish(chanceText(0.0004))).toBe('By chance: under 1 in 1,000.');
    expect(inEnglish(chanceText(0.05))).toBe('By chance: about 5\u00a0%.');
    expect(inEnglish(chanceText(0.2))).toBe('By chance: about 20\u00a0%.');
    expect(inEnglish(chanceText(1))).toBe('Could well be chance.');
  });
});

it('shortens a label of a chart only where it has no room', () => {
  expect(fitted('Length of the contact 10 to 20 min', 300)).toBe('Length of the contact 10 to 20 min');
  expect(fitted('Length of the contact 10 to 20 min', 100)).toBe('Length of the…');
});
