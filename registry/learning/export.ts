import { columnType } from '../../shared/encoding/encode.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import type { LogisticModel } from './logistic-model.ts';
import { elementType, writeModel, type Constant, type Node, type Port } from './onnx/write.ts';

/** Name of the graph's output: the probability of scam, `[N,1]`. */
export const outputName = 'probability';

const DOUBLE = elementType('double');

/** How the graph of `exportModel` takes its raw columns: one `[N,1]` input per shareable attribute, of the same name. */
export function bindingOf(model: LogisticModel): Binding {
  const read = model.schema.attributes.filter((a) => a.shareable);
  return { layout: 'columns', columns: read.map((a) => ({ attribute: a.name, input: a.name, type: columnType(a) })) };
}

interface Parts {
  readonly nodes: Node[];
  readonly constants: Constant[];
}

function rowConstant(parts: Parts, name: string, values: readonly number[]): string {
  parts.constants.push({ name, dims: [1, values.length], values });
  return name;
}

function concat(parts: Parts, inputs: readonly string[], output: string): string {
  if (inputs.length === 1) return inputs[0]!;
  parts.nodes.push({ op: 'Concat', inputs, output, attributes: { axis: 1 } });
  return output;
}

/** One float column as double, money as log1p. */
function column(parts: Parts, name: string, log: boolean): string {
  const plain = `${name}:double`;
  parts.nodes.push({ op: 'Cast', inputs: [name], output: plain, attributes: { to: DOUBLE } });
  if (!log) return plain;
  parts.nodes.push({ op: 'Add', inputs: [plain, 'one'], output: `${name}:plus_one` });
  parts.nodes.push({ op: 'Log', inputs: [`${name}:plus_one`], output: `${name}:log` });
  return `${name}:log`;
}

/** Numeric terms and, in the design's order, the missing indicators. Double throughout, so that the graph agrees with the trainer. */
function numericPart(parts: Parts, model: LogisticModel): string[] {
  const { numeric } = model.design;
  if (numeric.length === 0) return [];
  if (numeric.some((t) => t.log)) parts.constants.push({ name: 'one', dims: [1, 1], values: [1] });
  const all = concat(
    parts,
    numeric.map((t) => column(parts, t.column, t.log)),
    'numbers',
  );
  const fill = rowConstant(
    parts,
    'fill',
    numeric.map((t) => t.fill),
  );
  const mean = rowConstant(
    parts,
    'mean',
    numeric.map((t) => t.mean),
  );
  // A constant column has an infinite scale: its term is 0.
  const inverse = rowConstant(
    parts,
    'inverse_scale',
    numeric.map((t) => 1 / t.scale),
  );
  parts.nodes.push(
    { op: 'IsNaN', inputs: [all], output: 'missing' },
    { op: 'Where', inputs: ['missing', fill, all], output: 'filled' },
    { op: 'Sub', inputs: ['filled', mean], output: 'centred' },
    { op: 'Mul', inputs: ['centred', inverse], output: 'scaled' },
    { op: 'Cast', inputs: ['missing'], output: 'indicators', attributes: { to: DOUBLE } },
  );
  return ['scaled', 'indicators'];
}

/** One-hot terms of the string columns; the empty string is the missing level, anything unseen gives zeros. */
function categoryPart(parts: Parts, model: LogisticModel): string[] {
  return model.design.categories.map(({ column: name, values }) => {
    const hot = `${name}:one_hot`;
    parts.nodes.push(
      {
        op: 'OneHotEncoder',
        domain: 'ai.onnx.ml',
        inputs: [name],
        output: hot,
        attributes: { cats_strings: [...values, ''], zeros: 1 },
      },
      { op: 'Flatten', inputs: [hot], output: `${name}:flat`, attributes: { axis: 1 } },
      { op: 'Cast', inputs: [`${name}:flat`], output: `${name}:terms`, attributes: { to: DOUBLE } },
    );
    return `${name}:terms`;
  });
}

/**
 * Weights in the graph's order: every numeric column has an indicator there, so those without one in the design
 * (tactics) get a weight of 0 for it.
 */
function graphWeights(model: LogisticModel): number[] {
  const { numeric, categories } = model.design;
  const weights = Array.from(model.weights);
  let at = numeric.length;
  const indicators = numeric.map((t) => (t.indicator ? weights[at++]! : 0));
  return [...weights.slice(0, numeric.length), ...indicators, ...(categories.length > 0 ? weights.slice(at) : [])];
}

/**
 * One self-contained ONNX graph: raw columns in (float or string, `[N,1]` each, NaN and '' for missing), probability of
 * scam out (float `[N,1]`). Imputing, log, scaling, one-hot, the linear part and the sigmoid are all inside.
 */
export function exportModel(model: LogisticModel): Uint8Array {
  const parts: Parts = { nodes: [], constants: [] };
  const features = concat(parts, [...numericPart(parts, model), ...categoryPart(parts, model)], 'features');
  const weights = graphWeights(model);
  parts.constants.push({ name: 'weights', dims: [weights.length, 1], values: weights });
  parts.constants.push({ name: 'intercept', dims: [1], values: [model.intercept] });
  parts.nodes.push(
    { op: 'Gemm', inputs: [features, 'weights', 'intercept'], output: 'logit' },
    { op: 'Sigmoid', inputs: ['logit'], output: 'probability:double' },
    { op: 'Cast', inputs: ['probability:double'], output: outputName, attributes: { to: elementType('float') } },
  );
  const binding = bindingOf(model);
  const inputs: Port[] =
    binding.layout === 'columns' ? binding.columns.map((c) => ({ name: c.input, type: c.type, width: 1 })) : [];
  return writeModel({
    name: 'outpost',
    producer: 'outpost',
    inputs,
    outputs: [{ name: outputName, type: 'float', width: 1 }],
    ...parts,
  });
}
