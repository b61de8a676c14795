import { concat, rowConstant, type GraphParts } from '../../onnx/parts.ts';
import { elementType } from '../../onnx/write.ts';
import type { Design } from './design.ts';

const DOUBLE = elementType('double');

interface Weighted {
  readonly design: Design;
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** One float column as double, money as log1p. */
function numberInput(parts: GraphParts, name: string, log: boolean): string {
  const plain = `logistic:${name}`;
  parts.nodes.push({ op: 'Cast', inputs: [name], output: plain, attributes: { to: DOUBLE } });
  if (!log) return plain;
  parts.nodes.push({ op: 'Add', inputs: [plain, 'logistic:one'], output: `logistic:${name}:plus_one` });
  parts.nodes.push({ op: 'Log', inputs: [`logistic:${name}:plus_one`], output: `logistic:${name}:log` });
  return `logistic:${name}:log`;
}

/** Numeric terms and a missing indicator for each. Double throughout, so that the graph agrees with the trainer. */
function numericPart(parts: GraphParts, { numeric }: Design): string[] {
  if (numeric.length === 0) return [];
  if (numeric.some((t) => t.log)) parts.constants.push({ name: 'logistic:one', dims: [1, 1], values: [1] });
  const inputs = numeric.map((t) => numberInput(parts, t.column, t.log));
  const all = concat(parts, inputs, 'logistic:numbers');
  const constant = (name: string, of: (term: Design['numeric'][number]) => number): string =>
    rowConstant(parts, name, numeric.map(of));
  const fill = constant('logistic:fill', (t) => t.fill);
  const mean = constant('logistic:mean', (t) => t.mean);
  // A constant column has an infinite scale: its term is 0.
  const inverse = constant('logistic:inverse_scale', (t) => 1 / t.scale);
  parts.nodes.push(
    { op: 'IsNaN', inputs: [all], output: 'logistic:missing' },
    { op: 'Where', inputs: ['logistic:missing', fill, all], output: 'logistic:filled' },
    { op: 'Sub', inputs: ['logistic:filled', mean], output: 'logistic:centred' },
    { op: 'Mul', inputs: ['logistic:centred', inverse], output: 'logistic:scaled' },
    { op: 'Cast', inputs: ['logistic:missing'], output: 'logistic:indicators', attributes: { to: DOUBLE } },
  );
  return ['logistic:scaled', 'logistic:indicators'];
}

/** One-hot terms of the text columns; the empty string is the missing level, anything unlisted gives zeros. */
function categoryPart(parts: GraphParts, { categories }: Design): string[] {
  return categories.map(({ column: name, values }) => {
    const hot = `logistic:${name}:one_hot`;
    const attributes = { cats_strings: [...values, ''], zeros: 1 };
    parts.nodes.push(
      { op: 'OneHotEncoder', domain: 'ai.onnx.ml', inputs: [name], output: hot, attributes },
      { op: 'Flatten', inputs: [hot], output: `logistic:${name}:flat`, attributes: { axis: 1 } },
      { op: 'Cast', inputs: [`logistic:${name}:flat`], output: `logistic:${name}:terms`, attributes: { to: DOUBLE } },
    );
    return `logistic:${name}:terms`;
  });
}

/**
 * Weights and intercept in the graph's order. Every number has an indicator there, of weight 0 where the design has
 * none. The encoder has no term for unlisted values: their weight goes into the intercept and off every listed one.
 */
function graphWeights({ design, weights, intercept }: Weighted): { weights: number[]; intercept: number } {
  const numbers = design.numeric.length;
  let at = numbers;
  const indicators = design.numeric.map((t) => (t.indicator ? weights[at++]! : 0));
  const all = [...weights.slice(0, numbers), ...indicators];
  let base = intercept;
  for (const { values } of design.categories) {
    const other = weights[at + values.length]!;
    const missing = weights[at + values.length + 1]!;
    for (let k = 0; k < values.length; k++) all.push(weights[at + k]! - other);
    all.push(missing - other);
    base += other;
    at += values.length + 2;
  }
  return { weights: all, intercept: base };
}

/** Adds a logistic model to a graph: imputing, log, scaling, one-hot and the linear part. Answers its log odds. Names carry a prefix with a colon,
 * which no attribute name has. */
export function addLogistic(parts: GraphParts, model: Weighted): string {
  const terms = [...numericPart(parts, model.design), ...categoryPart(parts, model.design)];
  const features = concat(parts, terms, 'logistic:features');
  const { weights, intercept } = graphWeights(model);
  parts.constants.push({ name: 'logistic:weights', dims: [weights.length, 1], values: weights });
  parts.constants.push({ name: 'logistic:intercept', dims: [1], values: [intercept] });
  parts.nodes.push({
    op: 'Gemm',
    inputs: [features, 'logistic:weights', 'logistic:intercept'],
    output: 'logistic:log_odds',
  });
  return 'logistic:log_odds';
}
