import { normaliseTactic } from '../../../shared/domain/tactics.ts';
import { schemaHash } from '../../../shared/encoding/schema-identity.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import type { SchemaTexts } from '../../../shared/encoding/schema-texts.ts';
import { tacticCounts } from '../store/cases.ts';
import type { Session } from '../session/context.ts';
import { personalOf, tagTactic } from './intake.ts';
import { nextReference } from './references.ts';
import { newestSchema } from './schema.ts';

/** Most suggestions of tactics the form is given. */
const maxSuggestions = 50;

interface Suggestion {
  readonly tag: string;
  readonly cases: number;
  readonly understood: boolean;
}

function suggestions(session: Session, schema: FeatureSchema): Suggestion[] {
  const counts = new Map<string, number>();
  // Older cases may hold a spelling that has become a synonym since.
  for (const { tag, cases } of tacticCounts(session.db)) {
    const now = normaliseTactic(tag, schema.synonyms);
    counts.set(now, (counts.get(now) ?? 0) + cases);
  }
  const understood = new Set(schema.understoodTactics);
  for (const tag of understood) if (!counts.has(tag)) counts.set(tag, 0);
  return [...counts]
    .map(([tag, cases]) => ({ tag, cases, understood: understood.has(tag) }))
    .toSorted((a, b) => b.cases - a.cases || a.tag.localeCompare(b.tag))
    .slice(0, maxSuggestions);
}

/** The newest schema, suggested tactics, currencies and the next free reference. */
export function intakeForm(session: Session): {
  schema: FeatureSchema;
  hash: string;
  texts: SchemaTexts[];
  tactics: Suggestion[];
  currencies: string[];
  nextReference: string;
} {
  const { schema, texts } = newestSchema(session);
  return {
    schema,
    hash: schemaHash(schema),
    texts: [...texts],
    tactics: suggestions(session, schema),
    currencies: Object.keys(schema.currencies.minorPerReference).sort(),
    nextReference: nextReference(session),
  };
}

/** What would leave of these tactics, and whether the active model sees them. */
export function previewTactics(
  session: Session,
  tactics: readonly string[],
  about: Parameters<typeof personalOf>[0],
): { given: string; tag: string; leaves: boolean; why: ReturnType<typeof tagTactic>['why']; seenByModel: boolean }[] {
  const { schema } = newestSchema(session);
  const seen = session.models.active()?.manifest.schema;
  const isPersonal = personalOf(about, schema);
  return tactics.map((given) => {
    const { tag, why } = tagTactic(given, schema, isPersonal);
    const understood = seen?.understoodTactics.includes(normaliseTactic(given, seen.synonyms)) ?? false;
    return { given, tag, leaves: why === null, why, seenByModel: understood };
  });
}
