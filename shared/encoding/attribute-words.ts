import { tagText } from '../domain/tactics.ts';
import { sentence, type Sentence, type Text } from '../language/sentence.ts';
import { complaintsSchema } from './complaints.ts';
import { appPrefix, type Attribute } from './schema.ts';
import type { AttributeTexts, DescribedSchema, SchemaTexts } from './schema-texts.ts';

/** What an attribute and its values are called, in every language there is. */
export interface AttributeWords {
  /** Short noun phrase for tables and charts. */
  readonly label: Text;
  /** The question of the intake form. */
  readonly question: Text;
  /** What it is called within a sentence: `length of the contact`. */
  readonly name: Text;
  readonly yes: Text;
  readonly no: Text;
  /** A value of a category; one that has no words is said as it is. */
  readonly value: (value: string) => Text;
  /** The unit after a number, null for none. */
  readonly unit: (value: number) => Text | null;
  /**
   * True for an attribute that was a column of a file and nothing more: its question is its name. What it holds, such as
   * `0` or `A12`, says nothing without that name.
   */
  readonly bare: boolean;
}

const ofApp = new Map(complaintsSchema.attributes.map((attribute) => [attribute.name, attribute]));

/** The app's own attribute of this name and kind, which the catalogues have words for; null when there is none. */
export function appAttribute(schemaId: string, attribute: Attribute): Attribute | null {
  if (schemaId !== complaintsSchema.id) return null;
  const own =
    ofApp.get(attribute.name) ??
    (attribute.name.startsWith(appPrefix) ? ofApp.get(attribute.name.slice(appPrefix.length)) : undefined);
  if (own === undefined || own.kind !== attribute.kind) return null;
  const [unit, ownUnit] = [attribute, own].map((one) => (one.kind === 'number' ? one.unit : ''));
  return unit === ownUnit ? own : null;
}

type ReadWords = (words: AttributeTexts) => string | undefined;

/** The text of a value of a category. */
function readValue(value: string): ReadWords {
  return ({ values }) => (values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined);
}

/** The text of the unit after a number. */
function readUnit(value: number): ReadWords {
  return ({ unit }) => (value === 1 ? unit?.one : unit?.other);
}

/** One text of an attribute in all languages that have it, by language. */
function textsIn(texts: readonly SchemaTexts[], name: string, read: ReadWords): [string, string][] {
  return texts.flatMap(({ language, attributes }): [string, string][] => {
    const words = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const text = words === undefined ? undefined : read(words);
    return text === undefined ? [] : [[language, text]];
  });
}

/** One text of an attribute that the companions alone speak of; null for none. */
function inAll(texts: readonly SchemaTexts[], name: string, read: ReadWords): Text | null {
  const found = textsIn(texts, name, read);
  const first = found[0];
  if (first === undefined) return null;
  return found.length === 1 ? first[1] : { translations: Object.fromEntries(found) };
}

/** The app's own words by its catalogues, and by companions in the languages that no catalogue is in. */
function ofCatalogue(own: Attribute, texts: readonly SchemaTexts[], name: string): AttributeWords {
  const further = texts.filter(({ language }) => language !== 'en' && language !== 'und');
  // Every attribute of the app has these codes; a test holds the catalogues to it.
  const say = (what: string, read: ReadWords, args: Sentence['args'] = {}): Text => {
    const ours = { code: `complaints.${own.name}_${what}`, args };
    const found = textsIn(further, name, read);
    return found.length === 0 ? ours : { translations: Object.fromEntries(found), ours };
  };
  const listed = new Set(own.kind === 'category' ? own.values : []);
  return {
    label: say('label', ({ label }) => label),
    question: say('question', ({ question }) => question),
    name: say('name', (words) => words.name),
    yes: say('yes', ({ yes }) => yes),
    no: say('no', ({ no }) => no),
    // A value that a registry added is one only its companions speak of.
    value: (value) =>
      listed.has(value) ? say(`is_${value}`, readValue(value)) : (inAll(texts, name, readValue(value)) ?? value),
    unit: (value) => (own.kind === 'number' && own.unit !== '' ? say('unit', readUnit(value), { value }) : null),
    bare: false,
  };
}

/** Words that follow from the definition alone, for an attribute no companion speaks of. */
function ofDefinition(attribute: Attribute): AttributeWords {
  const plain = attribute.name.replaceAll('_', ' ');
  const common = { value: (value: string) => value, bare: attribute.kind !== 'tactic' };
  const unit = attribute.kind === 'number' && attribute.unit !== '' ? attribute.unit : null;
  if (attribute.kind !== 'tactic') {
    const [yes, no] = [sentence('attributes.is_so', { label: plain }), sentence('attributes.is_not', { label: plain })];
    return { ...common, label: plain, question: plain, name: plain, yes, no, unit: () => unit };
  }
  const tactic = tagText(attribute.tag);
  return {
    ...common,
    label: tactic.charAt(0).toUpperCase() + tactic.slice(1),
    question: sentence('attributes.tactic_question', { tactic }),
    name: tactic,
    yes: tactic,
    no: sentence('attributes.tactic_no', { tactic }),
    unit: () => null,
  };
}

/**
 * What an attribute of a schema is called: the app's own by the catalogues, and by the schema's companions in other
 * languages; others by the companions alone, and what neither speaks of by its definition.
 */
export function wordsOf({ schema, texts }: DescribedSchema, attribute: Attribute): AttributeWords {
  const { name } = attribute;
  const own = appAttribute(schema.id, attribute);
  if (own !== null) return ofCatalogue(own, texts, name);
  const plain = ofDefinition(attribute);
  const given = (read: ReadWords): Text | null => inAll(texts, name, read);
  const [label, question] = [given((words) => words.label), given((words) => words.question)];
  if (label === null || question === null) return plain;
  const bare = texts.every(
    ({ attributes: { [name]: words } }) => words === undefined || words.label === words.question,
  );
  return {
    label,
    question,
    name: given((words) => words.name) ?? label,
    yes: given((words) => words.yes) ?? sentence('attributes.is_so', { label }),
    no: given((words) => words.no) ?? sentence('attributes.is_not', { label }),
    value: (value) => given(readValue(value)) ?? value,
    unit: (value) => given(readUnit(value)) ?? plain.unit(value),
    bare,
  };
}
