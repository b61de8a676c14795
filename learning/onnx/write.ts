import {
  attributeField as A,
  attributeTypes,
  dimensionField,
  elementTypes,
  graphField as G,
  modelField as M,
  nodeField as N,
  opsetField,
  shapeField,
  tensorField as T,
  tensorTypeField,
  typeField,
  valueInfoField,
} from '../../shared/encoding/onnx/fields.ts';
import { bytes, float, int, message, rawDoubles } from './wire.ts';

export type ElementType = 'float' | 'double' | 'string';
/** What the plain forms cannot say: a number as float, lists of numbers, a constant double tensor. */
export type TypedValue =
  | { readonly float: number }
  | { readonly floats: ArrayLike<number> }
  | { readonly ints: ArrayLike<number> }
  | { readonly tensor: Constant };
export type AttributeValue = number | string | readonly string[] | TypedValue;

/** A node of the graph; attributes are integers, texts, lists of texts or typed values, written in the order given. */
export interface Node {
  readonly op: string;
  readonly domain?: 'ai.onnx.ml';
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** Constant double tensor. */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A tensor that enters or leaves the graph: `[N, width]` with N free. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly width: number;
}

export interface Graph {
  readonly name: string;
  readonly producer: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

/** TensorProto.DataType number of an element type. */
export function elementType(type: ElementType): number {
  return Number(Object.entries(elementTypes).find(([, name]) => name === type)![0]);
}

function typedAttribute(name: string, value: TypedValue): Uint8Array {
  const title = bytes(A.name, name);
  if ('float' in value) return message(title, float(A.f, value.float), int(A.type, attributeTypes.float));
  if ('tensor' in value) return message(title, bytes(A.t, constant(value.tensor)), int(A.type, attributeTypes.tensor));
  if ('floats' in value) {
    const items = Array.from(value.floats, (x) => float(A.floats, x));
    return message(title, items, int(A.type, attributeTypes.floats));
  }
  const items = Array.from(value.ints, (x) => int(A.ints, x));
  return message(title, items, int(A.type, attributeTypes.ints));
}

function attribute(name: string, value: AttributeValue): Uint8Array {
  if (typeof value === 'number') return message(bytes(A.name, name), int(A.i, value), int(A.type, attributeTypes.int));
  if (typeof value === 'string')
    return message(bytes(A.name, name), bytes(A.s, value), int(A.type, attributeTypes.string));
  if (!Array.isArray(value)) return typedAttribute(name, value as TypedValue);
  return message(
    bytes(A.name, name),
    value.map((text) => bytes(A.strings, text)),
    int(A.type, attributeTypes.strings),
  );
}

function node({ op, domain, inputs, output, attributes = {} }: Node): Uint8Array {
  return message(
    inputs.map((name) => bytes(N.input, name)),
    bytes(N.output, output),
    bytes(N.name, `${op}_${output}`),
    bytes(N.opType, op),
    Object.entries(attributes).map(([name, value]) => bytes(N.attribute, attribute(name, value))),
    domain === undefined ? [] : bytes(N.domain, domain),
  );
}

function constant({ name, dims, values }: Constant): Uint8Array {
  return message(
    dims.map((d) => int(T.dims, d)),
    int(T.dataType, elementType('double')),
    bytes(T.name, name),
    bytes(T.rawData, rawDoubles(values)),
  );
}

function port({ name, type, width }: Port): Uint8Array {
  const rows = message(bytes(dimensionField.param, 'N'));
  const columns = message(int(dimensionField.value, width));
  const shape = message(bytes(shapeField.dim, rows), bytes(shapeField.dim, columns));
  const tensor = message(int(tensorTypeField.elemType, elementType(type)), bytes(tensorTypeField.shape, shape));
  return message(
    bytes(valueInfoField.name, name),
    bytes(valueInfoField.type, message(bytes(typeField.tensor, tensor))),
  );
}

/** Bytes of an ONNX model (IR 8, opset 17, ai.onnx.ml 3). The same graph always gives the same bytes. */
export function writeModel(graph: Graph): Uint8Array {
  const body = message(
    graph.nodes.map((n) => bytes(G.node, node(n))),
    bytes(G.name, graph.name),
    graph.constants.map((c) => bytes(G.initializer, constant(c))),
    graph.inputs.map((p) => bytes(G.input, port(p))),
    graph.outputs.map((p) => bytes(G.output, port(p))),
  );
  const opset = (domain: string, version: number) =>
    message(bytes(opsetField.domain, domain), int(opsetField.version, version));
  return new Uint8Array(
    message(
      int(M.irVersion, 8),
      bytes(M.producerName, graph.producer),
      bytes(M.graph, body),
      bytes(M.opsetImport, opset('', 17)),
      bytes(M.opsetImport, opset('ai.onnx.ml', 3)),
    ),
  );
}
