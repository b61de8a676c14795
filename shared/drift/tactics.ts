import { groupTactics, type TacticGroup } from '../domain/tactic-groups.ts';
import { normaliseTactic } from '../domain/tactics.ts';
import type { FeatureSchema } from '../encoding/schema.ts';
import { clopperPearson } from '../metrics/binomial.ts';
import { mixedStarts } from './blocks.ts';
import { budgetShare, evidenceOf, rateEProcess } from './e-process.ts';
import type { AssessCase, AssessReference } from './input.ts';
import type { Profile } from '../encoding/profile.ts';
import type { Finding } from './report.ts';
import { stepCases, type Steps } from './steps.ts';

/** Chance of a false alarm of any tactic, over two years of daily looks. */
export const tacticsAlpha = 0.05;
/** A tactic named in fewer cases is never an alarm, whatever the arithmetic says. */
export const tacticCasesNeeded = 3;
/** A tactic is shown from this evidence on (after the split of the budget); below it is noise. */
const shownFrom = 4;

/** Tells the canonical tags of a case, each once; a spelling met before is not worked out again. */
function tagReader(schema: FeatureSchema): (entry: AssessCase) => Set<string> {
  const known = new Map<string, string>();
  const canonical = (tactic: string): string => {
    const found = known.get(tactic) ?? normaliseTactic(tactic, schema.synonyms);
    known.set(tactic, found);
    return found;
  };
  return (entry) => new Set(entry.facts.tactics.map(canonical));
}

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

/** Tactics named in the cases, spellings of one tactic together. */
export function* groupsOf(schema: FeatureSchema, cases: readonly AssessCase[]): Steps<TaggedGroup[]> {
  const understood = understoodTags(schema);
  const tagsOf = tagReader(schema);
  const named = new Map<string, AssessCase[]>();
  for (const [i, entry] of cases.entries()) {
    if (i % stepCases === 0) yield;
    for (const tag of tagsOf(entry)) {
      const entries = named.get(tag) ?? [];
      entries.push(entry);
      named.set(tag, entries);
    }
  }
  const counts = new Map([...named].map(([tag, entries]) => [tag, entries.length]));
  return groupTactics(counts, understood, schema.synonyms).map((group) => {
    const members = new Set(group.spellings.flatMap((tag) => named.get(tag) ?? []));
    const known = group.spellings.some((tag) => understood.has(tag));
    return { ...group, understood: known, cases: [...members].toSorted((a, b) => (a.received < b.received ? -1 : 1)) };
  });
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

function monitored(cases: readonly AssessCase[]): Monitored {
  return { from: cases[0]?.received ?? '', to: cases.at(-1)?.received ?? '', eventsSince: eventsOf(cases) };
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

function testGroup(group: TaggedGroup, all: Monitored, profile: Profile, rank: number): Finding & { kind: 'tactic' } {
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
  const offices = new Set(counted.map((c) => c.office)).size;
  return {
    kind: 'tactic',
    tag: group.tag,
    cases: counted.length,
    offices,
    firstSeen: counted[0]?.received ?? from,
    e,
    chance: Math.min(1, 1 / e),
    alarm,
  };
}

/**
 * Tests every tactic the model cannot see against its rate in the reference, valid under daily looks. The budget is split
 * over tactics in order of their first appearance, so that new ones can come up without end. `cases` in order of receipt.
 */
export function* assessTactics(
  cases: readonly AssessCase[],
  groups: readonly TaggedGroup[],
  reference: AssessReference,
): Steps<(Finding & { kind: 'tactic' })[]> {
  const unseen = groups
    .filter((group) => !group.understood)
    .toSorted((a, b) => {
      const [x, y] = [a.cases[0]!.received, b.cases[0]!.received];
      return x === y ? (a.tag < b.tag ? -1 : 1) : x < y ? -1 : 1;
    });
  const all = monitored(cases);
  const tested: (Finding & { kind: 'tactic' })[] = [];
  for (const [i, group] of unseen.entries()) {
    tested.push(testGroup(group, all, reference.profile, i + 1));
    yield;
  }
  return tested.filter((finding) => finding.alarm || finding.e >= shownFrom).toSorted((a, b) => b.e - a.e);
}
