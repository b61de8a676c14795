import { encodeFacts } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { Facts } from '../../shared/domain/facts.ts';
import { scoreRows } from '../../platform/models/score-rows.ts';
import { rowOf, type Frame } from '../dataset/frame.ts';

/**
 * Probabilities of scam a model gives to cases, in their order, through the ONNX runtime: the figures of a gate are
 * those of the very bytes that would ship. Facts are read under the model's own schema.
 */
export async function scoreFacts(model: Uint8Array, manifest: Manifest, facts: readonly Facts[]): Promise<number[]> {
  return [...(await scoreRows(model, manifest, facts.length, (i) => encodeFacts(manifest.schema, facts[i]!)))];
}

/**
 * `scoreFacts` for rows that are held column by column, read under the model's own schema: needs a few bytes a row. Throws
 * BAD_MODEL when the model gives no probabilities.
 */
export async function scoreFrame(
  model: Uint8Array,
  manifest: Manifest,
  frame: Pick<Frame, 'columns' | 'rows'>,
): Promise<Float64Array> {
  return scoreRows(model, manifest, frame.rows, (i) => rowOf(frame, i));
}
