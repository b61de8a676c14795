import { groupTactics, type TacticGroup } from '../domain/tactic-groups.ts';
import { normaliseTactic } from '../domain/tactics.ts';
import type { FeatureSchema } from '../encoding/schema.ts';
import { clopperPearson } from '../metrics/binomial.ts';
import { mixedStarts } from './alarm-budget.ts';
import type { Detection, Detector, FittedDetector } from './detector.ts';
import { budgetShare, evidenceOf, rateEProcess } from './e-process.ts';
import type { AssessCase, AssessReference } from './input.ts';
import type { Profile } from '../encoding/profile.ts';
import type { Finding } from './report.ts';
import { stepCases, type Steps } from './steps.ts';

/** Chance of a false alarm of any tactic, over two years of daily looks. */
const tacticsAlpha = 0.05;
/** A tactic named in fewer cases is never an alarm, whatever the arithmetic says. */
const tacticCasesNeeded = 3;
/** A tactic is shown from this evidence on (after the split of the budget); below it is noise. */
const shownFrom = 4;

/** Reads the canonical tags of a case, each once; a spelling met before is not worked out again. */
function tagReader(schema: FeatureSchema): (entry: AssessCase) => Set<string> {
  const known = new Map<string, string>();
  const canonical = (tactic: string): string => {
    const found = known.get(tactic) ?? normaliseTactic(tactic, schema.synonyms);
    known.set(tactic, found);
    return found;
  };
  return (entry) => new Set(entry.facts.tactics.map(canonical));
}

type TacticDetection = Detection & { readonly finding: Finding & { kind: 'tactic' } };

/** Tags the model can see or the centre has understood. */
export function understoodTags(schema: FeatureSchema): Set<string> {
  return new Set([
    ...schema.understoodTactics,
    ...schema.attributes.flatMap((a) => (a.kind === 'tactic' ? [a.tag] : [])),
  ]);
}

/** A group of spellings with the cases that name one of them, in order of receipt. */
export interface TaggedGroup extends TacticGroup {
  readonly understood: boolean;
  readonly cases: readonly AssessCase[];
}

/** Cases of the reference that named the group: at most the sum over its spellings. */
function referenceCount(profile: Profile, group: TacticGroup): number {
  const sum = group.spellings.reduce(
    (n, tag) => n + (Object.hasOwn(profile.tactics, tag) ? profile.tactics[tag]! : 0),
    0,
  );
  return Math.min(profile.rows, Math.round(sum));
}

/** The cases all groups are counted against; events since a day are counted once for all of them. */
interface Monitored {
  readonly from: string;
  readonly to: string;
  readonly eventsSince: (start: string) => number;
}

/**
 * Number of events among the cases received since a day: cases about the same one count once, as long as one of them was
 * received since. So an event counts on the last of its days, and the cases are gone through once for all days.
 */
function eventsOf(cases: readonly AssessCase[]): (start: string) => number {
  const [byDay, lastDay] = [new Map<string, number>(), new Map<string, string>()];
  const count = (day: string): unknown => byDay.set(day, (byDay.get(day) ?? 0) + 1);
  for (const { incident, received } of cases) {
    if (incident === null || incident === undefined) count(received);
    else if ((lastDay.get(incident) ?? '') < received) lastDay.set(incident, received);
  }
  for (const day of lastDay.values()) count(day);
  return (start) => [...byDay].reduce((sum, [day, n]) => (day >= start ? sum + n : sum), 0);
}

