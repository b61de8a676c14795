import { canonicalJson, sha256Hex } from '../../shared/log/canonical.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { gateLimits } from '../../shared/releases/gates.ts';
import { incidentOf, type LabelledCase } from '../../learning/data/labelled-cases.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Where the cases that are held out may begin, and how many there should be. */
interface HoldOutRule {
  /** What the current model has seen, or the first day of an alarm, lies before; null: nothing does. */
  readonly notBefore: string | null;
  /** Share of the unseen incidents that is held out at least. */
  readonly share: number;
  /** True: enough scams have to do, so that more is left to learn from. */
  readonly few: boolean;
}

/** An incident under one of its labels, with the first day any of its cases was received. */
interface Dated {
  readonly day: string;
  readonly label: 0 | 1;
  readonly group: string;
}

/** Past cases that came with their outcome serve training only: nobody knows how they were chosen. */
function mayJudge({ known }: LabelledCase): boolean {
  return known.source !== 'historical';
}

/** Incidents none of whose cases came in before a day, the newest first. */
function newestFirst(cases: readonly LabelledCase[], notBefore: string | null): Dated[] {
  const firstDay = new Map<string, string>();
  for (const one of cases) {
    const name = incidentOf(one);
    const known = firstDay.get(name);
    if (known === undefined || one.known.received < known) firstDay.set(name, one.known.received);
  }
  const dated = new Map<string, Dated>();
  for (const one of cases) {
    const day = firstDay.get(incidentOf(one))!;
    const { label, group } = one;
    if (mayJudge(one) && (notBefore === null || day >= notBefore))
      dated.set(`${label} ${incidentOf(one)}`, { day, label, group });
  }
  return [...dated.values()].toSorted((a, b) => (a.day < b.day ? 1 : -1));
}

/** First day from which no more than a third of some incidents (the newest first) come in; null when there is none. */
function dayOfThird(unseen: readonly Dated[]): string | null {
  const most = Math.floor(unseen.length / 3);
  // All incidents of a day are on one side: with the first that is one too many, its whole day is left to learn from.
  const tooMany = unseen[most]!.day;
  return unseen.findLast(({ day }) => day > tooMany)?.day ?? null;
}

/**
 * Day from which cases are held out: the latest one that leaves both gates enough incidents (those of one scammer counted
 * once, as the gates do) and `share` of those unseen, and not before `notBefore`. With `few`: the latest that leaves
 * enough scams, and no more than a third of the unseen incidents, days kept whole. Null when there are not enough, none at
 * all, or nothing is left to learn from.
 */
export function holdOutStart(cases: readonly LabelledCase[], { notBefore, share, few }: HoldOutRule): string | null {
  const unseen = newestFirst(cases, notBefore);
  const leavesSome = (day: string): boolean => cases.some(({ known }) => known.received < day);
  const [genuine, scams] = [new Set<string>(), new Set<string>()];
  let enoughScams: string | null = null;
  for (const [i, { day, label, group }] of unseen.entries()) {
    (label === 1 ? scams : genuine).add(group);
    if (scams.size < gateLimits.scamsNeeded) continue;
    enoughScams ??= day;
    if (!few && genuine.size >= gateLimits.genuineNeeded && i + 1 >= share * unseen.length)
      return leavesSome(day) ? day : null;
  }
  if (!few || unseen.length === 0) return null;
  const third = dayOfThird(unseen);
  const day = enoughScams !== null && third !== null && enoughScams > third ? enoughScams : third;
  return day !== null && leavesSome(day) ? day : null;
}

/** The cases a candidate is judged on: received from `cut` on, so that neither it nor the current model has seen them. */
export function holdOutCases(cases: readonly LabelledCase[], cut: string): LabelledCase[] {
  const trained = new Set(cases.filter(({ known }) => known.received < cut).map(incidentOf));
  return cases.filter((one) => one.known.received >= cut && mayJudge(one) && !trained.has(incidentOf(one)));
}

/** Throws BAD_INPUT saying what is missing when there is not enough to judge. */
export function requireEnough(cut: string | null): string {
  if (cut !== null) return cut;
  throw new OutpostError(
    'BAD_INPUT',
    sentence('retraining.too_few_later_cases', { scams: gateLimits.scamsNeeded, genuine: gateLimits.genuineNeeded }),
  );
}

/** A name for labelled cases: equal for the same cases with the same labels and weights. */
export function nameOfCases(cases: readonly LabelledCase[]): string {
  return sha256Hex(canonicalJson(cases.map(({ known, label, weight }) => [known.id, label, weight]))).slice(0, 16);
}
