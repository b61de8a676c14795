import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { attributeTypes, elementTypes } from '../../shared/encoding/onnx/element-types.ts';
import {
  ModelProtoSchema,
  type AttributeProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type TensorShapeProto_DimensionSchema,
  type ValueInfoProtoSchema,
} from '../../shared/encoding/onnx/onnx_pb.ts';

type ElementType = 'float' | 'double' | 'string';
/** What the plain forms cannot say: a number as float, lists of numbers, a constant double tensor. */
type TypedValue =
  | { readonly float: number }
  | { readonly floats: ArrayLike<number> }
  | { readonly ints: ArrayLike<number> }
  | { readonly tensor: Constant };
type AttributeValue = number | string | readonly string[] | TypedValue;

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

interface Graph {
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

type ValueInfoInit = MessageInitShape<typeof ValueInfoProtoSchema>;
type DimensionInit = MessageInitShape<typeof TensorShapeProto_DimensionSchema>;

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Little-endian doubles, as `raw_data` holds them. */
function rawDoubles(values: ArrayLike<number>): Uint8Array {
  const body = Buffer.alloc(values.length * 8);
  for (let i = 0; i < values.length; i++) body.writeDoubleLE(values[i]!, i * 8);
  return body;
}

type AttributeContents = Omit<MessageInitShape<typeof AttributeProtoSchema>, '$typeName' | 'name'>;

function typedContents(value: TypedValue): AttributeContents {
  if ('float' in value) return { f: value.float, type: attributeTypes.float };
  if ('tensor' in value) return { t: tensorOf(value.tensor), type: attributeTypes.tensor };
  if ('floats' in value) return { floats: Array.from(value.floats), type: attributeTypes.floats };
  return { ints: Array.from(value.ints, BigInt), type: attributeTypes.ints };
}

function contentsOf(value: AttributeValue): AttributeContents {
  if (typeof value === 'number') return { i: BigInt(value), type: attributeTypes.int };
  if (typeof value === 'string') return { s: utf8(value), type: attributeTypes.string };
  if (!Array.isArray(value)) return typedContents(value as TypedValue);
  return { strings: value.map(utf8), type: attributeTypes.strings };
}

function nodeOf({ op, domain, inputs, output, attributes = {} }: Node): MessageInitShape<typeof NodeProtoSchema> {
  return {
    input: [...inputs],
    output: [output],
    name: `${op}_${output}`,
    opType: op,
    attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...contentsOf(value) })),
    ...(domain === undefined ? {} : { domain }),
  };
}

function tensorOf({ name, dims, values }: Constant): MessageInitShape<typeof TensorProtoSchema> {
  return { dims: dims.map(BigInt), dataType: elementType('double'), name, rawData: rawDoubles(values) };
}

/** An input or output `[rows, width]` of this type. */
export function valueInfoOf({ name, type, width }: Port, rows: string | null = 'N'): ValueInfoInit {
  const dim: DimensionInit[] = [
    rows === null ? {} : { value: { case: 'dimParam', value: rows } },
    { value: { case: 'dimValue', value: BigInt(width) } },
  ];
  const tensor = { elemType: elementType(type), shape: { dim } };
  return { name, type: { value: { case: 'tensorType', value: tensor } } };
}

/** Bytes of an ONNX model (IR 8, opset 17, ai.onnx.ml 3). The same graph always gives the same bytes. */
export function writeModel(graph: Graph): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: graph.producer,
    graph: {
      node: graph.nodes.map(nodeOf),
      name: graph.name,
      initializer: graph.constants.map(tensorOf),
      input: graph.inputs.map((port) => valueInfoOf(port)),
      output: graph.outputs.map((port) => valueInfoOf(port)),
    },
    opsetImport: [
      { domain: '', version: 17n },
      { domain: 'ai.onnx.ml', version: 3n },
    ],
  });
  return toBinary(ModelProtoSchema, model);
}
