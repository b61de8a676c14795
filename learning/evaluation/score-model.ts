import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeFacts, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { packRows, type TensorData } from '../../shared/encoding/pack.ts';
import type { Facts } from '../../shared/domain/facts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { quietRuntime } from '../../shared/hosting/quiet-runtime.ts';
import { rowOf, type Frame } from '../dataset/frame.ts';

const batchSize = 1000;
const slack = 1e-6;

function tensorOf({ width, data }: TensorData, rows: number): Tensor {
  return data instanceof Float32Array
    ? new Tensor('float32', data, [rows, width])
    : new Tensor('string', data, [rows, width]);
}

/** A score as a laptop takes it: what is beyond 0 or 1 by a rounding is moved there. */
function probability(value: number): number {
  if (!(value >= -slack && value <= 1 + slack)) {
    throw new OutpostError('BAD_MODEL', 'The model gives something that is no probability.');
  }
  return Math.min(1, Math.max(0, value));
}

/** Gives a batch of rows to a session and puts their probabilities of scam into `scores` from `at` on. */
async function scoreBatch(
  session: InferenceSession,
  { binding, output }: Manifest,
  rows: readonly EncodedRow[],
  scores: Float64Array,
  at: number,
): Promise<void> {
  const feeds = Object.fromEntries(packRows(binding, rows).map((t) => [t.name, tensorOf(t, rows.length)]));
  const data = (await session.run(feeds, [output.name]))[output.name]?.data;
  if (!(data instanceof Float32Array) || data.length % rows.length !== 0) {
    throw new OutpostError('BAD_MODEL', 'The model gives no probabilities where its manifest says.');
  }
  const width = data.length / rows.length;
  for (let i = 0; i < rows.length; i += 1) {
    scores[at + i] = probability(data[i * width + output.column]!);
  }
}

async function scoreRows(
  model: Uint8Array,
  manifest: Manifest,
  count: number,
  rowAt: (i: number) => EncodedRow,
): Promise<Float64Array> {
  Object.assign(process.env, quietRuntime);
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    const scores = new Float64Array(count);
    for (let start = 0; start < count; start += batchSize) {
      const rows = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => rowAt(start + i));
      await scoreBatch(session, manifest, rows, scores, start);
    }
    return scores;
  } finally {
    await session.release();
  }
}

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
