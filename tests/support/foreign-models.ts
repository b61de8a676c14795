import { foreignModelBytes, type ForeignAttribute, type ForeignNode, type ForeignPort } from './foreign-onnx.ts';

/**
 * Models as the exporters of other libraries lay them out. Operators, their order and their attributes follow
 * the converters of skl2onnx (operator_converters/: imputer_op, scaler_op, one_hot_encoder, linear_classifier,
 * random_forest, zip_map) and onnxmltools (convert/xgboost/operator_converters/XGBoost.py).
 */
const numbers = ['asked', 'contract', 'minutes'];

/** What scikit-learn 1.2 learned from twelve made-up rows of the toy schema, and the probabilities it gives. */
export const logisticFit = {
  fill: [0.5, 0.5, 20],
  offset: [0.5, 0.5, 32.541666666666664],
  scale: [2.1908902300206643, 2.1908902300206643, 0.036693172972377404],
  coefficients: [0.8992223066044491, -0.7607374955112087, 1.169498668977251, -0.12119919005868147, 0.12119617110805046],
  intercept: -0.038226525642720964,
  rows: [
    { asked: 1, contract: 0, minutes: 30, channel: 'popup' },
    { asked: null, contract: null, minutes: null, channel: '' },
    { asked: 0, contract: 1, minutes: 5, channel: 'phone' },
    { asked: 1, contract: 1, minutes: 400, channel: 'not on any list' },
  ],
  probabilities: [0.8572084116855544, 0.35975624566560155, 0.04071055068817343, 0.9999998733799307],
} as const;

/** The end of a scikit-learn classifier: with ZipMap as exported by default, or plain (`zipmap: False`). */
function classifierEnd(zipmap: boolean, labels: ForeignAttribute): { nodes: ForeignNode[]; outputs: ForeignPort[] } {
  const type = 'strings' in labels ? 'string' : 'int64';
  if (!zipmap) {
    return {
      nodes: [],
      outputs: [
        { name: 'label', type, width: null },
        { name: 'probabilities', type: 'float', width: 2 },
      ],
    };
  }
  const label: ForeignNode =
    type === 'string'
      ? { op: 'Identity', inputs: ['label'], outputs: ['output_label'] }
      : { op: 'Cast', inputs: ['label'], outputs: ['output_label'], attributes: { to: { int: 7 } } };
  const zip: ForeignNode = {
    op: 'ZipMap',
    ml: true,
    inputs: ['probabilities'],
    outputs: ['output_probability'],
    attributes: { [type === 'string' ? 'classlabels_strings' : 'classlabels_int64s']: labels },
  };
  return {
    nodes: [label, zip],
    outputs: [
      { name: 'output_label', type, width: null },
      { name: 'output_probability', mapOf: type },
    ],
  };
}

/** What a pipeline is exported with: `imputer` and `ignoreUnknown` are what a careful data scientist has. */
interface PipelineOptions {
  readonly zipmap?: boolean;
  readonly imputer?: boolean;
  readonly ignoreUnknown?: boolean;
  readonly inputs?: readonly ForeignPort[];
}

function designNodes({ imputer = true, ignoreUnknown = true }: PipelineOptions): ForeignNode[] {
  const { fill, offset, scale } = logisticFit;
  const filled: ForeignNode = {
    op: 'Imputer',
    ml: true,
    inputs: ['merged_columns'],
    outputs: ['variable'],
    attributes: { imputed_value_floats: { floats: fill }, replaced_value_float: { float: NaN } },
  };
  return [
    { op: 'Concat', inputs: numbers, outputs: ['merged_columns'], attributes: { axis: { int: 1 } } },
    ...(imputer ? [filled] : []),
    {
      op: 'Scaler',
      ml: true,
      inputs: [imputer ? 'variable' : 'merged_columns'],
      outputs: ['variable1'],
      attributes: { offset: { floats: offset }, scale: { floats: scale } },
    },
    {
      op: 'OneHotEncoder',
      ml: true,
      inputs: ['channel'],
      outputs: ['channelout'],
      attributes: { cats_strings: { strings: ['phone', 'popup'] }, zeros: { int: Number(ignoreUnknown) } },
    },
    {
      op: 'Concat',
      name: 'Concat1',
      inputs: ['channelout'],
      outputs: ['concat_result'],
      attributes: { axis: { int: -1 } },
    },
    { op: 'Reshape', inputs: ['concat_result', 'shape_tensor'], outputs: ['transformed_column'] },
    {
      op: 'Concat',
      name: 'Concat2',
      inputs: ['variable1', 'transformed_column'],
      outputs: ['transformed_column1'],
      attributes: { axis: { int: 1 } },
    },
  ];
}

