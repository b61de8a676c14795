import type { DatedRow } from '../dataset/dataset.ts';
import { groupsOf, numbered } from '../dataset/groups.ts';
import { firstRows } from './duplicates.ts';
import { labelOfCase, lookWeight, type KnownCase } from './known-case.ts';

/** Largest weight of one case: a single audited case must not stand for hundreds. */
const maxWeight = 20;

/** A case whose label is known, with the weight that makes it stand for those like it. */
export interface LabelledCase {
  readonly known: KnownCase;
  readonly label: 0 | 1;
  readonly weight: number;
  /** Equal for cases of one incident or one scammer, also over other cases in between: these are not independent. */
  readonly group: string;
}

/** Name of the group of each case: of incident or case that comes first in it. */
function groupNames(cases: readonly KnownCase[]): string[] {
  const memberships = [cases.map((known) => known.incident), cases.map((known) => known.scammer)].map(numbered);
  const names: string[] = [];
  return Array.from(
    groupsOf(cases.length, memberships),
    (group, i) => (names[group] ??= incidentOf({ known: cases[i]! })),
  );
}

/**
 * Cases with a label and the weight of those they stand for. `inconclusive` outcomes and `not_scam` cases checked
 * although nothing drew them are left out. Every `scam` or `unclear` case with a label counts once, as if all of these
 * were worked: where an office leaves some aside, they are too rare here by that share. Groups are found among all cases
 * given, those that are left out too.
 */
export function labelledCases(cases: readonly KnownCase[]): LabelledCase[] {
  const groups = groupNames(cases);
  return cases.flatMap((known, i) => {
    const label = labelOfCase(known);
    const weight = lookWeight(known);
    return label === null || weight === null
      ? []
      : [{ known, label, weight: Math.min(weight, maxWeight), group: groups[i]! }];
  });
}

/** Name of the incident a case is about; a case whose incident is unknown is one of its own. */
export function incidentOf({ known }: Pick<LabelledCase, 'known'>): string {
  return known.incident ?? known.id;
}

/** How many incidents some cases are about: duplicates count once. */
export function countIncidents(cases: readonly LabelledCase[]): number {
  return new Set(cases.map(incidentOf)).size;
}

/** A labelled case as a row to learn from: facts as they were at intake. */
export function rowOfCase({ known, label, weight }: LabelledCase): DatedRow {
  const { facts, tactics: tacticsNoted, received, incident, scammer } = known;
  return { facts, tacticsNoted, label, weight, received, incident, scammer };
}

/** Cases to learn from, and how many duplicates of an incident were left out. */
interface FirstCases {
  readonly cases: readonly LabelledCase[];
  readonly duplicates: number;
}

/** Of each incident the case received first, as `firstRows` finds it: how often an event was entered says nothing of it. */
export function firstOfIncidents(all: readonly LabelledCase[]): FirstCases {
  const first = firstRows();
  const rows = all.map(rowOfCase);
  rows.forEach(first.see);
  const cases = all.filter((_, i) => !first.isDuplicate(rows[i]!, i));
  return { cases, duplicates: all.length - cases.length };
}
