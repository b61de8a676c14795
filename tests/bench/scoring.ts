import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { simulateCases } from '../../learning/simulate/index.ts';
import { encodeFacts, type EncodedRow } from '../../shared/encoding/encode.ts';
import { manifestSchema, type Binding } from '../../shared/encoding/manifest.ts';
import { readModel } from '../../shared/encoding/onnx/index.ts';
import { packRows } from '../../shared/encoding/pack.ts';
import { compare, mustAgree, timePerUnit, type Comparison } from './measure.ts';

const folder = new URL('../../models/', import.meta.url);
const batch = 1000;

function feedsOf(binding: Binding, rows: readonly EncodedRow[]): Record<string, Tensor> {
  const tensors = packRows(binding, rows).map(({ name, width, data }) => {
    const dims = [rows.length, width];
    return [
      name,
      data instanceof Float32Array ? new Tensor('float32', data, dims) : new Tensor('string', data, dims),
    ] as const;
  });
  return Object.fromEntries(tensors);
}

async function score(
  session: InferenceSession,
  binding: Binding,
  rows: readonly EncodedRow[],
  size: number,
): Promise<number[]> {
  const scores: number[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const output = await session.run(feedsOf(binding, rows.slice(start, start + size)));
    for (const p of output['probability']!.data as Float32Array) scores.push(p);
  }
  return scores;
}

/** Scoring through the ONNX runtime in batches against one row at a time; reading a graph against loading it. */
export async function scoringComparisons(): Promise<Comparison[]> {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')));
  const model = readFileSync(new URL('model.onnx', folder));
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, executionMode: 'sequential' });
  const cases = simulateCases({ cases: 100_000, seed: 1, from: '2026-06-01', days: 300 });
  const rows = Array.from(cases, (c) => encodeFacts(manifest.schema, c.facts));
  const few = rows.slice(0, 5000);
  const [whole, single] = [
    await score(session, manifest.binding, few, batch),
    await score(session, manifest.binding, few, 1),
  ];
  mustAgree(
    whole.every((p, i) => Math.abs(p - single[i]!) < 1e-6),
    'scores of batches and of single rows',
  );
  const batched = await timePerUnit(rows.length, 3, () => score(session, manifest.binding, rows, batch));
  const alone = await timePerUnit(few.length, 3, () => score(session, manifest.binding, few, 1));
  const reading = await timePerUnit(1, 21, () => readModel(model));
  const loading = await timePerUnit(1, 21, async () =>
    (await InferenceSession.create(model, { intraOpNumThreads: 1 })).release(),
  );
  await session.release();
  return [
    compare({
      name: 'Scoring',
      unit: 'row',
      ours: { what: `100,000 rows in batches of ${batch}`, microseconds: batched },
      other: { what: '5,000 rows one at a time', microseconds: alone },
      checked: 'Same scores to 1e-6 on the 5,000 rows; packing of tensors included.',
    }),
    compare({
      name: 'Checking a model file',
      unit: 'file',
      ours: { what: 'reading its structure', microseconds: reading },
      other: { what: 'loading it into the runtime', microseconds: loading },
      checked: `The bundled model, ${model.length} bytes.`,
    }),
  ];
}
