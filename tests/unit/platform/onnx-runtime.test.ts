import { describe, expect, it } from 'vitest';
import { fileDigest } from '../../../platform/file-digest.ts';
import { loadOnnx, probabilitiesOf } from '../../../platform/models/onnx-runtime.ts';
import { scoreRows } from '../../../platform/models/score-rows.ts';
import { fromStored, packRows } from '../../../shared/encoding/pack.ts';
import { toyModel, toyModelBytes, toyRows, toyWeights } from '../../support/models.ts';

const { manifest, bytes } = toyModel();
const rows = toyRows.map((row) => fromStored(manifest.binding, row));
const open = (file = bytes, sha256 = fileDigest(file).sha256) =>
  loadOnnx({ bytes: file, sha256, output: manifest.output.name });

describe('the door to the ONNX runtime', () => {
  it('refuses bytes that are not those asked for', async () => {
    await expect(open(bytes, 'a'.repeat(64))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      sentence: { code: 'models.other_bytes' },
    });
  });

  it('refuses a graph that uses what is not allowed, before the runtime sees it', async () => {
    const file = toyModelBytes(toyWeights, [{ op: 'NonZero', inputs: ['asked'], output: 'extra' }]);
    await expect(open(file)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('operator NonZero is not on the list'),
    });
  });

  it('frees a model only when the runs under way have ended', async () => {
    const session = await open();
    const many = Array.from({ length: 5000 }, (_, i) => rows[i % rows.length]!);
    const ended: string[] = [];
    const run = session.run(packRows(manifest.binding, many), many.length).then((table) => {
      ended.push('run');
      return table;
    });
    await session.close().then(() => ended.push('close'));
    expect(ended).toEqual(['run', 'close']);
    expect((await run)?.data.length).toBe(5000);
  });

  it('takes nothing for a probability that is none', () => {
    const table = (...values: number[]) => ({ data: Float32Array.from(values), width: 1 });
    expect(probabilitiesOf(table(0.25, 1 + 5e-7, -5e-7), 0)).toEqual(Float64Array.of(0.25, 1, 0));
    for (const value of [NaN, 1.01, -0.01]) expect(probabilitiesOf(table(0.5, value), 0)).toBeNull();
    expect(probabilitiesOf(table(0.5), 1)).toBeNull();
  });
});

it('rows are scored in batches as the manifest promises', async () => {
  const golden = manifest.golden.map(({ row }) => fromStored(manifest.binding, row));
  const scores = await scoreRows(bytes, manifest, 2500, (i) => golden[i % golden.length]!);
  manifest.golden.forEach(({ score }, i) => {
    expect(scores[i]).toBeCloseTo(score, 5);
    expect(scores[i + Math.floor(2499 / golden.length) * golden.length - golden.length]).toBe(scores[i]);
  });
});
