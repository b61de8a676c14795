import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { columnType } from '../../shared/encoding/encode.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { ModelInputs } from './layout.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Which attributes feed a model, or what has to be said to know it. */
export type ChosenBinding = { readonly binding: Binding } | { readonly ask: string };

const wholePipeline =
  'Export the whole pipeline, with what imputes missing values and encodes categories, so that it takes the attributes themselves.';

function refuse(what: string): OutpostError {
  return new OutpostError('BAD_MODEL', what);
}

/** The attribute of a name, also as a header may spell it; BAD_INPUT when the schema has none or it may not feed a model. */
function attributeOf(schema: FeatureSchema, name: string): Attribute {
  const wanted = attributeNameOf(name);
  const attribute = schema.attributes.find((a) => a.name === name) ?? schema.attributes.find((a) => a.name === wanted);
  const asked = `The columns given name ${name}, but`;
  if (!attribute) {
    const known = schema.attributes.filter((a) => a.shareable).map((a) => a.name);
    const some = `${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}`;
    throw new OutpostError('BAD_INPUT', sentence('import.no_such_attribute', { asked, id: schema.id, some }));
  }
  if (!attribute.shareable) throw new OutpostError('BAD_INPUT', sentence('import.attribute_not_shareable', { asked }));
  return attribute;
}

function onceEach(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new OutpostError('BAD_INPUT', sentence('import.column_twice', { twice }));
}

/** The names given for a matrix, `order` being the fallback of a data file's header. */
export interface ColumnWish {
  /** Attributes in the order of the matrix or of the inputs, or `input=attribute` pairs. */
  readonly columns?: readonly string[] | undefined;
  /** Columns of the data file that are attributes, in its order. */
  readonly header?: readonly string[] | undefined;
}

function matrixBinding(
  schema: FeatureSchema,
  { input, width }: ModelInputs & { layout: 'matrix' },
  wish: ColumnWish,
): ChosenBinding {
  const shareable = schema.attributes.filter((a) => a.shareable);
  if (wish.columns === undefined && width !== null && width > shareable.length) {
    throw refuse(
      `The model expects ${width} columns; the schema has ${counted(shareable.length, 'attribute')}. ${wholePipeline}`,
    );
  }
  const columns = wish.columns ?? (width !== null && wish.header?.length === width ? wish.header : undefined);
  if (!columns) {
    const many = width === null ? 'attributes' : counted(width, 'attribute');
    return { ask: `--columns a,b,c: the ${many} in the order of the matrix ${input}` };
  }
  if (width !== null && columns.length !== width) {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('import.model_expects_columns', {
        expected: counted(width, 'column'),
        named: columns.length,
        wholePipeline,
      }),
    );
  }
  const attributes = columns.map((name) => attributeOf(schema, name));
  onceEach(attributes.map((a) => a.name));
  for (const attribute of attributes) {
    if (columnType(attribute) === 'string') {
      throw refuse(
        `${attribute.name} is a category, a text; a matrix holds only numbers. Export the pipeline with one input per column and the encoder inside.`,
      );
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
      throw new OutpostError(
        'BAD_INPUT',
        sentence('import.no_such_input', { wrong: wrong[0], inputs: names.join(', ') }),
      );
    }
    return new Map([...byName, ...pairs]);
  }
  if (columns.length !== names.length) {
    const has = `The model has ${counted(names.length, 'input')} (${names.slice(0, 20).join(', ')})`;
    throw new OutpostError('BAD_INPUT', sentence('import.other_number_of_columns', { has, columns: columns.length }));
  }
  return new Map(names.map((name, i) => [name, columns[i]!]));
}

function checkType(attribute: Attribute, input: { readonly name: string; readonly type: 'float' | 'string' }): void {
  const type = columnType(attribute);
  if (type === input.type) return;
  const should =
    type === 'string'
      ? 'It is a category: declare the input as StringTensorType([None, 1]), with the encoder inside the pipeline.'
      : 'It is a number (yes is 1, no is 0, NaN is unknown): declare the input as FloatTensorType([None, 1]).';
  throw refuse(`The model's input ${input.name} is ${input.type}, the attribute ${attribute.name} is not. ${should}`);
}

function columnsBinding(
  schema: FeatureSchema,
  { inputs }: ModelInputs & { layout: 'columns' },
  wish: ColumnWish,
): ChosenBinding {
  const named = attributesByInput(schema, inputs, wish);
  const open = inputs.filter((input) => !named.has(input.name)).map((input) => input.name);
  if (open.length > 0) {
    const some = `${open.slice(0, 10).join(', ')}${open.length > 10 ? ', …' : ''}`;
    return { ask: `--columns input=attribute,…: which attribute feeds ${some}, or --schema with attributes so named` };
  }
  const columns = inputs.map((input) => {
    const attribute = attributeOf(schema, named.get(input.name)!);
    checkType(attribute, input);
    return { attribute: attribute.name, input: input.name, type: input.type };
  });
  onceEach(columns.map((c) => c.attribute));
  return { binding: { layout: 'columns', columns } };
}

/**
 * Which attribute feeds which input or matrix column. Throws BAD_MODEL when attributes of this schema cannot feed the
 * model, BAD_INPUT when names given do not fit.
 */
export function chooseBinding(schema: FeatureSchema, inputs: ModelInputs, wish: ColumnWish): ChosenBinding {
  return inputs.layout === 'matrix' ? matrixBinding(schema, inputs, wish) : columnsBinding(schema, inputs, wish);
}
