import { OutpostError } from '../../shared/errors/index.ts';
import type { ModelSummary, ValueInfo } from '../../shared/encoding/onnx/index.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { sha256Hex } from '../../shared/log/canonical.ts';
import { checkGraph } from './check-graph.ts';

function refuse(field: string, what: string): OutpostError {
  return new OutpostError(
    'BAD_MANIFEST',
    `The manifest was refused: ${field}: ${what}. The current model stays active.`,
    {
      data: { field },
    },
  );
}

/** Inputs the caller has to give: early files list their constants among the inputs too. */
function openInputs(graph: ModelSummary): ValueInfo[] {
  const constants = new Set(graph.initializers.map((t) => t.name));
  return graph.inputs.filter((input) => !constants.has(input.name));
}

function checkInput(field: string, input: ValueInfo | undefined, name: string, type: string, width: number): void {
  if (!input) throw refuse(field, `the model has no input ${name}`);
  if (input.type !== type)
    throw refuse(field, `the model's input ${name} is ${input.type ?? 'no tensor'}, not ${type}`);
  const [rows = null, columns = null] = input.dims;
  if (input.dims.length !== 2 || (columns !== null && columns !== width)) {
    throw refuse(field, `the model's input ${name} should have rows and ${width} column${width === 1 ? '' : 's'}`);
  }
  if (rows !== null)
    throw refuse(field, `the model's input ${name} takes only ${rows} rows at a time; leave their number open`);
}

function checkInputs(manifest: Manifest, graph: ModelSummary): void {
  const { binding } = manifest;
  const inputs = new Map(openInputs(graph).map((input) => [input.name, input]));
  const bound =
    binding.layout === 'matrix'
      ? [{ field: 'binding.input', input: binding.input, type: 'float', width: binding.columns.length }]
      : binding.columns.map((c, i) => ({
          field: `binding.columns.${i}.input`,
          input: c.input,
          type: c.type,
          width: 1,
        }));
  for (const { field, input, type, width } of bound) {
    checkInput(field, inputs.get(input), input, type, width);
    inputs.delete(input);
  }
  const [unbound] = inputs.keys();
  if (unbound !== undefined) throw refuse('binding', `nothing is bound to the model's input ${unbound}`);
}

function checkOutput({ output }: Manifest, graph: ModelSummary): void {
  const found = graph.outputs.find((candidate) => candidate.name === output.name);
  if (!found) throw refuse('output.name', `the model has no output ${output.name}`);
  if (found.type !== 'float') throw refuse('output.name', `the model's output ${output.name} is no tensor of floats`);
  const width = found.dims.length === 1 ? 1 : found.dims[1];
  if (width != null && output.column >= width)
    throw refuse('output.column', `the model's output has ${width} column(s)`);
}

/** BAD_MODEL unless a file's bytes are those its manifest names. */
export function checkBytes(manifest: Manifest, model: Uint8Array): void {
  if (model.length === manifest.model.bytes && sha256Hex(model) === manifest.model.sha256) return;
  throw new OutpostError(
    'BAD_MODEL',
    'The model file is not the one its manifest names (its hash differs). The current model stays active.',
  );
}

/**
 * Checks that a model file is the one its manifest names and fits it: hash, size, allowed operators, inputs and
 * output. Throws BAD_MODEL or BAD_MANIFEST; runs nothing.
 */
export function checkModel(manifest: Manifest, model: Uint8Array): ModelSummary {
  checkBytes(manifest, model);
  const graph = checkGraph(model);
  checkInputs(manifest, graph);
  checkOutput(manifest, graph);
  return graph;
}
