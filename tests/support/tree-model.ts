import { attributeTypes } from '../../shared/encoding/onnx/element-types.ts';
import {
  attributeField as A,
  graphField as G,
  modelField as M,
  nodeField as N,
  opsetField,
  valueInfoField,
  typeField,
  tensorTypeField,
  shapeField,
  dimensionField,
} from './onnx-fields.ts';
import { bytes, float, int, message } from './protobuf.ts';

const ints = (name: string, values: readonly number[]) =>
  bytes(
    N.attribute,
    message(
      bytes(A.name, name),
      values.map((v) => int(A.ints, v)),
      int(A.type, attributeTypes.ints),
    ),
  );
const floats = (name: string, values: readonly number[]) =>
  bytes(
    N.attribute,
    message(
      bytes(A.name, name),
      values.map((v) => float(A.floats, v)),
      int(A.type, attributeTypes.floats),
    ),
  );
const texts = (name: string, values: readonly string[]) =>
  bytes(
    N.attribute,
    message(
      bytes(A.name, name),
      values.map((v) => bytes(A.strings, v)),
      int(A.type, attributeTypes.strings),
    ),
  );
const text = (name: string, value: string) =>
  bytes(N.attribute, message(bytes(A.name, name), bytes(A.s, value), int(A.type, attributeTypes.string)));

function port(name: string, elementType: number, width: number | null): Uint8Array {
  const dims = [
    message(bytes(dimensionField.dimParam, 'N')),
    ...(width === null ? [] : [message(int(dimensionField.dimValue, width))]),
  ];
  const shape = message(dims.map((dim) => bytes(shapeField.dim, dim)));
  const tensor = message(int(tensorTypeField.elemType, elementType), bytes(tensorTypeField.shape, shape));
  return message(
    bytes(valueInfoField.name, name),
    bytes(valueInfoField.type, message(bytes(typeField.tensorType, tensor))),
  );
}

/**
 * A classifier of one tree as scikit-learn and XGBoost converters write them: one float matrix `X` of two columns in;
 * `label` and `probabilities` `[N,2]` out. The probability of class 1 is 0.9 when the first column is above 0.5, else
 * 0.6 when the second is above 20, else 0.1; a missing value goes to the lower branch.
 */
export function treeModelBytes(): Uint8Array {
  const node = message(
    bytes(N.opType, 'TreeEnsembleClassifier'),
    bytes(N.domain, 'ai.onnx.ml'),
    bytes(N.input, 'X'),
    bytes(N.output, 'label'),
    bytes(N.output, 'probabilities'),
    ints('nodes_treeids', [0, 0, 0, 0, 0]),
    ints('nodes_nodeids', [0, 1, 2, 3, 4]),
    ints('nodes_featureids', [0, 1, 0, 0, 0]),
    texts('nodes_modes', ['BRANCH_LEQ', 'BRANCH_LEQ', 'LEAF', 'LEAF', 'LEAF']),
    floats('nodes_values', [0.5, 20, 0, 0, 0]),
    ints('nodes_truenodeids', [1, 3, 0, 0, 0]),
    ints('nodes_falsenodeids', [2, 4, 0, 0, 0]),
    ints('nodes_missing_value_tracks_true', [1, 1, 0, 0, 0]),
    ints('class_treeids', [0, 0, 0, 0, 0, 0]),
    ints('class_nodeids', [2, 2, 3, 3, 4, 4]),
    ints('class_ids', [0, 1, 0, 1, 0, 1]),
    floats('class_weights', [0.1, 0.9, 0.9, 0.1, 0.4, 0.6]),
    ints('classlabels_int64s', [0, 1]),
    text('post_transform', 'NONE'),
  );
  const graph = message(
    bytes(G.node, node),
    bytes(G.name, 'tree'),
    bytes(G.input, port('X', 1, 2)),
    bytes(G.output, port('label', 7, null)),
    bytes(G.output, port('probabilities', 1, 2)),
  );
  const opset = (domain: string, version: number) =>
    bytes(M.opsetImport, message(bytes(opsetField.domain, domain), int(opsetField.version, version)));
  return new Uint8Array(
    message(
      int(M.irVersion, 8),
      bytes(M.producerName, 'skl2onnx'),
      bytes(M.graph, graph),
      opset('', 17),
      opset('ai.onnx.ml', 3),
    ),
  );
}
