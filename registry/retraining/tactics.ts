import { groupTactics, type TacticGroup } from '../../shared/domain/tactic-groups.ts';
import { tagText } from '../../shared/domain/tactics.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { KnownCase } from '../../learning/data/known-case.ts';
import { firstOfIncidents, type LabelledCase } from '../../learning/data/labelled-cases.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Spellings recorded so far that belong to the tactics asked for. */
export function spellingsOf(
  cases: readonly KnownCase[],
  schema: FeatureSchema,
  tactics: readonly string[],
): TacticGroup[] {
  const counts = new Map<string, number>();
  for (const { tactics: tags } of cases) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const groups = groupTactics(counts, new Set(schema.understoodTactics), schema.synonyms);
  return groups.filter((group) => group.spellings.some((s) => tactics.includes(s)) || tactics.includes(group.tag));
}

/**
 * Labelled incidents naming a tactic that training needs before its weight means something, and the fewest it is tried
 * with when waiting for more has gone on for long.
 */
const taggedNeeded = { usual: 30, few: 10 } as const;

/** A tactic that cannot be learned yet, and how many labelled incidents name it. */
interface LeftTactic {
  readonly tag: string;
  readonly incidents: number;
}

export interface Learnable {
  readonly promoted: readonly TacticGroup[];
  readonly left: readonly LeftTactic[];
}

/** Which tactics enough labelled cases before `cut` name: one that few name does not hold up the others. */
export function learnable(
  groups: readonly TacticGroup[],
  cases: readonly LabelledCase[],
  cut: string,
  few: boolean,
): Learnable {
  const before = firstOfIncidents(cases.filter(({ known }) => known.received < cut)).cases;
  const counted = groups.map((group) => {
    const naming = before.filter(({ known }) => known.facts.tactics.some((tag) => group.spellings.includes(tag)));
    return { group, incidents: naming.length };
  });
  const needed = few ? taggedNeeded.few : taggedNeeded.usual;
  return {
    promoted: counted.filter(({ incidents }) => incidents >= needed).map(({ group }) => group),
    left: counted
      .filter(({ incidents }) => incidents < needed)
      .map(({ group: { tag }, incidents }) => ({ tag, incidents })),
  };
}

/** Throws BAD_INPUT when tactics should become features and none of them can be learned yet. */
export function requireLearnable({ promoted, left }: Learnable, cut: string): void {
  const first = left[0];
  if (promoted.length > 0 || first === undefined) return;
  throw new OutpostError(
    'BAD_INPUT',
    sentence('retraining.too_few_tagged_cases', {
      tactic: tagText(first.tag),
      needed: taggedNeeded.usual,
      cut,
      incidents: first.incidents,
    }),
  );
}
