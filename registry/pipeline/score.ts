import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeFacts } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { packRows, type TensorData } from '../../shared/encoding/pack.ts';
import type { Facts } from '../../shared/domain/facts.ts';
import { OutpostError } from '../../shared/errors/index.ts';

const batchSize = 1000;

function tensorOf({ width, data }: TensorData, rows: number): Tensor {
  return data instanceof Float32Array
    ? new Tensor('float32', data, [rows, width])
    : new Tensor('string', data, [rows, width]);
}

/**
 * Probabilities of scam a model gives to cases, in their order, through the ONNX runtime: the figures of a gate are
 * those of the very bytes that would ship. Facts are read under the model's own schema.
 */
export async function scoreFacts(model: Uint8Array, manifest: Manifest, facts: readonly Facts[]): Promise<number[]> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    const scores: number[] = [];
    for (let start = 0; start < facts.length; start += batchSize) {
      const rows = facts.slice(start, start + batchSize).map((f) => encodeFacts(manifest.schema, f));
      const feeds = Object.fromEntries(packRows(manifest.binding, rows).map((t) => [t.name, tensorOf(t, rows.length)]));
      const output = (await session.run(feeds, [manifest.output.name]))[manifest.output.name];
      const data = output?.data;
      if (!(data instanceof Float32Array) || data.length % rows.length !== 0) {
        throw new OutpostError('BAD_MODEL', 'The model gives no probabilities where its manifest says.');
      }
      const width = data.length / rows.length;
      for (let i = 0; i < rows.length; i += 1) scores.push(data[i * width + manifest.output.column]!);
    }
    return scores;
  } finally {
    await session.release();
  }
}
