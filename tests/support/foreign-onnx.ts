import { attributeTypes, elementTypes } from '../../shared/encoding/onnx/element-types.ts';
import {
  attributeField as A,
  graphField as G,
  modelField as M,
  nodeField as N,
  opsetField,
  shapeField,
  tensorField as T,
  tensorTypeField,
  typeField,
  valueInfoField,
  dimensionField,
} from './onnx-fields.ts';
import { bytes, float, int, message } from './protobuf.ts';

export type ForeignAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] };

export interface ForeignNode {
  readonly op: string;
  readonly ml?: boolean;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, ForeignAttribute>>;
}

/** A tensor with a free number of rows (`width` null: only rows), or the list of maps that a ZipMap gives. */
export type ForeignPort =
  | { readonly name: string; readonly type: string; readonly width: number | null }
  | { readonly name: string; readonly mapOf: 'int64' | 'string' };

export interface ForeignModel {
  readonly name: string;
  readonly producer: string;
  readonly producerVersion: string;
  readonly domain?: string;
  readonly opsets: readonly (readonly [domain: string, version: number])[];
  readonly nodes: readonly ForeignNode[];
  readonly inputs: readonly ForeignPort[];
  readonly outputs: readonly ForeignPort[];
  readonly int64s?: Readonly<Record<string, readonly number[]>>;
}

const typeNumber = (name: string): number =>
  Number(Object.entries(elementTypes).find(([, known]) => known === name)![0]);

function attributeBytes(name: string, value: ForeignAttribute): Uint8Array {
  const title = bytes(A.name, name);
  if ('int' in value) return message(title, int(A.i, value.int), int(A.type, attributeTypes.int));
  if ('float' in value) return message(title, float(A.f, value.float), int(A.type, attributeTypes.float));
  if ('string' in value) return message(title, bytes(A.s, value.string), int(A.type, attributeTypes.string));
  if ('ints' in value) {
    return message(
      title,
      value.ints.map((v) => int(A.ints, v)),
      int(A.type, attributeTypes.ints),
    );
  }
  if ('floats' in value) {
    return message(
      title,
      value.floats.map((v) => float(A.floats, v)),
      int(A.type, attributeTypes.floats),
    );
  }
  return message(
    title,
    value.strings.map((v) => bytes(A.strings, v)),
    int(A.type, attributeTypes.strings),
  );
}

function nodeBytes({ op, ml = false, inputs, outputs, name = op, attributes = {} }: ForeignNode): Uint8Array {
  const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return message(
    inputs.map((input) => bytes(N.input, input)),
    outputs.map((output) => bytes(N.output, output)),
    bytes(N.name, name),
    bytes(N.opType, op),
    sorted.map(([title, value]) => bytes(N.attribute, attributeBytes(title, value))),
    bytes(N.domain, ml ? 'ai.onnx.ml' : ''),
  );
}

function portBytes(port: ForeignPort): Uint8Array {
  const tensor = (type: string, ...rest: Uint8Array[]) =>
    bytes(typeField.tensorType, message(int(tensorTypeField.elemType, typeNumber(type)), rest));
  if ('mapOf' in port) {
    const map = message(int(1, typeNumber(port.mapOf)), bytes(2, tensor('float')));
    const sequence = message(bytes(1, bytes(5, map)));
    return message(bytes(valueInfoField.name, port.name), bytes(valueInfoField.type, bytes(4, sequence)));
  }
  const columns = port.width === null ? [] : [bytes(shapeField.dim, int(dimensionField.dimValue, port.width))];
  const shape = bytes(tensorTypeField.shape, message(bytes(shapeField.dim, ''), columns));
  return message(bytes(valueInfoField.name, port.name), bytes(valueInfoField.type, tensor(port.type, shape)));
}

function int64Bytes(name: string, values: readonly number[]): Uint8Array {
  const packed = message(values.map((v) => int(1, v).subarray(1)));
  return message(int(T.dims, values.length), int(T.dataType, 7), bytes(T.int64Data, packed), bytes(T.name, name));
}

/**
 * Bytes of a model, IR version 8, to the byte as the onnx Python library serialises it: attributes sorted by name, an
 * empty domain written out, a free number of rows as a dimension without contents.
 */
export function foreignModelBytes(model: ForeignModel): Uint8Array {
  const graph = message(
    model.nodes.map((node) => bytes(G.node, nodeBytes(node))),
    bytes(G.name, model.name),
    Object.entries(model.int64s ?? {}).map(([name, values]) => bytes(G.initializer, int64Bytes(name, values))),
    model.inputs.map((port) => bytes(G.input, portBytes(port))),
    model.outputs.map((port) => bytes(G.output, portBytes(port))),
  );
  return new Uint8Array(
    message(
      int(M.irVersion, 8),
      bytes(M.producerName, model.producer),
      bytes(M.producerVersion, model.producerVersion),
      bytes(M.domain, model.domain ?? 'ai.onnx'),
      int(M.modelVersion, 0),
      bytes(6, ''),
      bytes(M.graph, graph),
      model.opsets.map(([domain, version]) =>
        bytes(M.opsetImport, message(bytes(opsetField.domain, domain), int(opsetField.version, version))),
      ),
    ),
  );
}
