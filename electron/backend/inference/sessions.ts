import { OutpostError } from '../../../shared/errors/index.ts';
import { loadOnnx, probabilitiesOf, type OnnxSession } from '../../../platform/models/onnx-runtime.ts';
import type { Request } from './messages.ts';

type Load = Extract<Request, { kind: 'load' }>;
type Run = Extract<Request, { kind: 'run' }>;

/** Models loaded in this process, by the keys the supervisor gives. */
export interface Sessions {
  load(request: Load): Promise<void>;
  unload(key: string): Promise<void>;
  run(request: Run): Promise<Float64Array>;
}

/** Holds the models this process scores with. */
export function createSessions(): Sessions {
  const loaded = new Map<string, { session: OnnxSession; column: number }>();
  return {
    async load({ key, bytes, sha256, output }) {
      loaded.set(key, { session: await loadOnnx({ bytes, sha256, output: output.name }), column: output.column });
    },
    async unload(key) {
      const entry = loaded.get(key);
      loaded.delete(key);
      await entry?.session.close();
    },
    async run({ key, rows, inputs }) {
      const entry = loaded.get(key);
      if (!entry) throw new OutpostError('MODEL_FAILED', 'The model is not loaded.');
      const table = await entry.session.run(inputs, rows);
      if (table === null || entry.column >= table.width)
        throw new OutpostError('MODEL_FAILED', 'The model output has not the announced shape. The case is kept.');
      const scores = probabilitiesOf(table, entry.column);
      if (scores === null)
        throw new OutpostError('MODEL_FAILED', 'The model gave something that is no probability. The case is kept.');
      return scores;
    },
  };
}
