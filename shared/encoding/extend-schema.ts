import type { SchemaIssuer } from '../domain/schema-ref.ts';
import { appPrefix } from './attribute-words.ts';
import type { Attribute, FeatureSchema } from './schema.ts';
import { isSameDefinition, keepsAttribute, schemaHash } from './schema-identity.ts';

/** What a further version adds. */
export interface SchemaAdditions {
  readonly attributes: readonly Attribute[];
  readonly understoodTactics: readonly string[];
  readonly synonyms: Readonly<Record<string, string>>;
}

/**
 * The next version of a schema, issued by `issuer`: it names its parent, keeps everything of it and adds the rest. An
 * addition under a name that is taken stands in its place.
 */
export function childSchema(parent: FeatureSchema, issuer: SchemaIssuer, added: SchemaAdditions): FeatureSchema {
  const replaced = new Map(added.attributes.map((one) => [one.name, one]));
  const kept = parent.attributes.map((one) => replaced.get(one.name) ?? one);
  const names = new Set(kept.map(({ name }) => name));
  return {
    ...parent,
    issuer,
    version: parent.version + 1,
    parent: schemaHash(parent),
    attributes: [...kept, ...added.attributes.filter(({ name }) => !names.has(name))],
    understoodTactics: [...new Set([...parent.understoodTactics, ...added.understoodTactics])],
    synonyms: { ...added.synonyms, ...parent.synonyms },
  };
}

/** What an attribute of the app becomes beside those of an organisation; null when nothing has to be added. */
function adopted(
  own: Map<string, Attribute>,
  { since: _since, ...offered }: Attribute,
  since: number,
): Attribute | null {
  const taken = own.get(offered.name);
  if (taken === undefined) return { ...offered, since };
  const same = { ...offered, since: taken.since };
  if (isSameDefinition(taken, same) || keepsAttribute(same, taken)) return null;
  if (keepsAttribute(taken, same)) return same;
  const name = `${appPrefix}${offered.name}`;
  return own.has(name) ? null : { ...offered, name, since };
}

/**
 * A schema of an organisation with what an update of the app brings: equal definitions under one name are one attribute,
 * wider ones take the place of narrower, and one that says something else under a name in use becomes `outpost_<name>`.
 * The schema itself when there is nothing new in it.
 */
export function adoptSchema(organisation: FeatureSchema, app: FeatureSchema, issuer: SchemaIssuer): FeatureSchema {
  if (organisation.id !== app.id) return organisation;
  const own = new Map(organisation.attributes.map((one) => [one.name, one]));
  const since = organisation.version + 1;
  const attributes = app.attributes.flatMap((one) => adopted(own, one, since) ?? []);
  const understood = new Set(organisation.understoodTactics);
  const isKnown = ([spelling]: [string, string]): boolean => Object.hasOwn(organisation.synonyms, spelling);
  const isOld =
    attributes.length === 0 &&
    app.understoodTactics.every((tag) => understood.has(tag)) &&
    Object.entries(app.synonyms).every(isKnown);
  if (isOld) return organisation;
  return childSchema(organisation, issuer, { ...app, attributes });
}
