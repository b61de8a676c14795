import { differenceOf } from '../../shared/encoding/same-meaning.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { descendsFrom, firstBreak, schemaHash, type SchemaBreak } from '../../shared/encoding/schema-identity.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { manifestRefusal } from '../../platform/models/refusal.ts';

/** Where a schema breaks with the current one: the field of its manifest, and what is wrong there. */
interface Break {
  readonly field: string;
  readonly what: Sentence;
}

function fieldOf(schema: FeatureSchema, name: string): string {
  const at = schema.attributes.findIndex((one) => one.name === name);
  return at === -1 ? 'schema.attributes' : `schema.attributes.${at}`;
}

/** What a further version of a schema does not keep, with its field. */
function breakSaid(broken: SchemaBreak, { id, version, currencies }: FeatureSchema, next: FeatureSchema): Break {
  switch (broken.what) {
    case 'attribute': {
      const { name, how } = broken;
      return { field: fieldOf(next, name), what: sentence('manifest.attribute_not_kept', { name, how, id, version }) };
    }
    case 'reference': {
      const what = sentence('manifest.other_reference', { id, version, currency: currencies.reference });
      return { field: 'schema.currencies.reference', what };
    }
    case 'rate': {
      const { currency, how } = broken;
      const what = sentence('manifest.rate_not_kept', { currency, how, id, version });
      return { field: `schema.currencies.minorPerReference.${currency}`, what };
    }
    case 'tactic': {
      const what = sentence('manifest.tactic_not_kept', { tactic: broken.tactic, id, version });
      return { field: 'schema.understoodTactics', what };
    }
    case 'synonym': {
      const { spelling, tactic } = broken;
      const what = sentence('manifest.synonym_not_kept', { spelling, tactic, id, version });
      return { field: `schema.synonyms.${spelling}`, what };
    }
  }
}

/** A further version of the current schema, also over several steps: it has to keep all of it. */
function breakOfVersion(current: FeatureSchema, next: FeatureSchema): Break | null {
  const { id, version } = current;
  const broken = firstBreak(current, next);
  if (broken !== null) return breakSaid(broken, current, next);
  if (!descendsFrom(next, current))
    return { field: 'schema.ancestors', what: sentence('manifest.schema_no_descendant', { id, version }) };
  if (next.version > version) return null;
  return { field: 'schema.version', what: sentence('manifest.schema_not_newer', { id, version }) };
}

/** A schema of another name asks what it likes, but answers are found by name: one name is one question. */
function breakOfOther(current: FeatureSchema, next: FeatureSchema): Break | null {
  const own = new Map(current.attributes.map((one) => [one.name, one]));
  for (const attribute of next.attributes) {
    const { name } = attribute;
    const taken = own.get(name);
    const difference = taken && differenceOf(taken, attribute);
    if (difference == null) continue;
    const what = sentence('manifest.attribute_taken', { name, difference, id: current.id });
    return { field: fieldOf(next, name), what };
  }
  return null;
}

/**
 * Throws BAD_MANIFEST unless a model under `next` may follow one under `current`: under the very schema, under one that
 * descends from it and keeps its attributes, rates and tactics, or under a schema of another name that gives no name in use to something else. An
 * earlier version comes back by a channel that points to its release, not by a new model: what was asked since would be
 * lost to the next retraining.
 */
export function requireCompatible(current: FeatureSchema, next: FeatureSchema, ending: Sentence): void {
  if (schemaHash(current) === schemaHash(next)) return;
  const found = current.id === next.id ? breakOfVersion(current, next) : breakOfOther(current, next);
  if (found !== null) throw manifestRefusal(ending)(found.field, found.what);
}
