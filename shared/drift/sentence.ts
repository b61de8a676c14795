import { tagText } from '../domain/tactics.ts';
import { sentence, type Sentence } from '../language/sentence.ts';
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
  return low === 0 || low === high
    ? sentence('monitor_report.expected_at_most', { high })
    : sentence('monitor_report.expected_range', { low, high });
}

function doublingText(after: number | null): Sentence {
  if (after === null) return sentence('monitor_report.doubling_never');
  return after === 0
    ? sentence('monitor_report.doubling_by_now')
    : sentence('monitor_report.doubling_after', { count: after });
}

function missedTexts(report: MonitorReport): Sentence[] {
  const finding = report.findings.find((f) => f.kind === 'missed');
  const doubling = doublingText(report.doublingShownAfter);
  if (!finding) return [sentence('monitor_report.none_checked'), doubling];
  const { missed, checked, alarm } = finding;
  const figures = [sentence('monitor_report.missed', { missed, checked }), expected(finding)];
  return alarm ? figures : [...figures, doubling];
}

function changesTexts(report: MonitorReport): Sentence[] {
  const [first, ...more] = report.findings.flatMap((f) => (f.kind === 'attribute' ? [f] : []));
  if (first === undefined) return [];
  const change = sentence('monitor_report.changed', { what: first.what, from: first.from, to: first.to });
  // The charts below name the others.
  return more.length === 0 ? [change] : [change, sentence('monitor_report.more_changed', { count: more.length })];
}

function casesText({ from, to, cases }: MonitorReport): Sentence {
  return from === null
    ? sentence('monitor_report.cases', { cases })
    : sentence('monitor_report.cases_since', { cases, since: day(from, to) });
}

function tacticTexts(report: MonitorReport): Sentence[] {
  const tactics = report.findings.flatMap((f) => (f.kind === 'tactic' ? [f] : []));
  // Beside an alarm only alarms are named: the doubtful ones are on the list below.
  const named = tactics.filter((f) => f.alarm || report.kind === 'watch').slice(0, 3);
  if (named.length === 0) return [];
  return [...named.map((f) => tacticText(f, report)), sentence('monitor_report.not_seen', { tactics: named.length })];
}

function leadTexts(report: MonitorReport): Sentence[] {
  const cases = casesText(report);
  if (report.kind === 'calm') return [sentence('monitor_report.calm', { cases })];
  const tactics = tacticTexts(report);
  if (tactics.length > 0) return tactics;
  return [sentence(report.kind === 'alarm' ? 'monitor_report.more_missed' : 'monitor_report.watch', { cases })];
}

/**
 * What the monitor opens with, in short sentences that can be read aloud, the lead first: what is new, what was missed,
 * what could have been seen by now.
 */
export function monitorSentences(report: MonitorReport): readonly Sentence[] {
  if (report.kind === 'too_little') {
    if (report.cases === 0) return [sentence('monitor_report.no_case')];
    return [sentence('monitor_report.too_early', { cases: casesText(report) }), ...missedTexts(report)];
  }
  return [...leadTexts(report), ...missedTexts(report), ...changesTexts(report)];
}
