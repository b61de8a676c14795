import { addDays, daysBetween } from '../../shared/drift/days.ts';
import type { TacticGroup } from '../../shared/domain/tactic-groups.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { gateLimits } from '../../shared/releases/gates.ts';
import type { DatedRow } from '../learning/dataset.ts';
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

/**
 * Day from which cases are held out: the latest one that leaves both gates enough cases and `share` of those unseen,
 * and not before `notBefore` (what the current model has seen, or the first day of an alarm). Null when there are not
 * enough yet.
 */
export function holdOutStart(cases: readonly LabelledCase[], notBefore: string | null, share: number): string | null {
  const unseen = cases.filter(({ known }) => notBefore === null || known.received >= notBefore);
  const newestFirst = unseen.toSorted((a, b) => (a.known.received < b.known.received ? 1 : -1));
  let [scams, genuine] = [0, 0];
  for (const { known, label } of newestFirst) {
    if (label === 1) scams += 1;
    else genuine += 1;
    const enough = scams >= gateLimits.scamsNeeded && genuine >= gateLimits.genuineNeeded;
    if (enough && scams + genuine >= share * unseen.length) return known.received;
  }
  return null;
}

/** A way to train: under which schema, and how fast older cases lose weight (half-life in days, null: they do not). */
export interface Recipe {
  readonly name: string;
  readonly schema: FeatureSchema;
  readonly halfLife: number | null;
}

/** Half-lives in days that are tried: nothing forgotten, a month, a fortnight (what a fast change of tactics needs). */
const halfLives = [null, 30, 14] as const;

/** The space that is searched: with and without the promoted tactics, and how fast older cases lose weight. */
export function recipes(current: FeatureSchema, promoted: FeatureSchema | null): Recipe[] {
  const schemas = promoted === null ? [current] : [current, promoted];
  return schemas.flatMap((schema) =>
    halfLives.map((halfLife) => ({
      name: `schema ${schema.version}, ${halfLife === null ? 'all cases alike' : `half-life ${halfLife} days`}`,
      schema,
      halfLife,
    })),
  );
}

/** Rows for the trainer; weights combine the look weight with the recipe's forgetting, counted back from `cut`. */
export function trainingRows(cases: readonly LabelledCase[], recipe: Recipe, cut: string): DatedRow[] {
  return cases.map(({ known, label, weight }) => {
    const age = Math.max(0, daysBetween(known.received, cut));
    return {
      facts: known.facts,
      tacticsNoted: known.tactics,
      label,
      weight: weight * (recipe.halfLife === null ? 1 : 0.5 ** (age / recipe.halfLife)),
      received: known.received,
      incident: known.incident,
    };
  });
}

/** The cases a candidate is judged on: received from `cut` on, so that neither it nor the current model has seen them. */
export function holdOutCases(cases: readonly LabelledCase[], cut: string): LabelledCase[] {
  const trained = new Set(
    cases.flatMap(({ known }) => (known.received < cut && known.incident !== null ? [known.incident] : [])),
  );
  return cases.filter(
    ({ known }) => known.received >= cut && (known.incident === null || !trained.has(known.incident)),
  );
}

/** Labelled cases naming a promoted tactic that training needs before its weight means something. */
const taggedNeeded = 30;

/** Throws BAD_INPUT saying what is missing when there is not enough to judge. */
export function requireEnough(cut: string | null): string {
  if (cut !== null) return cut;
  throw new OutpostError(
    'BAD_INPUT',
    `Cannot tell yet: judging a candidate needs ${gateLimits.scamsNeeded} scams and ${gateLimits.genuineNeeded} genuine providers received since the change, after what the candidate learns from.`,
  );
}

/** Throws BAD_INPUT when too few labelled cases before `cut` name the tactics that should become features. */
export function requireTagged(cases: readonly LabelledCase[], promoted: readonly TacticGroup[], cut: string): void {
  for (const { tag, spellings } of promoted) {
    const tagged = cases.filter(
      ({ known }) => known.received < cut && known.facts.tactics.some((t) => spellings.includes(t)),
    );
    if (tagged.length >= taggedNeeded) continue;
    throw new OutpostError(
      'BAD_INPUT',
      `Cannot tell yet: learning ${tag.replaceAll('_', ' ')} needs ${taggedNeeded} labelled cases naming it before ${cut}; there are ${tagged.length}.`,
    );
  }
}

/** Date a model made now expires: a year on. */
export function expiryOf(today: string): string {
  return addDays(today, 365);
}
