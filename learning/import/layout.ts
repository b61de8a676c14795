import type { ModelSummary, NodeSummary, ValueInfo } from '../../shared/encoding/onnx/index.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { anyOf, listed, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';

/** What a model takes: one `[N,1]` tensor per column, or one float matrix whose width may be left open (null). */
export type ModelInputs =
  | {
      readonly layout: 'columns';
      readonly inputs: readonly { readonly name: string; readonly type: 'float' | 'string' }[];
    }
  | { readonly layout: 'matrix'; readonly input: string; readonly width: number | null };

/** A float output that may hold probabilities: `[N]`, `[N,1]` or `[N,2]`; width null where the file leaves it open. */
interface ModelOutput {
  readonly name: string;
  readonly width: number | null;
  /** Classes in the order of its columns, as texts; null where the file does not name them. */
  readonly classes: readonly string[] | null;
}

function refuse(what: Sentence): OutpostError {
  return new OutpostError('BAD_MODEL', what);
}

function typeText(type: string | null): Text {
  return type ?? sentence('import.no_tensor');
}

function checkInput({ name, type, dims }: ValueInfo): void {
  if (type !== 'float' && type !== 'string') {
    throw refuse(sentence('import.input_not_fed', { name, type: typeText(type) }));
  }
  const [rows = null] = dims;
  if (dims.length !== 2) throw refuse(sentence('import.input_no_table', { name }));
  if (rows !== null) throw refuse(sentence('import.input_fixed_rows', { name, rows }));
}

/**
 * How a model takes its columns. Throws BAD_MODEL for inputs that are not float or text, have a fixed number of rows, or
 * come as several matrices.
 */
export function inputsOf(model: ModelSummary): ModelInputs {
  const constants = new Set(model.initializers.map((tensor) => tensor.name));
  const inputs = model.inputs.filter((input) => !constants.has(input.name));
  if (inputs.length === 0) throw refuse(sentence('import.no_input'));
  inputs.forEach(checkInput);
  const [first] = inputs as [ValueInfo];
  const width = first.dims[1] ?? null;
  if (inputs.length === 1 && first.type === 'float' && width !== 1) {
    return { layout: 'matrix', input: first.name, width };
  }
  const wide = inputs.find((input) => (input.dims[1] ?? 1) !== 1);
  if (wide) throw refuse(sentence('import.wide_input', { type: typeText(wide.type), name: wide.name }));
  return {
    layout: 'columns',
    inputs: inputs.map(({ name, type }) => ({ name, type: type === 'string' ? 'string' : 'float' })),
  };
}

const labelAttributes = ['classlabels_int64s', 'classlabels_ints', 'classlabels_strings'];

/** Class labels a node names, as texts; null when it names none. */
function classesOf(node: NodeSummary): readonly string[] | null {
  const attribute = node.attributes.find((a) => labelAttributes.includes(a.name) && a.count > 0);
  if (!attribute) return null;
  const listed = attribute.strings.length > 0 ? attribute.strings : attribute.ints.map(String);
  // A summary keeps only the first of a very long list; their number still tells.
  return [...listed, ...Array.from({ length: attribute.count - listed.length }, () => '…')];
}

/** Classes named by the classifier nearest before a value; null when there is none or the nearest ones disagree. */
function classesBehind(model: ModelSummary, output: string): readonly string[] | null {
  const makers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const seen = new Set<NodeSummary>();
  for (let level = [output]; level.length > 0;) {
    const nodes = [...new Set(level.map((name) => makers.get(name)))].filter((n) => n !== undefined && !seen.has(n));
    const found = nodes.map((node) => classesOf(node!)).filter((classes) => classes !== null);
    const [first] = found;
    if (first) return found.every((classes) => classes.join('\n') === first.join('\n')) ? first : null;
    nodes.forEach((node) => seen.add(node!));
    level = nodes.flatMap((node) => node!.inputs);
  }
  return null;
}

/** Float outputs of a model that may hold the probability, with the classes their columns stand for where that is known. */
function outputsOf(model: ModelSummary): ModelOutput[] {
  const tensors = model.outputs.filter((output) => output.type === 'float' && output.dims.length <= 2);
  return tensors.map(({ name, dims }) => {
    const width = dims.length === 1 ? 1 : (dims[1] ?? null);
    const classes = width === 1 ? null : classesBehind(model, name);
    return { name, width: width ?? classes?.length ?? null, classes };
  });
}

/** Which output and column were asked for; what is left out is found where the file tells. */
export interface OutputWish {
  readonly output?: string | undefined;
  readonly positive?: string | undefined;
  readonly column?: number | undefined;
}

/** The output and column that hold the probability of scam, or what has to be said to find them. */
type ChosenOutput =
  | { readonly name: string; readonly column: number; readonly classes: readonly string[] | null }
  | { readonly ask: Sentence };

const positiveLabels = new Set(['1', '1.0', 'true', 'yes', 'scam', 'confirmed_scam']);

function positiveColumn({ name, classes }: ModelOutput, wish: OutputWish): ChosenOutput {
  if (!classes) return { ask: sentence('import.ask_column', { name }) };
  const wanted = wish.positive;
  const columns = [...classes.keys()].filter((i) =>
    wanted === undefined ? positiveLabels.has(classes[i]!.toLowerCase()) : classes[i] === wanted,
  );
  if (columns.length === 1) return { name, column: columns[0]!, classes };
  const options = anyOf(classes.map((one) => `--positive ${one}`));
  return {
    ask:
      wanted === undefined
        ? sentence('import.ask_positive', { options })
        : sentence('import.ask_positive_again', { options, wanted }),
  };
}

function outputAsk(outputs: readonly ModelOutput[], { output: wanted }: OutputWish): Sentence {
  const options = anyOf(outputs.map(({ name }) => `--output ${name}`));
  if (wanted === undefined) return sentence('import.ask_output', { options });
  return sentence('import.ask_output_again', { options, wanted });
}

/**
 * Finds the probability of scam among a model's outputs. Throws BAD_MODEL when no output can hold it or the model tells
 * more than two classes apart.
 */
export function chooseOutput(model: ModelSummary, wish: OutputWish): ChosenOutput {
  const outputs = outputsOf(model);
  if (outputs.length === 0) {
    const given = model.outputs.map(({ name, type }) =>
      sentence('import.output_of_type', { name, type: typeText(type) }),
    );
    throw refuse(sentence('import.no_probabilities', { outputs: listed(given) }));
  }
  const chosen =
    wish.output === undefined && outputs.length === 1 ? outputs[0]! : outputs.find((o) => o.name === wish.output);
  if (!chosen) return { ask: outputAsk(outputs, wish) };
  const { name, width, classes } = chosen;
  const many = classes && classes.length !== 2 ? classes.length : width !== null && width > 2 ? width : null;
  if (many !== null) throw refuse(sentence('import.more_classes', { classes: many }));
  if (width === 1) return { name, column: 0, classes: null };
  if (wish.column !== undefined) return { name, column: wish.column, classes };
  return positiveColumn(chosen, wish);
}
