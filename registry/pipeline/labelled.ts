import { labelOfCase, lookWeight, type KnownCase } from './cases.ts';

/** Largest weight of one case: a single audited case must not stand for hundreds. */
const maxWeight = 20;

/** A case whose label is known, with the weight that makes it stand for those like it. */
export interface LabelledCase {
  readonly known: KnownCase;
  readonly label: 0 | 1;
  readonly weight: number;
}

/**
 * Cases with a label and the weight of those they stand for. `inconclusive` outcomes and `not_scam` cases checked
 * although nothing drew them are left out. Every `scam` or `unclear` case with a label counts once, as if all of these
 * were worked: where an office leaves some aside, they are too rare here by that share.
 */
export function labelledCases(cases: readonly KnownCase[]): LabelledCase[] {
  return cases.flatMap((known) => {
    const label = labelOfCase(known);
    const weight = lookWeight(known);
    return label === null || weight === null ? [] : [{ known, label, weight: Math.min(weight, maxWeight) }];
  });
}

/** Name of the incident a case is about; a case whose incident is unknown is one of its own. */
export function incidentOf({ known }: Pick<LabelledCase, 'known'>): string {
  return known.incident ?? known.id;
}

/** How many incidents some cases are about: twins count once. */
export function countIncidents(cases: readonly LabelledCase[]): number {
  return new Set(cases.map(incidentOf)).size;
}
