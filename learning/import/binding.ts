import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { columnType } from '../../shared/encoding/encode.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { ModelInputs } from './layout.ts';
import { listed, sentence, type Sentence, type Several } from '../../shared/language/sentence.ts';

/** Which attributes feed a model, or what has to be said to know it. */
type ChosenBinding = { readonly binding: Binding } | { readonly ask: Sentence };

function refuse(what: Sentence): OutpostError {
  return new OutpostError('BAD_MODEL', what);
}

/** The first names of many. */
function firstOf(names: readonly string[], most: number): Several {
  return listed([...names.slice(0, most), ...(names.length > most ? ['…'] : [])]);
}

/** The attribute of a name, also as a header may spell it; BAD_INPUT when the schema has none or it may not feed a model. */
function attributeOf(schema: FeatureSchema, name: string, headerOf: HeaderOf): Attribute {
  const wanted = attributeNameOf(name);
  const attribute = schema.attributes.find((a) => a.name === name) ?? schema.attributes.find((a) => a.name === wanted);
  if (!attribute) {
    const known = schema.attributes.filter((a) => a.shareable).map((a) => headerOf(a.name));
    const some = firstOf(known, 20);
    throw new OutpostError('BAD_INPUT', sentence('import.no_such_attribute', { name, id: schema.id, some }));
  }
  if (!attribute.shareable) throw new OutpostError('BAD_INPUT', sentence('import.attribute_not_shareable', { name }));
  return attribute;
}

function onceEach(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new OutpostError('BAD_INPUT', sentence('import.column_twice', { twice }));
}

/** What people know an attribute by. */
type HeaderOf = (attribute: string) => string;

/** The names given for a matrix, `order` being the fallback of a data file's header. */
export interface ColumnWish {
  /** Attributes in the order of the matrix or of the inputs, or `input=attribute` pairs. */
  readonly columns?: readonly string[] | undefined;
  /** Columns of the data file that are attributes, in its order. */
  readonly header?: readonly string[] | undefined;
}

function matrixBinding(
  { schema, texts }: DescribedSchema,
  { input, width }: ModelInputs & { layout: 'matrix' },
  wish: ColumnWish,
): ChosenBinding {
  const shareable = schema.attributes.filter((a) => a.shareable);
  if (wish.columns === undefined && width !== null && width > shareable.length) {
    throw refuse(sentence('import.too_few_attributes', { width, attributes: shareable.length }));
  }
  const columns = wish.columns ?? (width !== null && wish.header?.length === width ? wish.header : undefined);
  if (!columns) {
    return { ask: sentence('import.ask_columns', { width: width ?? 0, input }) };
  }
  if (width !== null && columns.length !== width) {
    throw new OutpostError('BAD_INPUT', sentence('import.model_expects_columns', { width, named: columns.length }));
  }
  const headerOf = headersOfFile(texts);
  const attributes = columns.map((name) => attributeOf(schema, name, headerOf));
  onceEach(attributes.map((a) => a.name));
  for (const attribute of attributes) {
    if (columnType(attribute) === 'string') {
      throw refuse(sentence('import.category_in_matrix', { name: headerOf(attribute.name) }));
    }
  }
  return { binding: { layout: 'matrix', input, columns: attributes.map((a) => a.name) } };
}

/** Attribute for each input: as given, else of the same name, upper case and signs apart. */
function attributesByInput(
  schema: FeatureSchema,
  inputs: readonly { readonly name: string }[],
  { columns }: ColumnWish,
): Map<string, string> {
  const names = inputs.map((input) => input.name);
  if (columns === undefined || columns.some((column) => column.includes('='))) {
    const known = new Map(schema.attributes.map((a) => [attributeNameOf(a.name), a.name]));
    const byName = names.flatMap((name) =>
      known.has(attributeNameOf(name)) ? [[name, known.get(attributeNameOf(name))!] as const] : [],
    );
    const pairs = (columns ?? []).map(
      (pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const,
    );
    const wrong = pairs.find(([input]) => !names.includes(input));
    if (wrong) {
      throw new OutpostError('BAD_INPUT', sentence('import.no_such_input', { wrong: wrong[0], inputs: listed(names) }));
    }
    return new Map([...byName, ...pairs]);
  }
  if (columns.length !== names.length) {
    const has = { n: names.length, inputs: firstOf(names, 20) };
    throw new OutpostError(
      'BAD_INPUT',
      sentence('import.other_number_of_columns', { ...has, columns: columns.length }),
    );
  }
  return new Map(names.map((name, i) => [name, columns[i]!]));
}

function checkType(
  attribute: Attribute,
  input: { readonly name: string; readonly type: 'float' | 'string' },
  headerOf: HeaderOf,
): void {
  const type = columnType(attribute);
  if (type === input.type) return;
  const code = type === 'string' ? 'import.input_not_text' : 'import.input_not_number';
  throw refuse(sentence(code, { input: input.name, type: input.type, attribute: headerOf(attribute.name) }));
}

function columnsBinding(
  { schema, texts }: DescribedSchema,
  { inputs }: ModelInputs & { layout: 'columns' },
  wish: ColumnWish,
): ChosenBinding {
  const headerOf = headersOfFile(texts);
  const named = attributesByInput(schema, inputs, wish);
  const open = inputs.filter((input) => !named.has(input.name)).map((input) => input.name);
  if (open.length > 0) {
    return { ask: sentence('import.ask_inputs', { inputs: firstOf(open, 10) }) };
  }
  const columns = inputs.map((input) => {
    const attribute = attributeOf(schema, named.get(input.name)!, headerOf);
    checkType(attribute, input, headerOf);
    return { attribute: attribute.name, input: input.name, type: input.type };
  });
  onceEach(columns.map((c) => c.attribute));
  return { binding: { layout: 'columns', columns } };
}

/**
 * Which attribute feeds which input or matrix column. Throws BAD_MODEL when attributes of this schema cannot feed the
 * model, BAD_INPUT when names given do not fit.
 */
export function chooseBinding(described: DescribedSchema, inputs: ModelInputs, wish: ColumnWish): ChosenBinding {
  return inputs.layout === 'matrix' ? matrixBinding(described, inputs, wish) : columnsBinding(described, inputs, wish);
}
