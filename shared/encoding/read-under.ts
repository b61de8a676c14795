import type { AttributeValue, Facts } from '../domain/facts.ts';
import { differenceOf } from './same-meaning.ts';
import { appPrefix, type Attribute, type FeatureSchema } from './schema.ts';
import { keepsAttribute, schemaRef } from './schema-identity.ts';

/** Looks up a schema by nothing but its hash; null for one that was never seen here. */
export type SchemaByHash = (hash: string) => FeatureSchema | null;

function find({ attributes }: FeatureSchema, name: string): Attribute | null {
  return attributes.find((one) => one.name === name) ?? null;
}

/** Whether two attributes are one, as an update of the app is distinguished from what an organisation added. */
function isOne(a: Attribute, b: Attribute): boolean {
  const same = { ...b, since: a.since };
  return keepsAttribute(a, same) || keepsAttribute(same, a);
}

/** The name an attribute of the app has beside one of an organisation that took its plain name, or the other way round. */
function otherName(name: string): string {
  return name.startsWith(appPrefix) ? name.slice(appPrefix.length) : `${appPrefix}${name}`;
}

/** What a form calls an attribute of a schema; null when it does not ask it. */
export function nameInForm(schema: FeatureSchema, attribute: Attribute, form: FeatureSchema): string | null {
  const { name } = attribute;
  const own = find(form, name);
  if (own !== null && isOne(own, attribute)) return name;
  const other = otherName(name);
  const isTwin = (asked: Attribute | null, of: Attribute | null): boolean =>
    asked !== null && of !== null && isOne(asked, of);
  const [askedOther, ownOther] = [find(form, other), find(schema, other)];
  // What the form asks under the other name is that of the schema under that name too, if it has one.
  if (isTwin(askedOther, attribute) && !isTwin(askedOther, ownOther)) return other;
  // Its answers go to the attribute that is the very same.
  if (own === null || isTwin(own, ownOther)) return null;
  return differenceOf(attribute, own) === null ? name : null;
}

/** The names in a schema of what a form asks and the schema asks too, in the same meaning, by their names in the form. */
export function namesUnder(schema: FeatureSchema, form: FeatureSchema): ReadonlyMap<string, string> {
  return new Map(
    schema.attributes.flatMap((one): [string, string][] => {
      const name = nameInForm(schema, one, form);
      return name === null ? [] : [[name, one.name]];
    }),
  );
}

/** For each attribute of a schema what a form calls it: the answers change their names, in one go for all cases of the form. */
function renaming(schema: FeatureSchema, form: FeatureSchema): (answers: Facts['attributes']) => Facts['attributes'] {
  const asked = schema.attributes.map((one) => ({ one, name: nameInForm(schema, one, form) }));
  const gone = new Set([...schema.attributes.map(({ name }) => name), ...asked.map(({ name }) => name)]);
  return (answers) => {
    const read: Record<string, AttributeValue> = {};
    for (const { one, name } of asked) {
      const answer = name === null ? undefined : answers[name];
      if (answer !== undefined) read[one.name] = answer;
      // A tactic that was not asked is unknown, and the reader would take it for not recorded.
      else if (name === null && one.kind === 'tactic') read[one.name] = null;
    }
    for (const [name, answer] of Object.entries(answers)) if (!gone.has(name)) read[name] = answer;
    return read;
  };
}

/**
 * What gives facts as a schema reads them: each answer under the name the schema has for what the form asked, which is
 * found by its hash. So an attribute of the app that became `outpost_<name>` gets its answers, and one of an organisation
 * gets none that were given to another question of its name. Answers to what the schema does not ask keep their names.
 * Facts stay as they are under the schema itself or an ancestor, and where the form is not known: those from before
 * schemas had hashes are read by version then (`encodeFacts`).
 */
export function factsReader(schema: FeatureSchema, schemaByHash: SchemaByHash): (facts: Facts) => Facts {
  const under = schemaRef(schema);
  const asIs = new Set([under.hash, ...schema.ancestors.map(({ hash }) => hash)]);
  const forms = new Map<string, ReturnType<typeof renaming> | null>();
  const read = (hash: string): ReturnType<typeof renaming> | null => {
    const form = schemaByHash(hash);
    return form === null ? null : renaming(schema, form);
  };
  return (facts) => {
    const { hash } = facts.schema;
    if (hash === undefined || asIs.has(hash)) return facts;
    if (!forms.has(hash)) forms.set(hash, read(hash));
    const renamed = forms.get(hash);
    return renamed == null ? facts : { ...facts, schema: under, attributes: renamed(facts.attributes) };
  };
}
