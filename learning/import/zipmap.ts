import { create, toBinary } from '@bufbuild/protobuf';
import { decodeModel, malformed } from '../../shared/encoding/onnx/decode.ts';
import type { GraphSummary, ModelSummary, NodeSummary } from '../../shared/encoding/onnx/index.ts';
import {
  ModelProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type ValueInfoProto,
} from '../../shared/encoding/onnx/onnx_pb.ts';
import { summaryOf } from '../../shared/encoding/onnx/read.ts';
import { valueInfoOf } from '../onnx/write.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A model without ZipMap, and what was taken out, as `ZipMap output_probability`. */
interface Stripped {
  readonly bytes: Uint8Array;
  readonly model: ModelSummary;
  readonly stripped: readonly string[];
}

function isZipMap(node: NodeSummary): boolean {
  return node.domain === 'ai.onnx.ml' && node.opType === 'ZipMap';
}

/** Nodes to take out, and for each value they made the tensor that stands for it. */
interface Cut {
  readonly nodes: ReadonlySet<number>;
  readonly instead: ReadonlyMap<string, { readonly tensor: string; readonly classes: number }>;
}

function classesOf(node: NodeSummary): number {
  const labels = node.attributes.find((a) => a.name === 'classlabels_int64s' || a.name === 'classlabels_strings');
  if (!labels || labels.count === 0) throw malformed(sentence('onnx.zipmap_without_classes'));
  return labels.count;
}

/** ZipMaps and the identities that hand their maps on; any other use of a map cannot be undone. */
function cutOf(graph: GraphSummary): Cut {
  const nodes = new Set<number>();
  const instead = new Map<string, { tensor: string; classes: number }>();
  graph.nodes.forEach((node, i) => {
    const [input = '', ...more] = node.inputs;
    const [output = ''] = node.outputs;
    const map = instead.get(input);
    if (isZipMap(node)) {
      if (map || input === '' || output === '') throw malformed(sentence('onnx.zipmap_not_connected'));
      instead.set(output, { tensor: input, classes: classesOf(node) });
    } else if (map && node.domain === '' && node.opType === 'Identity') instead.set(output, map);
    else if (map || more.some((name) => instead.has(name))) {
      throw new OutpostError('BAD_MODEL', sentence('import.zipmap_used', { operator: node.opType }));
    } else return;
    nodes.add(i);
  });
  return { nodes, instead };
}

/** A float output `[rows, columns]` with the number of rows left open. */
function tensorOutput(name: string, columns: number): ValueInfoProto {
  return create(ValueInfoProtoSchema, valueInfoOf({ name, type: 'float', width: columns }, null));
}

/** Outputs with the tensor in the place of its map, once. */
function outputsWithout(graph: GraphProto, { instead }: Cut): ValueInfoProto[] {
  const given = new Set(graph.output.map(({ name = '' }) => name));
  return graph.output.flatMap((output) => {
    const map = instead.get(output.name ?? '');
    if (!map) return [output];
    if (given.has(map.tensor)) return [];
    given.add(map.tensor);
    return [tensorOutput(map.tensor, map.classes)];
  });
}

/**
 * Takes the final ZipMap out of a model, as skl2onnx puts it behind a classifier: the tensor of probabilities it reads
 * becomes the output in its place. All other parts stay as they are; a model without ZipMap comes back untouched.
 * Throws BAD_MODEL when the file is damaged or goes on computing with the maps.
 */
export function stripZipMap(file: Uint8Array): Stripped {
  const messages = decodeModel(file);
  const model = summaryOf(messages);
  const cut = cutOf(model);
  if (cut.nodes.size === 0) return { bytes: file, model, stripped: [] };
  const graph = messages.graph!;
  graph.output = outputsWithout(graph, cut);
  graph.node = graph.node.filter((_, at) => !cut.nodes.has(at));
  graph.valueInfo = graph.valueInfo.filter(({ name = '' }) => !cut.instead.has(name));
  return {
    bytes: toBinary(ModelProtoSchema, messages),
    model: summaryOf(messages),
    stripped: Array.from(cut.nodes, (at) => `${model.nodes[at]!.opType} ${model.nodes[at]!.outputs[0]!}`),
  };
}
