import type { SchemaIssuer } from '../domain/schema-ref.ts';
import { appPrefix, type Attribute, type FeatureSchema } from './schema.ts';
import { isSameDefinition, keepsAttribute, schemaHash } from './schema-identity.ts';

/** What a further version adds. */
interface SchemaAdditions {
  readonly attributes: readonly Attribute[];
  readonly understoodTactics: readonly string[];
  readonly synonyms: Readonly<Record<string, string>>;
  /** Minor units for one major unit of the reference currency, of currencies the parent has no rate for. */
  readonly rates?: Readonly<Record<string, number>>;
}

/**
 * The next version of a schema, issued by `issuer`: it names its parent, keeps everything of it and adds the rest. An
 * addition under a name that is taken stands in its place. `version` is above the parent's, and above every other its
 * issuer gave out.
 */
export function childSchema(
  parent: FeatureSchema,
  issuer: SchemaIssuer,
  added: SchemaAdditions,
  version: number = parent.version + 1,
): FeatureSchema {
  const hash = schemaHash(parent);
  const replaced = new Map(added.attributes.map((one) => [one.name, one]));
  const kept = parent.attributes.map((one) => replaced.get(one.name) ?? one);
  const names = new Set(kept.map(({ name }) => name));
  return {
    ...parent,
    issuer,
    version,
    parent: hash,
    ancestors: [...parent.ancestors, { hash, version: parent.version }],
    currencies: {
      ...parent.currencies,
      minorPerReference: { ...added.rates, ...parent.currencies.minorPerReference },
    },
    attributes: [...kept, ...added.attributes.filter(({ name }) => !names.has(name))],
    understoodTactics: [...new Set([...parent.understoodTactics, ...added.understoodTactics])],
    synonyms: { ...added.synonyms, ...parent.synonyms },
  };
}

/** What an attribute of the app becomes beside those of an organisation; null when nothing has to be added. */
function adopted(own: ReadonlyMap<string, Attribute>, offered: Attribute, since: number): Attribute | null {
  const taken = own.get(offered.name);
  if (taken === undefined) return { ...offered, since };
  const isRenamed = offered.name.startsWith(appPrefix);
  const same = { ...offered, since: taken.since };
  if (isSameDefinition(taken, same) || keepsAttribute(same, taken)) return null;
  if (keepsAttribute(taken, same)) return same;
  // Under its second name it may be known from an earlier update, and be wider now.
  return isRenamed ? null : adopted(own, { ...offered, name: `${appPrefix}${offered.name}` }, since);
}

function sameReference(one: FeatureSchema, other: FeatureSchema): boolean {
  return one.currencies.reference === other.currencies.reference;
}

/**
 * A schema of an organisation with what an update of the app brings: equal definitions under one name are one attribute,
 * wider ones take the place of narrower, and one that says something else under a name in use becomes `outpost_<name>`.
 * The schema itself when there is nothing new in it.
 */
export function adoptSchema(
  organisation: FeatureSchema,
  app: FeatureSchema,
  issuer: SchemaIssuer,
  version: number = organisation.version + 1,
): FeatureSchema {
  if (organisation.id !== app.id) return organisation;
  const own = new Map(organisation.attributes.map((one) => [one.name, one]));
  const attributes = app.attributes.flatMap((one) => adopted(own, one, version) ?? []);
  const rates = sameReference(organisation, app) ? app.currencies.minorPerReference : {};
  const understood = new Set(organisation.understoodTactics);
  const isKnown = ([spelling]: [string, string]): boolean => Object.hasOwn(organisation.synonyms, spelling);
  const isOld =
    attributes.length === 0 &&
    Object.keys(rates).every((code) => Object.hasOwn(organisation.currencies.minorPerReference, code)) &&
    app.understoodTactics.every((tag) => understood.has(tag)) &&
    Object.entries(app.synonyms).every(isKnown);
  if (isOld) return organisation;
  const { understoodTactics, synonyms } = app;
  return childSchema(organisation, issuer, { attributes, understoodTactics, synonyms, rates }, version);
}
