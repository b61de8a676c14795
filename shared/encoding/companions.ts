import { inEnglish } from '../errors/in-english.ts';
import type { Text } from '../language/sentence.ts';
import { appAttribute, wordsOf } from './attribute-words.ts';
import type { Attribute, FeatureSchema } from './schema.ts';
import { schemaHash } from './schema-identity.ts';
import type { AttributeTexts, DescribedSchema, SchemaTexts } from './schema-texts.ts';

/** Language the app's own words are written in first. */
const source = 'en';

function sourceTexts(described: DescribedSchema, attribute: Attribute): AttributeTexts {
  const words = wordsOf(described, attribute);
  const say = (text: Text): string => inEnglish(text);
  const texts = { label: say(words.label), question: say(words.question), name: say(words.name) };
  if (attribute.kind === 'boolean') return { ...texts, yes: say(words.yes), no: say(words.no) };
  if (attribute.kind === 'category')
    return { ...texts, values: Object.fromEntries(attribute.values.map((value) => [value, say(words.value(value))])) };
  const [one, other] = [words.unit(1), words.unit(2)];
  return one === null || other === null ? texts : { ...texts, unit: { one: say(one), other: say(other) } };
}

/**
 * The companions a manifest carries for its schema: those given, keyed by its hash, and in English what the catalogues say
 * of the app's own attributes, so that a program that does not know an attribute yet can name it all the same.
 */
export function companionsOf({ schema, texts }: DescribedSchema): SchemaTexts[] {
  const hash = schemaHash(schema);
  const names = new Set(schema.attributes.map(({ name }) => name));
  const given = texts.map(({ language, attributes }) => ({
    language,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => names.has(name))),
  }));
  const own = schema.attributes.filter((one) => appAttribute(schema.id, one) !== null);
  const english = Object.fromEntries(own.map((one) => [one.name, sourceTexts({ schema, texts }, one)]));
  const others = given.filter(({ language }) => language !== source);
  const written = { ...given.find(({ language }) => language === source)?.attributes, ...english };
  const all = [...(Object.keys(written).length === 0 ? [] : [{ language: source, attributes: written }]), ...others];
  return all
    .filter(({ attributes }) => Object.keys(attributes).length > 0)
    .map((one) => ({ format: 'outpost.schema-texts/1', schema: hash, ...one }));
}

/** A schema with the companions a manifest of it carries. */
export function withCompanions(schema: FeatureSchema, texts: readonly SchemaTexts[] = []): DescribedSchema {
  return { schema, texts: companionsOf({ schema, texts }) };
}

/** Companions for another schema, keyed by its hash: the words of attributes it has. */
function keyedTo(schema: FeatureSchema, texts: readonly SchemaTexts[]): SchemaTexts[] {
  const hash = schemaHash(schema);
  const names = new Set(schema.attributes.map(({ name }) => name));
  return texts.map((one) => {
    if (one.schema === hash) return one;
    const attributes = Object.entries(one.attributes).filter(([name]) => names.has(name));
    return { ...one, schema: hash, attributes: Object.fromEntries(attributes) };
  });
}

/**
 * The companions that stand beside a schema, as its own: those of a schema it descends from, which meant the same by each
 * name, get its key. Answers instead the language of one that belongs to any other schema, or comes twice.
 */
export function ownTexts(
  schema: FeatureSchema,
  texts: readonly SchemaTexts[],
): { readonly texts: SchemaTexts[] } | { readonly foreign: string } {
  const hashes = new Set([schemaHash(schema), ...schema.ancestors.map(({ hash }) => hash)]);
  const isAgain = ({ language }: SchemaTexts, i: number): boolean =>
    texts.findIndex((other) => other.language === language) < i;
  const foreign = texts.find((one, i) => !hashes.has(one.schema) || isAgain(one, i));
  return foreign === undefined ? { texts: keyedTo(schema, texts) } : { foreign: foreign.language };
}