/**
 * A scikit-learn pipeline over the toy schema, one input per column: SimpleImputer and StandardScaler on numbers,
 * OneHotEncoder on the category, LogisticRegression; exported by skl2onnx with a final ZipMap unless asked otherwise.
 */
export function logisticPipelineBytes(options: PipelineOptions = {}): Uint8Array {
  const { coefficients, intercept } = logisticFit;
  const end = classifierEnd(options.zipmap ?? true, { ints: [0, 1] });
  return foreignModelBytes({
    name: 'pipeline',
    producer: 'skl2onnx',
    producerVersion: '1.14.0',
    opsets: [
      ['ai.onnx.ml', 1],
      ['', 15],
    ],
    nodes: [
      ...designNodes(options),
      {
        op: 'LinearClassifier',
        ml: true,
        inputs: ['transformed_column1'],
        outputs: ['label', 'probability_tensor'],
        attributes: {
          classlabels_ints: { ints: [0, 1] },
          coefficients: { floats: [...coefficients.map((c) => -c), ...coefficients] },
          intercepts: { floats: [-intercept, intercept] },
          multi_class: { int: 1 },
          post_transform: { string: 'LOGISTIC' },
        },
      },
      {
        op: 'Normalizer',
        ml: true,
        inputs: ['probability_tensor'],
        outputs: ['probabilities'],
        attributes: { norm: { string: 'L1' } },
      },
      ...end.nodes,
    ],
    inputs: options.inputs ?? [
      ...numbers.map((name) => ({ name, type: 'float', width: 1 })),
      { name: 'channel', type: 'string', width: 1 },
    ],
    outputs: end.outputs,
    int64s: { shape_tensor: [-1, 2] },
  });
}

interface Tree {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  /** Weight of class 1 (and log odds for boosted trees) in each node; only leaves count. */
  readonly value: readonly number[];
}

/** Trees of a scikit-learn 1.2 RandomForestClassifier over asked, contract, minutes, and what it gives. */
export const forestFit = {
  trees: [
    {
      left: [1, 2, 0, 0, 0],
      right: [4, 3, 0, 0, 0],
      feature: [1, 2, 0, 0, 0],
      threshold: [0.5, 19, 0, 0, 0],
      value: [7 / 12, 7 / 8, 0, 1, 0],
    },
    {
      left: [1, 2, 0, 0, 5, 0, 0],
      right: [4, 3, 0, 0, 6, 0, 0],
      feature: [0, 2, 0, 0, 1, 0, 0],
      threshold: [0.5, 41.5, 0, 0, 0.5, 0, 0],
      value: [9 / 12, 3 / 5, 0, 1, 6 / 7, 1, 1 / 2],
    },
    {
      left: [1, 2, 0, 0, 0],
      right: [4, 3, 0, 0, 0],
      feature: [1, 0, 0, 0, 0],
      threshold: [0.5, 0.5, 0, 0, 0],
      value: [3 / 12, 3 / 4, 2 / 3, 1, 0],
    },
  ],
  rows: [
    { asked: 1, contract: 0, minutes: 30 },
    { asked: 0, contract: 1, minutes: 5 },
    { asked: 1, contract: 1, minutes: 400 },
    { asked: 0, contract: 0, minutes: 75 },
  ],
  probabilities: [1, 0, 1 / 6, 8 / 9],
} as const satisfies { trees: readonly Tree[]; rows: unknown; probabilities: readonly number[] };

/** Attributes of trees in the flat form both exporters write; `weigh` turns a leaf's value into its weight. */
function treeAttributes(
  trees: readonly Tree[],
  mode: string,
  missingLeft: (tree: number, node: number) => boolean,
  weigh: (value: number) => number,
): Record<string, ForeignAttribute> {
  const nodes = trees.flatMap((tree, id) => tree.left.map((left, at) => ({ tree, id, at, left, branch: left > at })));
  const leaves = nodes.filter((node) => !node.branch);
  const ints = (of: (node: (typeof nodes)[number]) => number, list = nodes) => ({ ints: list.map(of) });
  return {
    nodes_treeids: ints((n) => n.id),
    nodes_nodeids: ints((n) => n.at),
    nodes_featureids: ints((n) => n.tree.feature[n.at]!),
    nodes_modes: { strings: nodes.map((n) => (n.branch ? mode : 'LEAF')) },
    nodes_values: { floats: nodes.map((n) => n.tree.threshold[n.at]!) },
    nodes_truenodeids: ints((n) => n.left),
    nodes_falsenodeids: ints((n) => n.tree.right[n.at]!),
    nodes_missing_value_tracks_true: ints((n) => Number(n.branch && missingLeft(n.id, n.at))),
    class_treeids: ints((n) => n.id, leaves),
    class_nodeids: ints((n) => n.at, leaves),
    class_ids: ints(() => 0, leaves),
    class_weights: { floats: leaves.map((n) => weigh(n.tree.value[n.at]!)) },
  };
}

