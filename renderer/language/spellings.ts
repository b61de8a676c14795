import { groupTactics, synonymsOf } from '../../shared/domain/tactic-groups.ts';
import { tagOf, type Synonyms } from '../../shared/domain/tactics.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';

/** What this laptop knows of tactics: those of the newest schema, and those that its cases name. */
export interface TacticsKnown {
  readonly schema: FeatureSchema;
  readonly tactics: readonly { readonly tag: string; readonly cases: number }[];
}

/**
 * Which spellings are shown as one tactic: those the schema says mean the same, and those that the monitor counts as one,
 * among the tactics of this laptop and `noted`. Only for showing: what is recorded is what was noted.
 */
export function spellingsOf({ schema, tactics }: TacticsKnown, noted: readonly string[]): Synonyms {
  const counts = new Map(noted.map((tactic) => [tagOf(tactic), 0]));
  for (const { tag, cases } of tactics) counts.set(tag, cases);
  return synonymsOf(groupTactics(counts, new Set(schema.understoodTactics), schema.synonyms), schema.synonyms);
}
