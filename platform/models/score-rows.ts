import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { packRows } from '../../shared/encoding/pack.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { loadOnnx, probabilitiesOf } from './onnx-runtime.ts';

const batchSize = 1000;

/**
 * Probabilities of scam a model gives to `count` cases, which `rowAt` hands out under its schema a batch at a time.
 * Throws BAD_MODEL when the model is not the one the manifest names, or gives no probabilities.
 */
export async function scoreRows(
  bytes: Uint8Array,
  { model, binding, output }: Manifest,
  count: number,
  rowAt: (i: number) => EncodedRow,
): Promise<Float64Array> {
  const session = await loadOnnx({ bytes, sha256: model.sha256, output: output.name });
  try {
    const scores = new Float64Array(count);
    for (let start = 0; start < count; start += batchSize) {
      const rows = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => rowAt(start + i));
      const table = await session.run(packRows(binding, rows), rows.length);
      const given = table && probabilitiesOf(table, output.column);
      if (given === null) throw new OutpostError('BAD_MODEL', sentence('models.no_probabilities'));
      scores.set(given, start);
    }
    return scores;
  } finally {
    await session.close();
  }
}
