import { tagText } from '../domain/tactics.ts';
import { changedAttributes } from './attributes.ts';
import { addDays, daysBetween, weekOf } from './days.ts';
import type { AssessCase, AssessInput, AssessReference } from './input.ts';
import { assessMissed, missedByMonth, type MissedAssessment } from './missed.ts';
import type { Finding, MonitorReport } from './report.ts';
import { inOneGo, type Steps } from './steps.ts';
import { assessTactics, groupsOf, type TaggedGroup } from './tactics.ts';

export { promisesOf, referenceOf } from './input.ts';
export type { AssessCase, AssessInput, AssessReference } from './input.ts';

/** With fewer cases than this, and no alarm, the monitor says that it is too early to tell. */
const casesNeeded = 30;
/** Tactics drawn in the weekly chart. */
const chartedTactics = 6;

/** Cases per week; the calendar is asked once per day, not once per case. */
function countByWeek(cases: readonly AssessCase[]): Map<string, number> {
  const days = new Map<string, number>();
  for (const { received } of cases) days.set(received, (days.get(received) ?? 0) + 1);
  const weeks = new Map<string, number>();
  for (const [received, n] of days) weeks.set(weekOf(received), (weeks.get(weekOf(received)) ?? 0) + n);
  return weeks;
}

function weeksOf(cases: readonly AssessCase[], groups: readonly TaggedGroup[]): MonitorReport['weeks'] {
  if (cases.length === 0) return [];
  const [first, last] = [weekOf(cases[0]!.received), weekOf(cases.at(-1)!.received)];
  const received = countByWeek(cases);
  const named = groups.map((group) => ({ tag: group.tag, weeks: countByWeek(group.cases) }));
  return Array.from({ length: daysBetween(first, last) / 7 + 1 }, (_, i) => {
    const start = addDays(first, 7 * i);
    const counts = Object.fromEntries(named.map(({ tag, weeks }) => [tag, weeks.get(start) ?? 0]));
    return { start, received: received.get(start) ?? 0, counts };
  });
}

/** Groups for the chart: those with a finding first, then the most frequent. */
function charted(groups: readonly TaggedGroup[], findings: readonly Finding[]): TaggedGroup[] {
  const found = new Set(findings.flatMap((f) => (f.kind === 'tactic' ? [f.tag] : [])));
  const rank = (g: TaggedGroup): number => (found.has(g.tag) ? 1e9 : 0) + g.cases.length;
  return groups.toSorted((a, b) => rank(b) - rank(a)).slice(0, chartedTactics);
}

function kindOf(cases: number, findings: readonly Finding[]): MonitorReport['kind'] {
  if (findings.some((f) => f.kind !== 'attribute' && f.alarm)) return 'alarm';
  if (cases < casesNeeded) return 'too_little';
  const doubtful = findings.some((f) => f.kind === 'tactic' || (f.kind === 'missed' && f.chance <= 0.25));
  return doubtful ? 'watch' : 'calm';
}

/** Attributes that changed since the first alarm's stretch began; none without an alarm. */
function* companions(
  cases: readonly AssessCase[],
  reference: AssessReference,
  tactics: readonly Finding[],
  missed: MissedAssessment,
): Steps<Finding[]> {
  const starts = tactics.flatMap((f) => (f.kind === 'tactic' && f.alarm ? [f.firstSeen] : []));
  if (missed.finding?.alarm) starts.push(missed.since);
  const since = starts.toSorted()[0];
  return since === undefined ? [] : yield* changedAttributes(reference.schema, reference.profile, cases, since);
}

function shareInconclusive(cases: readonly AssessCase[]): number | null {
  const finished = cases.filter((c) => c.outcome !== null);
  return finished.length === 0 ? null : finished.filter((c) => c.outcome === 'inconclusive').length / finished.length;
}

/** `assess` in steps, since a monitor works beside what people wait for. */
export function* assessInSteps({ cases: given, reference }: AssessInput): Steps<MonitorReport> {
  const cases = given.toSorted((a, b) => (a.received < b.received ? -1 : Number(a.received > b.received)));
  const [from, to] = [cases[0]?.received ?? null, cases.at(-1)?.received ?? null];
  const groups = yield* groupsOf(reference.schema, cases);
  const tactics = yield* assessTactics(cases, groups, reference);
  const missed = assessMissed(cases, reference.promises, from ?? '2000-01-01', to ?? '2000-01-01');
  yield;
  const findings: Finding[] = [...tactics, ...(missed.finding ? [missed.finding] : [])];
  findings.push(...(yield* companions(cases, reference, tactics, missed)));
  return reportOf({ cases, groups, tactics, missed, findings });
}

interface Assessed {
  /** In order of receipt. */
  readonly cases: readonly AssessCase[];
  readonly groups: readonly TaggedGroup[];
  readonly tactics: readonly Finding[];
  readonly missed: MissedAssessment;
  readonly findings: Finding[];
}

function reportOf({ cases, groups, tactics, missed, findings }: Assessed): MonitorReport {
  return {
    kind: kindOf(cases.length, findings),
    cases: cases.length,
    offices: new Set(cases.map((c) => c.office)).size,
    from: cases[0]?.received ?? null,
    to: cases.at(-1)?.received ?? null,
    findings,
    ceiling: missed.ceiling,
    months: missedByMonth(cases),
    weeks: weeksOf(cases, charted(groups, tactics)),
    tactics: groups.map((g) => ({
      tag: g.tag,
      label: tagText(g.tag),
      understood: g.understood,
      cases: g.cases.length,
    })),
    openAudits: cases.filter((c) => c.audit.drawn && c.outcome === null).length,
    inconclusiveShare: shareInconclusive(cases),
    doublingShownAfter: missed.doublingShownAfter,
  };
}

/**
 * What the monitor says about first-scored cases (of one office or of all), compared with a model's reference. Alarms hold
 * under daily looks: at most 5 % chance in two years for missed scams, and as much for tactics. Counts are by date of
 * receipt; cases without outcome stay open and are never counted as fine.
 */
export function assess(input: AssessInput): MonitorReport {
  return inOneGo(assessInSteps(input));
}
