import type { Thresholds } from '../../shared/domain/verdict.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { ModelSummary } from '../../shared/encoding/onnx/index.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { SchemaTexts } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { chooseBinding, type ColumnWish } from './binding.ts';
import type { Draft } from './draft.ts';
import { baseRateOf } from './evidence.ts';
import { chooseOutput, inputsOf, type ModelInputs, type OutputWish } from './layout.ts';
import type { Ports } from './runtime.ts';
import { allOf, inLines, listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** What is known about a model from another program. What is said here goes before what a draft of the manifest says. */
export interface ImportRequest {
  readonly file: Uint8Array;
  readonly schema: FeatureSchema;
  readonly texts: readonly SchemaTexts[];
  readonly draft: Draft;
  readonly columns: ColumnWish;
  readonly output: OutputWish;
  /** Labelled cases under `schema`: figures, thresholds, base rate, background and reference profile come from them. */
  readonly dataset: Dataset | null;
  readonly notScamBelow?: number | undefined;
  readonly scamFrom?: number | undefined;
  readonly baseRate?: number | undefined;
  readonly name: string;
  readonly version: number;
  readonly created: string;
  readonly expires: string;
  /** The model learned from cases received before this day; null when unknown. */
  readonly cut: string | null;
  readonly simulated: boolean;
  /** Further spellings of unknown in the file of the cases. */
  readonly missing?: Manifest['training']['missing'];
  readonly seed: number;
  readonly codeVersion: string;
}

/** Column wishes with a binding of the draft as what goes without saying. BAD_MANIFEST when it is of another layout. */
function columnWish(request: ImportRequest, inputs: ModelInputs): ColumnWish {
  const { binding } = request.draft;
  if (request.columns.columns || !binding) return request.columns;
  if (binding.layout === 'matrix' && inputs.layout === 'matrix' && binding.input === inputs.input) {
    return { columns: binding.columns };
  }
  if (binding.layout === 'columns' && inputs.layout === 'columns') {
    return { columns: binding.columns.map((c) => `${c.input}=${c.attribute}`) };
  }
  const takes =
    inputs.layout === 'matrix'
      ? sentence('import.one_matrix', { input: inputs.input })
      : listed(inputs.inputs.map((input) => input.name));
  throw new OutpostError('BAD_MANIFEST', sentence('import.binding_draft_does_not_fit', { takes }));
}

function outputWish({ output, draft }: ImportRequest): OutputWish {
  const name = output.output ?? draft.output?.name;
  if (output.column !== undefined || output.positive !== undefined || !draft.output) return { ...output, output: name };
  return { output: name, column: draft.output.column };
}

/** Thresholds that were stated; null when they follow from labelled cases; what to add when neither is there. */
function statedThresholds({
  notScamBelow,
  scamFrom,
  draft,
  dataset,
}: ImportRequest): Thresholds | null | { ask: Sentence } {
  const below = notScamBelow ?? (scamFrom === undefined ? draft.thresholds?.notScamBelow : undefined);
  const from = scamFrom ?? (notScamBelow === undefined ? draft.thresholds?.scamFrom : undefined);
  if (below !== undefined && from !== undefined) return { notScamBelow: below, scamFrom: from };
  if (below === undefined && from === undefined && dataset) return null;
  const missing = [below === undefined ? ['--not-scam-below'] : [], from === undefined ? ['--scam-from'] : []].flat();
  return { ask: sentence('import.ask_thresholds', { options: allOf(missing) }) };
}

function statedBaseRate({ baseRate, draft, dataset }: ImportRequest): number | { ask: Sentence } {
  const rate = baseRate ?? draft.training?.baseRate ?? (dataset ? baseRateOf(dataset) : null);
  return rate ?? { ask: sentence('import.ask_base_rate') };
}

/** Everything a manifest needs that could be resolved before the model runs. */
export interface ResolvedRequest extends Ports {
  /** Null: to be set from the scores of labelled cases. */
  readonly thresholds: Thresholds | null;
  readonly baseRate: number;
}

/** Everything that has to be said, from request and draft; one BAD_INPUT names all that is missing. */
export function resolveRequest(request: ImportRequest, model: ModelSummary): ResolvedRequest {
  const inputs = inputsOf(model);
  const parts = {
    output: chooseOutput(model, outputWish(request)),
    binding: chooseBinding(request, inputs, columnWish(request, inputs)),
    thresholds: statedThresholds(request),
    baseRate: statedBaseRate(request),
  };
  const asks = Object.values(parts).flatMap((part) =>
    part !== null && typeof part === 'object' && 'ask' in part ? [part.ask] : [],
  );
  const { output, binding, thresholds, baseRate } = parts;
  if ('ask' in output || 'ask' in binding || typeof baseRate !== 'number' || (thresholds && 'ask' in thresholds)) {
    const lines = inLines(asks.map((what) => sentence('import.one_to_add', { what })));
    throw new OutpostError('BAD_INPUT', sentence('import.to_add', { asks: lines }));
  }
  return { binding: binding.binding, output: { name: output.name, column: output.column }, thresholds, baseRate };
}
