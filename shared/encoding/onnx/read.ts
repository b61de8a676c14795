import { sentence } from '../../language/sentence.ts';
import { decodeModel, malformed } from './decode.ts';
import type { AttributeSummary, GraphSummary, ModelSummary, NodeSummary } from './model.ts';
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from './onnx_pb.ts';
import { readSparseTensor, readTensor, readValueInfo } from './read-tensor.ts';

// Present in Node and in browsers alike; declared here because this folder is compiled without either's types.
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** Deepest nesting of graphs inside attributes that is read. */
const maxDepth = 8;
/** Longest list whose values a summary keeps. */
const maxKept = 64;

/** Texts of attributes are bytes in the file; BAD_MODEL when they are not UTF-8. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed(sentence('onnx.text_not_utf8'), cause);
  }
}

function some<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function readAttribute(attribute: AttributeProto, depth: number): AttributeSummary {
  const { name = '', i, f = null, s, ints, floats, strings } = attribute;
  const sparse = [...some(attribute.sparseTensor), ...attribute.sparseTensors];
  return {
    name,
    i: i === undefined ? null : Number(i),
    f,
    s: s === undefined ? null : textOf(s),
    count: ints.length + floats.length + strings.length,
    ints: ints.slice(0, maxKept).map(Number),
    floats: floats.slice(0, maxKept),
    strings: strings.slice(0, maxKept).map(textOf),
    tensors: [...[...some(attribute.t), ...attribute.tensors].map(readTensor), ...sparse.map(readSparseTensor)],
    graphs: [...some(attribute.g), ...attribute.graphs].map((graph) => readGraph(graph, depth + 1)),
  };
}

/** The default domain has two names. */
function domainOf(domain = ''): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function readNode({ domain, opType = '', name = '', input, output, attribute }: NodeProto, depth: number): NodeSummary {
  if (opType === '') throw malformed(sentence('onnx.node_without_operator'));
  const attributes = attribute.map((one) => readAttribute(one, depth));
  return { domain: domainOf(domain), opType, name, inputs: input, outputs: output, attributes };
}

function readGraph(graph: GraphProto, depth: number): GraphSummary {
  if (depth > maxDepth) throw malformed(sentence('onnx.nested_too_deep', { most: maxDepth }));
  return {
    name: graph.name ?? '',
    inputs: graph.input.map(readValueInfo),
    outputs: graph.output.map(readValueInfo),
    nodes: graph.node.map((node) => readNode(node, depth)),
    initializers: [...graph.initializer.map(readTensor), ...graph.sparseInitializer.map(readSparseTensor)],
  };
}

/** A function's name; its nodes are read as those of one more graph, so that damage inside is found. */
function readFunction({ name = '', node }: FunctionProto): string {
  for (const one of node) readNode(one, 1);
  return name;
}

/** `readModel` of messages that are decoded already. */
export function summaryOf(model: ModelProto): ModelSummary {
  const irVersion = Number(model.irVersion ?? 0n);
  if (!model.graph || irVersion < 1 || model.opsetImport.length === 0) throw malformed(sentence('onnx.parts_missing'));
  return {
    irVersion,
    producer: model.producerName ?? '',
    producerVersion: model.producerVersion ?? '',
    opsets: model.opsetImport.map(({ domain, version = 0n }) => ({
      domain: domainOf(domain),
      version: Number(version),
    })),
    functions: model.functions.map(readFunction),
    training: model.trainingInfo.length > 0,
    ...readGraph(model.graph, 0),
  };
}

/**
 * Reads the structure of an ONNX file: versions, inputs, outputs, every node (graphs nested in attributes included)
 * and the sizes of its tensors. Throws BAD_MODEL on anything malformed; runs nothing and judges no operator.
 */
export function readModel(bytes: Uint8Array): ModelSummary {
  return summaryOf(decodeModel(bytes));
}
