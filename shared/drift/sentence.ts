import { tagText } from '../domain/tactics.ts';
import { listed, sentence, type Sentence } from '../language/sentence.ts';
import type { Finding, MonitorReport } from './report.ts';

/** A day, with the year when it is not that of `beside`. */
function day(date: string, beside: string | null): Sentence {
  return beside?.slice(0, 4) === date.slice(0, 4)
    ? sentence('monitor_report.day', { date })
    : sentence('monitor_report.day_of_year', { date });
}

function tacticText(finding: Finding & { kind: 'tactic' }, report: MonitorReport): Sentence {
  return sentence('monitor_report.tactic', {
    alarm: finding.alarm,
    since: day(finding.firstSeen, report.to),
    tag: tagText(finding.tag),
    cases: finding.cases,
    // Where there is but one office, nothing is said of offices.
    offices: report.offices > 1 ? finding.offices : 0,
  });
}

function expected({ expectedLow: low, expectedHigh: high }: Finding & { kind: 'missed' }): Sentence {
  return low === high ? sentence('monitor_report.count', { low }) : sentence('monitor_report.range', { low, high });
}

function doublingText(after: number | null): Sentence {
  if (after === null) return sentence('monitor_report.doubling_never');
  return after === 0
    ? sentence('monitor_report.doubling_by_now')
    : sentence('monitor_report.doubling_after', { count: after });
}

function missedText(report: MonitorReport): Sentence {
  const finding = report.findings.find((f) => f.kind === 'missed');
  const doubling = doublingText(report.doublingShownAfter);
  if (!finding) return sentence('monitor_report.none_checked', { doubling });
  const figures = { missed: finding.missed, checked: finding.checked, expected: expected(finding) };
  return finding.alarm
    ? sentence('monitor_report.missed_alarm', figures)
    : sentence('monitor_report.missed', { ...figures, doubling });
}

function changesText(report: MonitorReport): Sentence[] {
  const changes = report.findings.flatMap((f) =>
    f.kind === 'attribute' ? [sentence('monitor_report.change', { what: f.what, from: f.from, to: f.to })] : [],
  );
  return changes.length === 0 ? [] : [sentence('monitor_report.changes', { changes: listed(changes) })];
}

function casesText({ from, to, cases }: MonitorReport): Sentence {
  return from === null
    ? sentence('monitor_report.cases', { cases })
    : sentence('monitor_report.cases_since', { cases, since: day(from, to) });
}

/** What the monitor opens with, the lead first: what is new, what was missed, what could have been seen by now. */
export function monitorSentences(report: MonitorReport): readonly Sentence[] {
  const tactics = report.findings.flatMap((f) => (f.kind === 'tactic' ? [f] : []));
  // Beside an alarm only alarms are named: the doubtful ones are on the list below.
  const named = tactics.filter((f) => f.alarm || report.kind === 'watch').slice(0, 3);
  const cases = casesText(report);
  if (report.kind === 'too_little') {
    return report.cases === 0
      ? [sentence('monitor_report.no_case')]
      : [sentence('monitor_report.too_early', { cases }), missedText(report)];
  }
  const lead =
    report.kind === 'calm' ? [sentence('monitor_report.calm', { cases })] : named.map((f) => tacticText(f, report));
  if (lead.length === 0 && report.kind === 'alarm') lead.push(sentence('monitor_report.more_missed', { cases }));
  if (lead.length === 0) lead.push(sentence('monitor_report.watch', { cases }));
  return [...lead, missedText(report), ...changesText(report)];
}
