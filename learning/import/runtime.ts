import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { Binding } from '../../shared/encoding/manifest.ts';
import { packRows } from '../../shared/encoding/pack.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import { loadOnnx, type OutputTable } from '../../platform/models/onnx-runtime.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Where a model takes its columns and gives its probability. */
export interface Ports {
  readonly binding: Binding;
  readonly output: { readonly name: string; readonly column: number };
}

/** A model loaded in the runtime. `run` gives one row of output columns per case, unchecked. */
export interface LoadedModel {
  readonly run: (rows: readonly EncodedRow[]) => Promise<number[][]>;
  readonly close: () => Promise<void>;
}

const batchSize = 1000;

function columnsOf(table: OutputTable | null, column: number): number[][] {
  if (table === null) throw new OutpostError('BAD_MODEL', sentence('import.model_gives_no_table_float_probabilities'));
  const { data, width } = table;
  if (width > 2) throw new OutpostError('BAD_MODEL', sentence('import.not_two_classes', { width }));
  if (column >= width) throw new OutpostError('BAD_INPUT', sentence('import.model_gives_one_column_probabilities'));
  return Array.from({ length: data.length / width }, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
}

/**
 * Loads a model that has no manifest yet. BAD_MODEL when the runtime refuses it; `run` rejects with the runtime's own
 * error when it cannot compute a row.
 */
export async function loadModel(bytes: Uint8Array, { binding, output }: Ports): Promise<LoadedModel> {
  const session = await loadOnnx({ bytes, sha256: fileDigest(bytes).sha256, output: output.name });
  return {
    async run(rows) {
      const all: number[][] = [];
      for (let start = 0; start < rows.length; start += batchSize) {
        const batch = rows.slice(start, start + batchSize);
        const table = await session.run(packRows(binding, batch), batch.length);
        for (const row of columnsOf(table, output.column)) all.push(row);
      }
      return all;
    },
    close: () => session.close(),
  };
}
