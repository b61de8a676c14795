import {
  attributeField as A,
  functionField,
  graphField as G,
  modelField as M,
  nodeField as N,
  opsetField,
  sparseField,
} from './fields.ts';
import type { AttributeSummary, GraphSummary, ModelSummary, NodeSummary, TensorSummary } from './model.ts';
import { readTensor, readValueInfo } from './read-tensor.ts';
import { bytesOf, floatsOf, intOf, intsOf, malformed, readFields, textOf, type WireField } from './wire.ts';
import { sentence } from '../../language/sentence.ts';

/** Deepest nesting of graphs inside attributes that is read; a hostile file must not exhaust the stack. */
const maxDepth = 8;
/** Longest list whose values a summary keeps. */
const maxKept = 64;

function keep<T>(list: T[], more: readonly T[]): number {
  for (const value of more.slice(0, Math.max(0, maxKept - list.length))) list.push(value);
  return more.length;
}

function readSparse(bytes: Uint8Array): TensorSummary {
  let values: TensorSummary | undefined;
  let dims: number[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === sparseField.values) values = readTensor(bytesOf(field));
    else if (field.number === sparseField.dims) dims = dims.concat(intsOf(field));
  }
  if (!values) throw malformed(sentence('onnx.sparse_without_values'));
  return { ...values, dims, elements: dims.reduce((a, b) => a * b, 1), sparse: true };
}

/** A summary while it is being filled. */
type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function readNested(draft: Draft<AttributeSummary>, field: WireField, depth: number): void {
  switch (field.number) {
    case A.t:
    case A.tensors:
      draft.tensors.push(readTensor(bytesOf(field)));
      break;
    case A.sparseTensor:
    case A.sparseTensors:
      draft.tensors.push(readSparse(bytesOf(field)));
      break;
    case A.g:
    case A.graphs:
      draft.graphs.push(readGraph(bytesOf(field), depth + 1));
      break;
  }
}

function readAttribute(bytes: Uint8Array, depth: number): AttributeSummary {
  const none = { name: '', i: null, f: null, s: null, count: 0 };
  const draft: Draft<AttributeSummary> = { ...none, ints: [], floats: [], strings: [], tensors: [], graphs: [] };
  for (const field of readFields(bytes)) {
    switch (field.number) {
      case A.name:
        draft.name = textOf(field);
        break;
      case A.i:
        draft.i = intOf(field);
        break;
      case A.f:
        draft.f = floatsOf(field)[0] ?? null;
        break;
      case A.s:
        draft.s = textOf(field);
        break;
      case A.ints:
        draft.count += keep(draft.ints, intsOf(field));
        break;
      case A.floats:
        draft.count += keep(draft.floats, floatsOf(field));
        break;
      case A.strings:
        draft.count += keep(draft.strings, [textOf(field)]);
        break;
      default:
        readNested(draft, field, depth);
    }
  }
  return draft;
}

function readNode(bytes: Uint8Array, depth: number): NodeSummary {
  let [domain, opType, name] = ['', '', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: AttributeSummary[] = [];
  for (const field of readFields(bytes)) {
    switch (field.number) {
      case N.domain:
        domain = textOf(field);
        break;
      case N.opType:
        opType = textOf(field);
        break;
      case N.name:
        name = textOf(field);
        break;
      case N.input:
        inputs.push(textOf(field));
        break;
      case N.output:
        outputs.push(textOf(field));
        break;
      case N.attribute:
        attributes.push(readAttribute(bytesOf(field), depth));
        break;
    }
  }
  if (opType === '') throw malformed(sentence('onnx.node_without_operator'));
  return { domain: domain === 'ai.onnx' ? '' : domain, opType, name, inputs, outputs, attributes };
}

function readGraph(bytes: Uint8Array, depth: number): GraphSummary {
  if (depth > maxDepth) throw malformed(sentence('onnx.nested_too_deep', { most: maxDepth }));
  let name = '';
  const inputs = [];
  const outputs = [];
  const nodes: NodeSummary[] = [];
  const initializers: TensorSummary[] = [];
  for (const field of readFields(bytes)) {
    switch (field.number) {
      case G.name:
        name = textOf(field);
        break;
      case G.input:
        inputs.push(readValueInfo(bytesOf(field)));
        break;
      case G.output:
        outputs.push(readValueInfo(bytesOf(field)));
        break;
      case G.node:
        nodes.push(readNode(bytesOf(field), depth));
        break;
      case G.initializer:
        initializers.push(readTensor(bytesOf(field)));
        break;
      case G.sparseInitializer:
        initializers.push(readSparse(bytesOf(field)));
        break;
    }
  }
  return { name, inputs, outputs, nodes, initializers };
}

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  let [domain, version] = ['', 0];
  for (const field of readFields(bytes)) {
    if (field.number === opsetField.domain) domain = textOf(field);
    else if (field.number === opsetField.version) version = intOf(field);
  }
  return { domain: domain === 'ai.onnx' ? '' : domain, version };
}

/** A function's name and, as one more graph would be, its nodes are read so that damage inside is found. */
function readFunction(bytes: Uint8Array): string {
  let name = '';
  for (const field of readFields(bytes)) {
    if (field.number === functionField.name) name = textOf(field);
    else if (field.number === functionField.node) readNode(bytesOf(field), 1);
  }
  return name;
}

/**
 * Reads the structure of an ONNX file: versions, inputs, outputs, every node (graphs nested in attributes included)
 * and the sizes of its tensors. Throws BAD_MODEL on anything malformed; runs nothing and judges no operator.
 */
export function readModel(bytes: Uint8Array): ModelSummary {
  let irVersion = 0;
  let [producer, producerVersion] = ['', ''];
  let training = false;
  let graph: GraphSummary | undefined;
  const opsets: { domain: string; version: number }[] = [];
  const functions: string[] = [];
  for (const field of readFields(bytes)) {
    switch (field.number) {
      case M.irVersion:
        irVersion = intOf(field);
        break;
      case M.producerName:
        producer = textOf(field);
        break;
      case M.producerVersion:
        producerVersion = textOf(field);
        break;
      case M.opsetImport:
        opsets.push(readOpset(bytesOf(field)));
        break;
      case M.functions:
        functions.push(readFunction(bytesOf(field)));
        break;
      case M.trainingInfo:
        training = true;
        break;
      case M.graph:
        // Protobuf would merge two graphs into one; a check must see exactly what the runtime will run.
        if (graph) throw malformed(sentence('onnx.several_graphs'));
        graph = readGraph(bytesOf(field), 0);
        break;
    }
  }
  if (!graph || irVersion < 1 || opsets.length === 0) throw malformed(sentence('onnx.parts_missing'));
  return { irVersion, producer, producerVersion, opsets, functions, training, ...graph };
}
