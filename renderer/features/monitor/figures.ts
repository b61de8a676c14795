import type { Language } from '../../../shared/language/language.ts';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Finding, MonitorReport } from '../../../shared/drift/report.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { capital, dateText, percentText } from '../../language/format.ts';
import type { Say } from '../../language/language.ts';
import type { Table } from '../../transport/csv.ts';

type Tactic = MonitorReport['tactics'][number];

/** Room a letter of a chart's labels takes on average, in CSS pixels: bold ones a little less than this. */
const letter = 6.8;

/** A label of a chart, shortened with an ellipsis where it has no room; `room` in CSS pixels. The table has all of it. */
export function fitted(label: string, room: number): string {
  const most = Math.max(4, Math.floor(room / letter));
  return label.length <= most ? label : `${label.slice(0, most - 1).trimEnd()}…`;
}

/** Name of a tactic for titles. */
export function tacticName(tactic: Tactic): string {
  return tagText(tactic.tag);
}

/** The tactic the weekly chart is about: the strongest finding, else the most recorded one the centre does not know. */
function leadTactic(report: MonitorReport): Tactic | null {
  const found = report.findings.find((finding) => finding.kind === 'tactic');
  if (found !== undefined) return report.tactics.find((tactic) => tactic.tag === found.tag) ?? null;
  return report.tactics.filter((tactic) => !tactic.understood).toSorted((a, b) => b.cases - a.cases)[0] ?? null;
}

/** The lead tactic and up to `others` of the most recorded remaining ones. */
export function chartTactics(
  report: MonitorReport,
  others: number,
): { readonly lead: Tactic | null; readonly rest: readonly Tactic[] } {
  const lead = leadTactic(report);
  const rest = report.tactics
    .filter((tactic) => tactic.tag !== lead?.tag)
    .toSorted((a, b) => b.cases - a.cases)
    .slice(0, others);
  return { lead, rest };
}

/** First week in which a tag was recorded, or null. */
export function firstWeek(report: MonitorReport, tag: string): string | null {
  return report.weeks.find((week) => (week.counts[tag] ?? 0) > 0)?.start ?? null;
}

/** True when the last day of a week, as a local day, has passed at `now`, in milliseconds. */
function isOver(start: string, now: number): boolean {
  const end = new Date(`${start}T00:00:00`);
  end.setDate(end.getDate() + 7);
  return end.getTime() <= now;
}

/**
 * The weeks a chart may compare: one that is not over yet has too few cases to stand beside whole ones. It stays when
 * there is no other, or when the tag looked at was recorded in no other.
 */
export function wholeWeeks(report: MonitorReport, tag: string | null, now: number): MonitorReport['weeks'] {
  const whole = report.weeks.filter((week) => isOver(week.start, now));
  const hasTag = tag === null || whole.some((week) => (week.counts[tag] ?? 0) > 0);
  return whole.length > 0 && hasTag ? whole : report.weeks;
}

/** The day a tag was first seen, as the finding says it; else the start of its first week; null when it never was. */
export function firstSeen(report: MonitorReport, tag: string): string | null {
  const found = report.findings.find((finding) => finding.kind === 'tactic' && finding.tag === tag);
  return found?.kind === 'tactic' ? found.firstSeen : firstWeek(report, tag);
}

/** The weekly counts as a table. */
export function weeklyTable(report: MonitorReport, say: Say): Table {
  return {
    head: [say('window_monitor.week'), say('window_monitor.received'), ...report.tactics.map(tacticName)],
    rows: report.weeks.map((week) => [
      week.start,
      week.received,
      ...report.tactics.map((tactic) => week.counts[tactic.tag] ?? 0),
    ]),
  };
}

/** Missed scams by month as a table; shares and limits in per cent. */
export function missedTable(report: MonitorReport, say: Say): Table {
  const share = (value: number): string => (value * 100).toFixed(1);
  return {
    head: [
      say('window_monitor.month'),
      say('window_monitor.checked'),
      say('window_monitor.missed'),
      say('window_monitor.share_percent'),
      say('window_monitor.interval_from'),
      say('window_monitor.interval_to'),
      say('window_monitor.promised_percent'),
    ],
    rows: report.months.map((month) => [
      month.month,
      month.checked,
      month.missed,
      share(month.share),
      share(month.low),
      share(month.high),
      share(report.ceiling),
    ]),
  };
}

/** Month `2026-03` as `Mar`. */
export function monthText(month: string): Sentence {
  return sentence('window_format.month', { date: `${month}-01` });
}

/** Chance of a finding arising by accident, as a sentence. */
export function chanceText(chance: number): Sentence {
  if (chance > 0.2) return sentence('window_monitor.could_be_chance');
  if (chance <= 0.001)
    return sentence('window_monitor.chance', { chance: sentence('window_monitor.chance_under', { limit: 1000 }) });
  if (chance <= 0.01)
    return sentence('window_monitor.chance', { chance: sentence('window_monitor.chance_under', { limit: 100 }) });
  return sentence('window_monitor.chance', {
    chance: sentence('window_monitor.chance_about', { share: percentText(chance, 0) }),
  });
}

/** A finding as a sentence. */
export function findingText(finding: Finding, now: number, words: Language['words']): Sentence {
  switch (finding.kind) {
    case 'tactic':
      return sentence('window_monitor.finding_tactic', {
        tag: tagText(finding.tag),
        cases: finding.cases,
        offices: finding.offices,
        since: dateText(finding.firstSeen, now),
      });
    case 'missed':
      return sentence('window_monitor.finding_missed', {
        missed: finding.missed,
        checked: finding.checked,
        low: finding.expectedLow,
        high: finding.expectedHigh,
      });
    case 'attribute':
      return sentence('window_monitor.finding_attribute', {
        what: capital(words(finding.what)),
        from: percentText(finding.from, 0),
        to: percentText(finding.to, 0),
      });
  }
}

/** Fewest checked cases in a month about which anything is said. */
const fewest = 5;

/** How a month's missed scams stand to the promise: only an interval wholly above it proves anything. */
export function judgedText(month: MonitorReport['months'][number], ceiling: number): Sentence {
  if (month.checked < fewest) return sentence('window_monitor.judged_few');
  if (month.share <= ceiling) return sentence('window_monitor.judged_within');
  return month.low > ceiling ? sentence('window_monitor.judged_proven') : sentence('window_monitor.judged_above');
}
