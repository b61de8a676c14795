import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import { packRows, type TensorData } from '../../shared/encoding/pack.ts';
import { messageOf, OutpostError } from '../../shared/errors/index.ts';
import { quietRuntime } from '../../shared/hosting/quiet-runtime.ts';

/** Where a model takes its columns and gives its probability. */
export interface Ports {
  readonly binding: Binding;
  readonly output: { readonly name: string; readonly column: number };
}

/** A model loaded in the runtime. `score` gives one row of output columns per case, unchecked. */
export interface LoadedModel {
  readonly run: (rows: readonly EncodedRow[]) => Promise<number[][]>;
  readonly close: () => Promise<void>;
}

const batchSize = 1000;

function tensorOf({ width, data }: TensorData, rows: number): Tensor {
  return data instanceof Float32Array
    ? new Tensor('float32', data, [rows, width])
    : new Tensor('string', data, [rows, width]);
}

function columnsOf(output: Tensor | undefined, rows: number, column: number): number[][] {
  const data = output?.data;
  const width = output?.dims.length === 1 ? 1 : (output?.dims[1] ?? 0);
  if (!(data instanceof Float32Array) || data.length !== rows * width || width === 0) {
    throw new OutpostError('BAD_MODEL', 'The model gives no table of float probabilities with one row per case.');
  }
  if (width > 2)
    throw new OutpostError('BAD_MODEL', `The model tells ${width} classes apart; Outpost needs exactly two.`);
  if (column >= width)
    throw new OutpostError('BAD_INPUT', 'The model gives one column of probabilities: --column is 0.');
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
}

/**
 * Loads a model into the ONNX runtime, one thread. BAD_MODEL when the runtime refuses it; `run` rejects with the runtime's
 * own error when it cannot compute a row.
 */
export async function loadModel(bytes: Uint8Array, { binding, output }: Ports): Promise<LoadedModel> {
  Object.assign(process.env, quietRuntime);
  let session: InferenceSession;
  try {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
    session = await InferenceSession.create(bytes, options);
  } catch (cause) {
    const why = messageOf(cause).slice(0, 300);
    throw new OutpostError('BAD_MODEL', `The runtime refused the model: ${why}`, { cause });
  }
  return {
    async run(rows) {
      const all: number[][] = [];
      for (let start = 0; start < rows.length; start += batchSize) {
        const batch = rows.slice(start, start + batchSize);
        const feeds = Object.fromEntries(packRows(binding, batch).map((t) => [t.name, tensorOf(t, batch.length)]));
        const given = await session.run(feeds, [output.name], { logSeverityLevel: 4 });
        for (const row of columnsOf(given[output.name], batch.length, output.column)) all.push(row);
      }
      return all;
    },
    close: () => session.release(),
  };
}
