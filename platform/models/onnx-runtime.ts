import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorData } from '../../shared/encoding/pack.ts';
import { checkGraph } from '../../shared/encoding/onnx/index.ts';
import { messageOf, OutpostError } from '../../shared/errors/index.ts';
import { quietRuntime } from '../../shared/hosting/quiet-runtime.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { fileDigest } from '../file-digest.ts';

/** A model as bytes in memory, with the hash they must have and the output that is asked of it. */
interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly output: string;
}

/** What a model gave for a batch: `width` floats for each row. */
export interface OutputTable {
  readonly data: Float32Array;
  readonly width: number;
}

/** A model loaded in the ONNX runtime. */
export interface OnnxSession {
  /**
   * Runs the graph on a batch of rows. Null when its output is no table of floats with one row for each of them; rejects
   * with the runtime's own error when it cannot compute the batch.
   */
  run(inputs: readonly TensorData[], rows: number): Promise<OutputTable | null>;
  /** Frees the model when the runs under way have ended. */
  close(): Promise<void>;
}

// One thread: for models of this size two are slower than one, and the same bytes give the same scores.
const quiet = { logSeverityLevel: 4 } as const;
const sessionOptions = {
  ...quiet,
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  // Without it the runtime takes a file for one of its own format when four bytes in it say so.
  extra: { session: { load_model_format: 'ONNX' } },
} as const;

function tensorOf({ name, width, data }: TensorData, rows: number): Tensor {
  if (data.length !== rows * width) throw new Error(`the input ${name} has ${data.length} values for ${rows} rows`);
  return data instanceof Float32Array
    ? new Tensor('float32', data, [rows, width])
    : new Tensor('string', data, [rows, width]);
}

function tableOf(output: Tensor | undefined, rows: number): OutputTable | null {
  const data = output?.data;
  const width = output?.dims.length === 1 ? 1 : (output?.dims[1] ?? 0);
  return data instanceof Float32Array && width > 0 && data.length === rows * width ? { data, width } : null;
}

async function createSession(bytes: Uint8Array): Promise<InferenceSession> {
  Object.assign(process.env, quietRuntime);
  try {
    // Always from the bytes that were checked: a path would be read a second time, and could name further files.
    return await InferenceSession.create(bytes, sessionOptions);
  } catch (cause) {
    throw new OutpostError('BAD_MODEL', sentence('models.runtime_refused', { why: messageOf(cause).slice(0, 300) }), {
      cause,
    });
  }
}

/**
 * Loads a model into the ONNX runtime: the only door to it. Throws BAD_MODEL when the bytes have another hash, when the
 * graph uses what is not allowed, or when the runtime refuses it.
 */
export async function loadOnnx({ bytes, sha256, output }: OnnxModel): Promise<OnnxSession> {
  if (fileDigest(bytes).sha256 !== sha256) throw new OutpostError('BAD_MODEL', sentence('models.other_bytes'));
  checkGraph(bytes);
  const session = await createSession(bytes);
  const running = new Set<Promise<unknown>>();
  return {
    async run(inputs, rows) {
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, tensorOf(input, rows)]));
      const run = session.run(feeds, [output], quiet);
      running.add(run);
      try {
        return tableOf((await run)[output], rows);
      } finally {
        running.delete(run);
      }
    },
    async close() {
      // Releasing a session under a run would take its memory away.
      await Promise.allSettled(running);
      await session.release();
    },
  };
}

/** How far a float32 sigmoid may stray outside 0 to 1 before it counts as wrong. */
const slack = 1e-6;

/**
 * A column of a table as probabilities; what is beyond 0 or 1 by a rounding is moved there. Null when there is no such
 * column, or a value of it is no probability.
 */
export function probabilitiesOf({ data, width }: OutputTable, column: number): Float64Array | null {
  if (column >= width) return null;
  const scores = new Float64Array(data.length / width);
  for (let i = 0; i < scores.length; i += 1) {
    const value = data[i * width + column]!;
    if (!(value >= -slack && value <= 1 + slack)) return null;
    scores[i] = Math.min(1, Math.max(0, value));
  }
  return scores;
}
