import { tagText } from '../domain/tactics.ts';
import { addDays, daysBetween, weekOf } from './days.ts';
import type { Detection, Detector } from './detector.ts';
import { alarmDetectors, companionDetectors } from './detectors.ts';
import type { AssessCase, AssessInput, AssessReference } from './input.ts';
import type { Finding, MonitorReport } from './report.ts';
import type { Steps } from './steps.ts';
import type { TaggedGroup } from './tactics.ts';

export { referenceOf } from './input.ts';
export type { AssessCase, AssessReference } from './input.ts';

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

function kindOf(cases: number, detections: readonly Detection[]): MonitorReport['kind'] {
  const has = (level: Detection['level']): boolean => detections.some((one) => one.level === level);
  if (has('alarm')) return 'alarm';
  if (cases < casesNeeded) return 'too_little';
  return has('watch') ? 'watch' : 'calm';
}

function* verdictOn(
  detector: Detector,
  cases: readonly AssessCase[],
  reference: AssessReference,
): Steps<readonly Detection[]> {
  const fitted = detector.fit(reference);
  yield* fitted.update(cases);
  return (yield* fitted.verdict()).detections;
}

/** What changed since the first alarm's stretch began; nothing without an alarm. */
function* companions(
  cases: readonly AssessCase[],
  reference: AssessReference,
  detections: readonly Detection[],
): Steps<Finding[]> {
  const since = detections
    .filter(({ level }) => level === 'alarm')
    .map((one) => one.since)
    .toSorted()[0];
  if (since === undefined) return [];
  const inside = cases.filter((one) => one.received >= since);
  const named = new Map<string, Finding>();
  for (const detector of companionDetectors) {
    for (const { finding } of yield* verdictOn(detector, inside, reference)) {
      const name = finding.kind === 'attribute' ? finding.name : JSON.stringify(finding);
      if (!named.has(name)) named.set(name, finding);
    }
  }
  return [...named.values()];
}

function shareInconclusive(cases: readonly AssessCase[]): number | null {
  const finished = cases.filter((c) => c.outcome !== null);
  return finished.length === 0 ? null : finished.filter((c) => c.outcome === 'inconclusive').length / finished.length;
}

type Fitted = { readonly [K in keyof typeof alarmDetectors]: ReturnType<(typeof alarmDetectors)[K]['fit']> };

/** The detectors that may raise the alarm, fitted on a reference. */
function fitAll(reference: AssessReference): Fitted {
  const fitted = Object.entries(alarmDetectors).map(([name, detector]) => [name, detector.fit(reference)]);
  return Object.fromEntries(fitted) as Fitted;
}

/**
 * What the monitor says about first-scored cases (of one office or of all), compared with a model's reference. Alarms hold
 * under daily looks: at most 5 % chance in two years for missed scams, and as much for tactics. Counts are by date of
 * receipt; cases without outcome stay open and are never counted as fine. In steps, since a monitor works beside what people wait for.
 */
export function* assessInSteps({ cases: given, reference }: AssessInput): Steps<MonitorReport> {
  const cases = given.toSorted((a, b) => (a.received < b.received ? -1 : Number(a.received > b.received)));
  const fitted = fitAll(reference);
  const detections: Detection[] = [];
  for (const detector of Object.values(fitted)) {
    yield* detector.update(cases);
    detections.push(...(yield* detector.verdict()).detections);
    yield;
  }
  const changed = yield* companions(cases, reference, detections);
  return reportOf(cases, fitted, detections, changed);
}

function reportOf(
  cases: readonly AssessCase[],
  { tactics, missed }: Fitted,
  detections: readonly Detection[],
  changed: readonly Finding[],
): MonitorReport {
  const findings = [...detections.map(({ finding }) => finding), ...changed];
  const groups = tactics.groups();
  const { ceiling, doublingShownAfter } = missed.outlook();
  return {
    kind: kindOf(cases.length, detections),
    cases: cases.length,
    offices: new Set(cases.map((c) => c.office)).size,
    from: cases[0]?.received ?? null,
    to: cases.at(-1)?.received ?? null,
    findings,
    ceiling,
    months: missed.byMonth(),
    weeks: weeksOf(cases, charted(groups, findings)),
    tactics: groups.map((g) => ({
      tag: g.tag,
      label: tagText(g.tag),
      understood: g.understood,
      cases: g.cases.length,
    })),
    openAudits: cases.filter((c) => c.audit.drawn && c.outcome === null).length,
    inconclusiveShare: shareInconclusive(cases),
    doublingShownAfter,
  };
}
