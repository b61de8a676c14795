import { OutpostError } from '../../../shared/errors/index.ts';
import { loadOnnx, probabilitiesOf, type OnnxSession } from '../../../platform/models/onnx-runtime.ts';
import { withoutColumn } from '../../../shared/encoding/pack.ts';
import type { Request } from './messages.ts';
import { sentence } from '../../../shared/language/sentence.ts';

type Load = Extract<Request, { kind: 'load' }>;
type Run = Extract<Request, { kind: 'run' }>;

/** Models loaded in this process, by the keys the supervisor gives. */
export interface Sessions {
  load(request: Load): Promise<void>;
  unload(key: string): Promise<void>;
  run(request: Run): Promise<Float64Array>;
}

interface Loaded {
  readonly session: OnnxSession;
  readonly column: number;
}

async function scoresOf({ session, column }: Loaded, inputs: Run['inputs'], rows: number): Promise<Float64Array> {
  const table = await session.run(inputs, rows);
  if (table === null || column >= table.width)
    throw new OutpostError('MODEL_FAILED', sentence('inference.model_output_not_announced_shape'));
  const scores = probabilitiesOf(table, column);
  if (scores === null)
    throw new OutpostError('MODEL_FAILED', sentence('inference.model_gave_something_no_probability'));
  return scores;
}

/** Holds the models this process scores with. */
export function createSessions(): Sessions {
  const loaded = new Map<string, Loaded>();
  return {
    async load({ key, bytes, sha256, output }) {
      loaded.set(key, { session: await loadOnnx({ bytes, sha256, output: output.name }), column: output.column });
    },
    async unload(key) {
      const entry = loaded.get(key);
      loaded.delete(key);
      await entry?.session.close();
    },
    async run({ key, rows, inputs, without }) {
      const entry = loaded.get(key);
      if (!entry) throw new OutpostError('MODEL_FAILED', sentence('inference.model_not_loaded'));
      const scores = await scoresOf(entry, inputs, rows);
      if (!without) return scores;
      const columns = inputs.reduce((sum, { width }) => sum + width, 0);
      const all = new Float64Array(rows * (columns + 1));
      all.set(scores);
      for (let k = 0; k < columns; k++) all.set(await scoresOf(entry, withoutColumn(inputs, k), rows), rows * (k + 1));
      return all;
    },
  };
}
