import { groupTactics, type TacticGroup } from '../domain/tactic-groups.ts';
import { normaliseTactic } from '../domain/tactics.ts';
import type { FeatureSchema } from '../encoding/schema.ts';
import { clopperPearson } from '../metrics/binomial.ts';
import { mixedStarts } from './blocks.ts';
import { budgetShare, evidenceOf, rateEProcess } from './e-process.ts';
import type { AssessCase, AssessReference } from './input.ts';
import type { Profile } from '../encoding/profile.ts';
import type { Finding } from './report.ts';

/** Chance of a false alarm of any tactic, over two years of daily looks. */
export const tacticsAlpha = 0.05;
/** A tactic named in fewer cases is never an alarm, whatever the arithmetic says. */
export const tacticCasesNeeded = 3;
/** A tactic is shown from this evidence on (after the split of the budget); below it is noise. */
const shownFrom = 4;

/** Canonical tags of a case, each once. */
export function tagsOf(schema: FeatureSchema, entry: AssessCase): string[] {
  return [...new Set(entry.facts.tactics.map((t) => normaliseTactic(t, schema.synonyms)))];
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
export function groupsOf(schema: FeatureSchema, cases: readonly AssessCase[]): TaggedGroup[] {
  const understood = understoodTags(schema);
  const named = new Map<string, AssessCase[]>();
  for (const entry of cases) {
    for (const tag of tagsOf(schema, entry)) {
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
  const known = new Map<string, number>();
  const eventsSince = (start: string): number => {
    const found = known.get(start) ?? events(cases.filter((c) => c.received >= start));
    known.set(start, found);
    return found;
  };
  return { from: cases[0]?.received ?? '', to: cases.at(-1)?.received ?? '', eventsSince };
}

/** Number of events: cases about the same one count once. */
function events(cases: readonly AssessCase[]): number {
  const incidents = cases.flatMap((c) => (c.incident === null || c.incident === undefined ? [] : [c.incident]));
  return cases.length - incidents.length + new Set(incidents).size;
}

function testGroup(group: TaggedGroup, all: Monitored, profile: Profile, rank: number): Finding & { kind: 'tactic' } {
  const { from, to } = all;
  const before = referenceCount(profile, group);
  const rows = Math.round(profile.rows);
  // Upper 99 % bound of the rate in the reference: what the test takes for nothing new.
  const ceiling = rows === 0 ? 1 : clopperPearson(before, rows, 0.98).high;
  const mixed = mixedStarts(from, to, (start) => {
    const successes = events(group.cases.filter((c) => c.received >= start));
    return rateEProcess({ successes, trials: all.eventsSince(start), ceiling }).logE;
  });
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
export function assessTactics(
  cases: readonly AssessCase[],
  groups: readonly TaggedGroup[],
  reference: AssessReference,
): (Finding & { kind: 'tactic' })[] {
  const unseen = groups
    .filter((group) => !group.understood)
    .toSorted((a, b) => {
      const [x, y] = [a.cases[0]!.received, b.cases[0]!.received];
      return x === y ? (a.tag < b.tag ? -1 : 1) : x < y ? -1 : 1;
    });
  const all = monitored(cases);
  return unseen
    .map((group, i) => testGroup(group, all, reference.profile, i + 1))
    .filter((finding) => finding.alarm || finding.e >= shownFrom)
    .toSorted((a, b) => b.e - a.e);
}
