import { tagText } from '../domain/tactics.ts';
import type { Finding, MonitorReport } from './report.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `3 March`, with the year when it is not that of `beside`. */
function day(date: string, beside: string | null): string {
  const [year, month, dayOfMonth] = date.split('-').map(Number) as [number, number, number];
  const text = `${dayOfMonth} ${months[month - 1]}`;
  return beside?.startsWith(String(year)) ? text : `${text} ${year}`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;
}

function tacticText(finding: Finding & { kind: 'tactic' }, report: MonitorReport): string {
  const where = report.offices > 1 ? ` in ${count(finding.offices, 'office')}` : '';
  const lead = finding.alarm ? 'New since' : 'Perhaps new since';
  return `${lead} ${day(finding.firstSeen, report.to)}: ${tagText(finding.tag)}, ${count(finding.cases, 'case')}${where}; the model cannot see ${finding.cases === 1 ? 'it' : 'them'}.`;
}

function expected({ expectedLow: low, expectedHigh: high }: Finding & { kind: 'missed' }): string {
  return low === high ? `expected ${low}` : `expected ${low} to ${high}`;
}

function doublingText(after: number | null): string {
  if (after === null) return 'a doubling could not be seen with this many checks';
  return after === 0
    ? 'a doubling would have shown by now'
    : `a doubling would show by about ${count(after, 'more checked case')}`;
}

function missedText(report: MonitorReport): string {
  const finding = report.findings.find((f) => f.kind === 'missed');
  if (!finding) return `No case called not scam has been checked yet; ${doublingText(report.doublingShownAfter)}.`;
  const figures = `Missed scams: ${finding.missed} of ${finding.checked} checked, ${expected(finding)}`;
  return finding.alarm ? `${figures}.` : `${figures}; ${doublingText(report.doublingShownAfter)}.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function changesText(report: MonitorReport): string[] {
  const changes = report.findings.flatMap((f) =>
    f.kind === 'attribute' ? [`${f.what} (${percent(f.from)} before, ${percent(f.to)} now)`] : [],
  );
  return changes.length === 0 ? [] : [`Changed with it: ${changes.join(', ')}.`];
}

/** The sentence the monitor opens with: what is new, what was missed, and what could have been seen by now. */
export function monitorSentence(report: MonitorReport): string {
  const tactics = report.findings.flatMap((f) => (f.kind === 'tactic' ? [f] : []));
  // Beside an alarm only alarms are named: the doubtful ones are on the list below.
  const named = tactics.filter((f) => f.alarm || report.kind === 'watch').slice(0, 3);
  const since = report.from === null ? '' : ` since ${day(report.from, report.to)}`;
  const cases = `${count(report.cases, 'case')}${since}`;
  if (report.kind === 'too_little') {
    return report.cases === 0
      ? 'Too early to tell: no case has been scored yet.'
      : `Too early to tell: ${cases}. ${missedText(report)}`;
  }
  const lead = report.kind === 'calm' ? [`Nothing unusual in ${cases}.`] : named.map((f) => tacticText(f, report));
  if (lead.length === 0 && report.kind === 'alarm') lead.push(`More scams are missed than promised, in ${cases}.`);
  if (lead.length === 0) lead.push(`Something to watch in ${cases}.`);
  return [...lead, missedText(report), ...changesText(report)].join(' ');
}
