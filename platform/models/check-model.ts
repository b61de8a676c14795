import { checkGraph, type ModelSummary, type ValueInfo } from '../../shared/encoding/onnx/index.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { fileDigest } from '../file-digest.ts';
import { currentStaysActive, ended, manifestRefusal, type Ending } from './refusal.ts';

type Refuse = ReturnType<typeof manifestRefusal>;

/** An input the manifest binds: where it says so, and what the graph should take there. */
interface BoundInput {
  readonly field: string;
  readonly name: string;
  readonly type: 'float' | 'string';
  readonly width: number;
}

/** Inputs the caller has to give: early files list their constants among the inputs too. */
function openInputs(graph: ModelSummary): ValueInfo[] {
  const constants = new Set(graph.initializers.map((t) => t.name));
  return graph.inputs.filter((input) => !constants.has(input.name));
}

function checkInput({ field, name, type, width }: BoundInput, input: ValueInfo | undefined, refuse: Refuse): void {
  if (!input) throw refuse(field, sentence('manifest.no_input', { name }));
  if (input.type === null) throw refuse(field, sentence('manifest.input_no_tensor', { name, type }));
  if (input.type !== type) throw refuse(field, sentence('manifest.input_type', { name, is: input.type, type }));
  const [rows = null, columns = null] = input.dims;
  if (input.dims.length !== 2 || (columns !== null && columns !== width))
    throw refuse(field, sentence('manifest.input_shape', { name, width }));
  if (rows !== null) throw refuse(field, sentence('manifest.input_rows', { name, rows }));
}

function boundInputs({ binding }: Manifest): BoundInput[] {
  if (binding.layout === 'matrix')
    return [{ field: 'binding.input', name: binding.input, type: 'float', width: binding.columns.length }];
  return binding.columns.map(({ input: name, type }, i) => ({
    field: `binding.columns.${i}.input`,
    name,
    type,
    width: 1,
  }));
}

function checkInputs(manifest: Manifest, graph: ModelSummary, refuse: Refuse): void {
  const inputs = new Map(openInputs(graph).map((input) => [input.name, input]));
  for (const bound of boundInputs(manifest)) {
    checkInput(bound, inputs.get(bound.name), refuse);
    inputs.delete(bound.name);
  }
  const [unbound] = inputs.keys();
  if (unbound !== undefined) throw refuse('binding', sentence('manifest.unbound', { name: unbound }));
}

function checkOutput({ output: { name, column } }: Manifest, graph: ModelSummary, refuse: Refuse): void {
  const found = graph.outputs.find((candidate) => candidate.name === name);
  if (!found) throw refuse('output.name', sentence('manifest.no_output', { name }));
  if (found.type !== 'float') throw refuse('output.name', sentence('manifest.output_type', { name }));
  const width = found.dims.length === 1 ? 1 : found.dims[1];
  if (width != null && column >= width) throw refuse('output.column', sentence('manifest.output_columns', { width }));
}

/** BAD_MODEL unless a file's bytes are those its manifest names. */
export function checkBytes({ model }: Manifest, bytes: Uint8Array, ending: Ending = currentStaysActive): void {
  if (bytes.length === model.bytes && fileDigest(bytes).sha256 === model.sha256) return;
  throw new OutpostError('BAD_MODEL', ended(sentence('models.other_bytes'), ending));
}

/**
 * Checks that a model file is the one its manifest names and fits it: hash, size, allowed operators, inputs and
 * output. Throws BAD_MODEL or BAD_MANIFEST; runs nothing.
 */
export function checkModel(manifest: Manifest, bytes: Uint8Array, ending: Ending = currentStaysActive): ModelSummary {
  checkBytes(manifest, bytes, ending);
  const graph = checkGraph(bytes, ending);
  const refuse = manifestRefusal(ending);
  checkInputs(manifest, graph, refuse);
  checkOutput(manifest, graph, refuse);
  return graph;
}
