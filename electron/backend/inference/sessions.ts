import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OutpostError, messageOf } from '../../../shared/errors/index.ts';
import type { Request, TensorData } from './messages.ts';

type Load = Extract<Request, { kind: 'load' }>;
type Run = Extract<Request, { kind: 'run' }>;

/** How far a float32 sigmoid may stray outside 0 to 1 before it counts as wrong. */
const slack = 1e-6;

function tensorOf({ width, data }: TensorData, rows: number): Tensor {
  if (data.length !== rows * width) throw new OutpostError('MODEL_FAILED', 'A batch does not have the size it claims.');
  return data instanceof Float32Array
    ? new Tensor('float32', data, [rows, width])
    : new Tensor('string', data, [rows, width]);
}

function probability(value: number | undefined): number {
  if (value === undefined || !(value >= -slack && value <= 1 + slack)) {
    throw new OutpostError('MODEL_FAILED', 'The model gave something that is no probability. The case is kept.');
  }
  return Math.min(1, Math.max(0, value));
}

function readScores(output: Tensor | undefined, rows: number, column: number): Float64Array {
  const data = output?.data;
  const width = output?.dims.length === 1 ? 1 : (output?.dims[1] ?? 0);
  if (!(data instanceof Float32Array) || data.length !== rows * width || column >= width) {
    throw new OutpostError('MODEL_FAILED', 'The model output has not the announced shape. The case is kept.');
  }
  return Float64Array.from({ length: rows }, (_, i) => probability(data[i * width + column]));
}

/** Models loaded in this process, by the keys the supervisor gives. */
export interface Sessions {
  load(request: Load): Promise<void>;
  unload(key: string): Promise<void>;
  run(request: Run): Promise<Float64Array>;
}

/** Holds the runtime's sessions. One thread per run: for small models two are slower than one. */
export function createSessions(): Sessions {
  const loaded = new Map<string, { session: InferenceSession; output: Load['output'] }>();
  return {
    async load({ key, bytes, output }) {
      const options = {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 4,
      } as const;
      try {
        // Always from bytes that were hashed: a path would be read a second time, and could name further files.
        loaded.set(key, { session: await InferenceSession.create(bytes, options), output });
      } catch (cause) {
        throw new OutpostError('BAD_MODEL', `The runtime refused the model: ${messageOf(cause).slice(0, 300)}`, {
          cause,
        });
      }
    },
    async unload(key) {
      const entry = loaded.get(key);
      loaded.delete(key);
      await entry?.session.release();
    },
    async run({ key, rows, inputs }) {
      const entry = loaded.get(key);
      if (!entry) throw new OutpostError('MODEL_FAILED', 'The model is not loaded.');
      const feeds = Object.fromEntries(inputs.map((input) => [input.name, tensorOf(input, rows)]));
      const outputs = await entry.session.run(feeds, [entry.output.name]);
      return readScores(outputs[entry.output.name], rows, entry.output.column);
    },
  };
}