function testGroup(group: TaggedGroup, all: Monitored, profile: Profile, rank: number): TacticDetection {
  const { from, to } = all;
  const before = referenceCount(profile, group);
  const rows = Math.round(profile.rows);
  // Upper 99 % bound of the rate in the reference: what the test takes for nothing new.
  const ceiling = rows === 0 ? 1 : clopperPearson(before, rows, 0.98).high;
  const successesSince = eventsOf(group.cases);
  const mixed = mixedStarts(
    from,
    to,
    (start) => rateEProcess({ successes: successesSince(start), trials: all.eventsSince(start), ceiling }).logE,
  );
  const { e, logE } = evidenceOf(mixed.logE + Math.log(budgetShare(rank)));
  // A tactic known from before is counted from the stretch on in which it became more frequent.
  const counted = before === 0 ? group.cases : group.cases.filter((c) => c.received >= mixed.best);
  const alarm = logE >= -Math.log(tacticsAlpha) && counted.length >= tacticCasesNeeded;
  const finding = {
    kind: 'tactic' as const,
    tag: group.tag,
    cases: counted.length,
    offices: new Set(counted.map((c) => c.office)).size,
    firstSeen: counted[0]?.received ?? from,
    e,
    chance: Math.min(1, 1 / e),
    alarm,
  };
  return {
    finding,
    effect: successesSince(mixed.best) / all.eventsSince(mixed.best) - ceiling,
    evidence: { kind: 'e', e },
    level: alarm ? 'alarm' : 'watch',
    since: finding.firstSeen,
  };
}

function byFirstAppearance(a: TaggedGroup, b: TaggedGroup): number {
  const [x, y] = [a.cases[0]!.received, b.cases[0]!.received];
  return x === y ? (a.tag < b.tag ? -1 : 1) : x < y ? -1 : 1;
}

function* testGroups(
  cases: readonly AssessCase[],
  groups: readonly TaggedGroup[],
  profile: Profile,
): Steps<TacticDetection[]> {
  const unseen = groups.filter((group) => !group.understood).toSorted(byFirstAppearance);
  const all = { from: cases[0]?.received ?? '', to: cases.at(-1)?.received ?? '', eventsSince: eventsOf(cases) };
  const tested: TacticDetection[] = [];
  for (const [i, group] of unseen.entries()) {
    tested.push(testGroup(group, all, profile, i + 1));
    yield;
  }
  return tested
    .filter(({ finding }) => finding.alarm || finding.e >= shownFrom)
    .toSorted((a, b) => b.finding.e - a.finding.e);
}

function groupsOf(schema: FeatureSchema, named: ReadonlyMap<string, readonly AssessCase[]>): TaggedGroup[] {
  const understood = understoodTags(schema);
  const counts = new Map([...named].map(([tag, entries]) => [tag, entries.length]));
  return groupTactics(counts, understood, schema.synonyms).map((group) => {
    const members = new Set(group.spellings.flatMap((tag) => named.get(tag) ?? []));
    const known = group.spellings.some((tag) => understood.has(tag));
    return { ...group, understood: known, cases: [...members].toSorted((a, b) => (a.received < b.received ? -1 : 1)) };
  });
}

/** The tactics watched, with what charts show of them. */
export interface TacticsWatched extends FittedDetector {
  /** Tactics named in the cases so far, spellings of one tactic together. */
  groups(): readonly TaggedGroup[];
}

function watchTactics({ schema, profile }: AssessReference): TacticsWatched {
  const tagsOf = tagReader(schema);
  const cases: AssessCase[] = [];
  const named = new Map<string, AssessCase[]>();
  let groups: readonly TaggedGroup[] | null = null;
  const grouped = (): readonly TaggedGroup[] => (groups ??= groupsOf(schema, named));
  return {
    *update(further) {
      groups = null;
      for (const [i, entry] of further.entries()) {
        if (i % stepCases === 0) yield;
        cases.push(entry);
        for (const tag of tagsOf(entry)) {
          const entries = named.get(tag) ?? [];
          entries.push(entry);
          named.set(tag, entries);
        }
      }
    },
    groups: grouped,
    *verdict() {
      return { detections: yield* testGroups(cases, grouped(), profile) };
    },
  };
}

/**
 * Tests every tactic the model cannot see against its rate in the reference, valid under daily looks. The budget is split
 * over tactics in order of their first appearance, so that new ones can come up without end.
 */
export const tacticDetector: Detector<TacticsWatched> = { name: 'tactic', fit: watchTactics };
