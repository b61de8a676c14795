import { OutpostError } from '../../errors/index.ts';
import { sentence, inTurn, type Sentence } from '../../language/sentence.ts';
import type { GraphSummary, ModelSummary, NodeSummary } from './model.ts';
import { readModel } from './read.ts';

/** Largest model file that is looked at, in bytes. */
export const maxModelBytes = 50 * 1024 * 1024;
const maxNodes = 5_000;

/**
 * Operators a model may use, by operator set. Everything that loops, branches, makes tensors of a size of its own
 * choosing, reads files or yields maps is left out: one run then costs time and memory in proportion to its rows.
 */
const allowedOps: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    '',
    new Set([
      ...'Abs Add And ArgMax ArgMin BatchNormalization Cast Ceil Clip Concat Constant Div Elu Equal Erf Exp Flatten Floor'.split(
        ' ',
      ),
      ...'Gather GatherElements Gemm Greater GreaterOrEqual HardSigmoid Identity IsInf IsNaN LayerNormalization LeakyRelu'.split(
        ' ',
      ),
      ...'Less LessOrEqual Log LogSoftmax MatMul Max Mean Min Mul Neg Not Or PRelu Pow Reciprocal ReduceMax ReduceMean'.split(
        ' ',
      ),
      ...'ReduceMin ReduceProd ReduceSum Relu Reshape Round Selu Shape Sigmoid Sign Slice Softmax Softplus Split Sqrt'.split(
        ' ',
      ),
      ...'Squeeze Sub Sum Tanh Transpose Unsqueeze Where Xor'.split(' '),
    ]),
  ],
  [
    'ai.onnx.ml',
    new Set([
      ...'ArrayFeatureExtractor Binarizer CategoryMapper FeatureVectorizer Imputer LabelEncoder LinearClassifier'.split(
        ' ',
      ),
      ...'LinearRegressor Normalizer OneHotEncoder Scaler TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor'.split(
        ' ',
      ),
    ]),
  ],
]);

type Refuse = (what: Sentence) => OutpostError;

function checkNode(node: NodeSummary, refuse: Refuse): void {
  const name = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
  if (!allowedOps.get(node.domain)?.has(node.opType)) {
    throw refuse(sentence('onnx.operator_not_allowed', { name, zipmap: node.opType === 'ZipMap' }));
  }
  for (const attribute of node.attributes) {
    if (attribute.graphs.length > 0) throw refuse(sentence('onnx.operator_with_graph', { name }));
    if (attribute.tensors.some((t) => t.external || t.sparse)) throw refuse(sentence('onnx.data_outside', { name }));
  }
}

function checkInitializers(graph: GraphSummary, fileBytes: number, refuse: Refuse): void {
  let elements = 0;
  for (const tensor of graph.initializers) {
    if (tensor.external) throw refuse(sentence('onnx.data_in_another_file'));
    if (tensor.sparse) throw refuse(sentence('onnx.sparse_data'));
    elements += tensor.elements;
  }
  // Every stored element takes at least one byte, so more elements than bytes are a lie about sizes.
  if (elements > fileBytes) throw refuse(sentence('onnx.more_data_announced'));
}

/**
 * Reads a model file and checks it before any runtime sees it: size, operators, no nested graphs, functions, training
 * parts or data kept elsewhere. Throws BAD_MODEL saying what was found, then `ending`, a sentence of the caller's.
 */
export function checkGraph(bytes: Uint8Array, ending: Sentence | null = null): ModelSummary {
  const refuse: Refuse = (what) => {
    const refused = sentence('onnx.refused', { what });
    return new OutpostError('BAD_MODEL', ending === null ? refused : inTurn([refused, ending]));
  };
  if (bytes.length > maxModelBytes)
    throw refuse(sentence('onnx.too_large', { megabytes: maxModelBytes / 1024 / 1024 }));
  const model = readModel(bytes);
  if (model.functions.length > 0) throw refuse(sentence('onnx.own_operators'));
  if (model.training) throw refuse(sentence('onnx.training_information'));
  if (model.nodes.length > maxNodes) throw refuse(sentence('onnx.too_many_nodes', { most: maxNodes }));
  checkInitializers(model, bytes.length, refuse);
  for (const node of model.nodes) checkNode(node, refuse);
  return model;
}