/** A random forest over one matrix `X` of asked, contract, minutes, classes `genuine` and `scam`, as skl2onnx writes it. */
export function forestBytes(options: { readonly zipmap?: boolean } = {}): Uint8Array {
  const { trees } = forestFit;
  const labels = { strings: ['genuine', 'scam'] };
  const end = classifierEnd(options.zipmap ?? true, labels);
  const weighted = treeAttributes(
    trees,
    'BRANCH_LEQ',
    () => false,
    (value) => value / trees.length,
  );
  const nodeCount = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  return foreignModelBytes({
    name: 'forest',
    producer: 'skl2onnx',
    producerVersion: '1.16.0',
    opsets: [
      ['ai.onnx.ml', 1],
      ['', 17],
    ],
    nodes: [
      {
        op: 'TreeEnsembleClassifier',
        ml: true,
        inputs: ['X'],
        outputs: ['label', 'probabilities'],
        attributes: {
          ...weighted,
          nodes_hitrates: { floats: Array.from({ length: nodeCount }, () => 1) },
          classlabels_strings: labels,
          post_transform: { string: 'NONE' },
        },
      },
      ...end.nodes,
    ],
    inputs: [{ name: 'X', type: 'float', width: 3 }],
    outputs: end.outputs,
  });
}

const boostedTrees: readonly Tree[] = [
  {
    left: [1, 0, 3, 0, 0],
    right: [2, 0, 4, 0, 0],
    feature: [0, 0, 2, 0, 0],
    threshold: [0.5, 0, 20, 0, 0],
    value: [0, -0.75, 0, 0.25, 1.5],
  },
  { left: [1, 0, 0], right: [2, 0, 0], feature: [1, 0, 0], threshold: [0.5, 0, 0], value: [0, 0.625, -1.125] },
];
/** In XGBoost each split has a side of its own for missing values: here left in the roots, right below. */
const boostedMissingLeft = (_tree: number, node: number): boolean => node === 0;
const boostedBase = 0.6;

/** The probability the boosted trees give, walked without ONNX: `x < threshold` goes left, as in XGBoost. */
export function boostedScore(row: readonly number[]): number {
  let margin = Math.log(boostedBase / (1 - boostedBase));
  for (const [id, tree] of boostedTrees.entries()) {
    let at = 0;
    while (tree.left[at]! > at) {
      const x = row[tree.feature[at]!]!;
      const left = Number.isNaN(x) ? boostedMissingLeft(id, at) : x < tree.threshold[at]!;
      at = (left ? tree.left : tree.right)[at]!;
    }
    margin += tree.value[at]!;
  }
  return 1 / (1 + Math.exp(-margin));
}

/** What an XGBoost model is exported with: `raw` gives margins instead of probabilities, `classes` other labels. */
interface BoostedOptions {
  readonly raw?: boolean;
  readonly width?: number;
  readonly classes?: readonly number[];
}

/** An XGBoost classifier over one matrix `input` of asked, contract, minutes, as onnxmltools writes it: no ZipMap. */
export function boostedBytes({ raw = false, width = 3, classes = [0, 1] }: BoostedOptions = {}): Uint8Array {
  return foreignModelBytes({
    name: 'xgboost',
    producer: 'OnnxMLTools',
    producerVersion: '1.12.0',
    domain: 'onnxconverter-common',
    opsets: [
      ['ai.onnx.ml', 1],
      ['', 15],
    ],
    nodes: [
      {
        op: 'TreeEnsembleClassifier',
        ml: true,
        inputs: ['input'],
        outputs: ['label', 'probabilities'],
        attributes: {
          ...treeAttributes(boostedTrees, 'BRANCH_LT', boostedMissingLeft, (value) => value),
          base_values: { floats: [Math.log(boostedBase / (1 - boostedBase))] },
          classlabels_int64s: { ints: classes },
          post_transform: { string: raw ? 'NONE' : 'LOGISTIC' },
        },
      },
    ],
    inputs: [{ name: 'input', type: 'float', width }],
    outputs: [
      { name: 'label', type: 'int64', width: null },
      { name: 'probabilities', type: 'float', width: 2 },
    ],
  });
}
