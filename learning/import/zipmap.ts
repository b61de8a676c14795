import {
  elementTypes,
  graphField as G,
  modelField as M,
  shapeField,
  tensorTypeField,
  typeField,
  valueInfoField,
  dimensionField,
} from '../../shared/encoding/onnx/fields.ts';
import { readModel, type GraphSummary, type ModelSummary, type NodeSummary } from '../../shared/encoding/onnx/index.ts';
import { readValueInfo } from '../../shared/encoding/onnx/read-tensor.ts';
import { bytesOf, malformed, readRawFields } from '../../shared/encoding/onnx/wire.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { bytes, int, message } from '../onnx/wire.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** A model without ZipMap, and what was taken out, as `ZipMap output_probability`. */
export interface Stripped {
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
function tensorOutput(name: string, columns: number): Uint8Array {
  const float = Number(Object.entries(elementTypes).find(([, type]) => type === 'float')![0]);
  const dims = [bytes(shapeField.dim, ''), bytes(shapeField.dim, int(dimensionField.value, columns))];
  const tensor = message(int(tensorTypeField.elemType, float), bytes(tensorTypeField.shape, message(dims)));
  return message(
    bytes(valueInfoField.name, name),
    bytes(valueInfoField.type, message(bytes(typeField.tensor, tensor))),
  );
}

/** The graph without the cut nodes and their values; every other field is copied byte by byte. */
function withoutCut(graph: Uint8Array, { nodes, instead }: Cut, outputs: ReadonlySet<string>): Uint8Array {
  const given = new Set(outputs);
  let at = 0;
  const parts: Uint8Array[] = [];
  for (const { field, raw } of readRawFields(graph)) {
    if (field.number === G.node && nodes.has(at++)) continue;
    if (field.number === G.output || field.number === G.valueInfo) {
      const map = instead.get(readValueInfo(bytesOf(field)).name);
      if (map) {
        // The tensor takes the place of the map among the outputs, once.
        if (field.number === G.output && !given.has(map.tensor)) {
          parts.push(bytes(G.output, tensorOutput(map.tensor, map.classes)));
          given.add(map.tensor);
        }
        continue;
      }
    }
    parts.push(raw);
  }
  return message(parts);
}

/**
 * Takes the final ZipMap out of a model, as skl2onnx puts it behind a classifier: the tensor of probabilities it reads
 * becomes the output in its place. All other bytes stay as they are; a model without ZipMap comes back untouched.
 * Throws BAD_MODEL when the file is damaged or goes on computing with the maps.
 */
export function stripZipMap(file: Uint8Array): Stripped {
  const model = readModel(file);
  const cut = cutOf(model);
  if (cut.nodes.size === 0) return { bytes: file, model, stripped: [] };
  const outputs = new Set(model.outputs.map((output) => output.name));
  const parts: Uint8Array[] = [];
  for (const { field, raw } of readRawFields(file)) {
    parts.push(field.number === M.graph ? bytes(M.graph, withoutCut(bytesOf(field), cut, outputs)) : raw);
  }
  const stripped = new Uint8Array(message(parts));
  return {
    bytes: stripped,
    model: readModel(stripped),
    stripped: Array.from(cut.nodes, (i) => `${model.nodes[i]!.opType} ${model.nodes[i]!.outputs[0]!}`),
  };
}
