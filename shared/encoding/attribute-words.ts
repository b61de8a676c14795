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

function ofCatalogue(own: Attribute): AttributeWords {
  // Every attribute of the app has these codes; a test holds the catalogues to it.
  const say = (what: string, args: Sentence['args'] = {}): Sentence => ({
    code: `complaints.${own.name}_${what}`,
    args,
  });
  const listed = new Set(own.kind === 'category' ? own.values : []);
  return {
    label: say('label'),
    question: say('question'),
    name: say('name'),
    yes: say('yes'),
    no: say('no'),
    value: (value) => (listed.has(value) ? say(`is_${value}`) : value),
    unit: (value) => (own.kind === 'number' && own.unit !== '' ? say('unit', { value }) : null),
    bare: false,
  };
}

/** One text of an attribute in all languages that have it. */
function inAll(
  texts: readonly SchemaTexts[],
  name: string,
  read: (words: AttributeTexts) => string | undefined,
): Text | null {
  const found = texts.flatMap(({ language, attributes }): [string, string][] => {
    const words = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    const text = words === undefined ? undefined : read(words);
    return text === undefined ? [] : [[language, text]];
  });
  const first = found[0];
  if (first === undefined) return null;
  return found.length === 1 ? first[1] : { translations: Object.fromEntries(found) };
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
 * What an attribute of a schema is called: the app's own by the catalogues, others by the schema's companions, and what
 * neither speaks of by its definition.
 */
export function wordsOf({ schema, texts }: DescribedSchema, attribute: Attribute): AttributeWords {
  const own = appAttribute(schema.id, attribute);
  const plain = own === null ? ofDefinition(attribute) : ofCatalogue(own);
  const { name } = attribute;
  const given = (read: (words: AttributeTexts) => string | undefined): Text | null => inAll(texts, name, read);
  const valueOf = (value: string): Text =>
    given(({ values }) => (values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined)) ?? value;
  if (own !== null) {
    // A value that a registry added is one only its companion speaks of.
    return { ...plain, value: (value) => (plain.value(value) === value ? valueOf(value) : plain.value(value)) };
  }
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
    value: valueOf,
    unit: (value) => given(({ unit }) => (value === 1 ? unit?.one : unit?.other)) ?? plain.unit(value),
    bare,
  };
}
