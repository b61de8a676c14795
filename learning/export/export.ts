import { columnType } from '../../shared/encoding/encode.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import type { Calibrator } from '../calibration/calibrator.ts';
import type { GraphParts } from '../onnx/parts.ts';
import { elementType, writeModel, type Port } from '../onnx/write.ts';
import type { FittedModel } from '../trainers/base/trainer.ts';

/** Name of the graph's output: the probability of scam, `[N,1]`. A name that no attribute of the schema has. */
export function outputNameOf(schema: FeatureSchema): string {
  let name = 'probability';
  while (schema.attributes.some((a) => a.name === name)) name += '_of_scam';
  return name;
}

/** How the graph of `exportModel` takes its raw columns: one `[N,1]` input per shareable attribute, of the same name. */
export function bindingOf(schema: FeatureSchema): Binding & { readonly layout: 'columns' } {
  const read = schema.attributes.filter((a) => a.shareable);
  return { layout: 'columns', columns: read.map((a) => ({ attribute: a.name, input: a.name, type: columnType(a) })) };
}

/**
 * One self-contained ONNX graph: raw columns in (float or string, `[N,1]` each, NaN and '' for missing), probability of
 * scam out (float `[N,1]`). Imputing, encoding, the model and its calibration are all inside.
 */
export function exportModel(schema: FeatureSchema, model: FittedModel, calibrator: Calibrator): Uint8Array {
  const outputName = outputNameOf(schema);
  const parts: GraphParts = { nodes: [], constants: [] };
  const probability = calibrator.addTo(parts, model.addTo(parts));
  parts.nodes.push({
    op: 'Cast',
    inputs: [probability],
    output: outputName,
    attributes: { to: elementType('float') },
  });
  const inputs: Port[] = bindingOf(schema).columns.map((c) => ({ name: c.input, type: c.type, width: 1 }));
  return writeModel({
    name: 'outpost',
    producer: 'outpost',
    inputs,
    outputs: [{ name: outputName, type: 'float', width: 1 }],
    ...parts,
  });
}
