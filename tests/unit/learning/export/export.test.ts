import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledFiles, differing } from '../../../../build/models.ts';
import { uncalibrated } from '../../../../learning/calibration/calibrator.ts';
import { exportModel } from '../../../../learning/export/export.ts';
import { fitModel, type LogisticModel } from '../../../../learning/trainers/logistic/index.ts';
import { datasetOf, type LabelledRow } from '../../../../learning/dataset/dataset.ts';
import { defaultSettings } from '../../../../learning/train/settings.ts';
import { allRows, columnBuilder } from '../../../../learning/dataset/frame.ts';
import { labelledRow } from '../../../../learning/bundled.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { trainRun, type TrainResult } from '../../../../learning/train/train.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { columnType, encodeFacts, type EncodedRow } from '../../../../shared/encoding/encode.ts';
import { manifestSchema } from '../../../../shared/encoding/manifest.ts';
import { fromStored } from '../../../../shared/encoding/pack.ts';
import { decodeModel } from '../../../../shared/encoding/onnx/decode.ts';
import { readModel } from '../../../../shared/encoding/onnx/index.ts';
import type { FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { OutpostError } from '../../../../shared/errors/index.ts';
import { saying } from '../../../support/saying.ts';

const withTactic: FeatureSchema = {
  ...complaintsSchema,
  version: 2,
  attributes: [
    ...complaintsSchema.attributes,
    {
      kind: 'tactic',
      name: 'tactic_upi',
      tag: 'upi',
      group: 'telling',
      shareable: true,
      since: 2,
    },
  ],
  synonyms: { ...complaintsSchema.synonyms, upi_payment: 'upi', upi_collect: 'upi', paid_by_upi: 'upi' },
};

function modelOf(schema: FeatureSchema): LogisticModel {
  const cases = simulateCases({ cases: 1500, seed: 3, from: '2026-06-01', days: 90, changeAt: '2026-06-20' });
  const { frame } = datasetOf(schema, Array.from(cases, labelledRow));
  return fitModel(frame, allRows(frame), { l2: 1 }, { seed: 1 });
}

function bytesOf(schema: FeatureSchema, model: LogisticModel): Uint8Array {
  return exportModel(schema, model, uncalibrated);
}

function predict(schema: FeatureSchema, model: LogisticModel, rows: readonly EncodedRow[]): number[] {
  const builder = columnBuilder(schema);
  rows.forEach((row) => builder.add(row));
  const order = Uint32Array.from(rows.keys());
  return Array.from(model.margins({ columns: builder.build(order) }, order), uncalibrated.probability);
}

async function score(session: InferenceSession, schema: FeatureSchema, rows: readonly EncodedRow[]): Promise<number[]> {
  const feeds: Record<string, Tensor> = {};
  for (const attribute of schema.attributes) {
    const values = rows.map((row) => row[attribute.name]!);
    feeds[attribute.name] =
      columnType(attribute) === 'string'
        ? new Tensor('string', values.map(String), [rows.length, 1])
        : new Tensor('float32', Float32Array.from(values, Number), [rows.length, 1]);
  }
  const output = (await session.run(feeds))['probability']!;
  expect(output.dims).toEqual([rows.length, 1]);
  return Array.from(output.data as Float32Array);
}

function anyRow(schema: FeatureSchema): fc.Arbitrary<EncodedRow> {
  const columns = schema.attributes.map((a) => {
    if (a.kind === 'category') return [a.name, fc.constantFrom('', 'never seen before', 'Ünlisted', ...a.values)];
    if (a.kind === 'boolean' || a.kind === 'tactic') return [a.name, fc.constantFrom(0, 1, NaN)];
    return [a.name, fc.oneof(fc.constant(NaN), fc.float({ min: 0, max: Math.fround(1e5), noNaN: true }))];
  });
  return fc.record(Object.fromEntries(columns) as Record<string, fc.Arbitrary<number | string>>);
}

describe('the exported graph', () => {
  const model = modelOf(withTactic);
  let session: InferenceSession;
  beforeAll(async () => {
    session = await InferenceSession.create(bytesOf(withTactic, model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  });

  it('gives the same probability as the trainer for any row, with missing and unseen values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow(withTactic), { minLength: 1, maxLength: 30 }), async (rows) => {
        const scores = await score(session, withTactic, rows);
        const expected = predict(withTactic, model, rows);
        scores.forEach((p, i) => expect(Math.abs(p - expected[i]!)).toBeLessThan(1e-6));
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  it('takes an unknown tactic for one that was not recorded, never for something of its own', async () => {
    const base: EncodedRow = Object.fromEntries(
      withTactic.attributes.map((a) => [a.name, a.kind === 'category' ? '' : NaN]),
    );
    const [unknown, no, yes] = await score(session, withTactic, [
      base,
      { ...base, tactic_upi: 0 },
      { ...base, tactic_upi: 1 },
    ]);
    expect(unknown).toBe(no);
    expect(yes).toBeGreaterThan(no!);
  });

  it('is made of the same bytes every time', () => {
    expect(bytesOf(withTactic, modelOf(withTactic))).toEqual(bytesOf(withTactic, model));
  });

  it('reads back with its inputs, output and operators', () => {
    const bytes = bytesOf(withTactic, model);
    const summary = readModel(bytes);
    expect(summary.irVersion).toBe(8);
    expect(summary.opsets).toEqual([
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ]);
    expect(summary.inputs).toEqual(
      withTactic.attributes.map((a) => ({ name: a.name, type: columnType(a), dims: [null, 1] })),
    );
    expect(summary.outputs).toEqual([{ name: 'probability', type: 'float', dims: [null, 1] }]);
    expect(new Set(summary.nodes.map((n) => `${n.domain}:${n.opType}`))).toEqual(
      new Set([
        ':Cast',
        ':Add',
        ':Log',
        ':Concat',
        ':IsNaN',
        ':Where',
        ':Sub',
        ':Mul',
        'ai.onnx.ml:OneHotEncoder',
        ':Flatten',
        ':Gemm',
        ':Sigmoid',
      ]),
    );
    const weights = summary.initializers.find((t) => t.name === 'logistic:weights')!;
    const stored = decodeModel(bytes).graph!.initializer.find((t) => t.name === 'logistic:weights')!;
    expect([weights.type, stored.rawData!.length]).toEqual(['double', 8 * weights.elements]);
  });
});

describe('the reader', () => {
  const bytes = bytesOf(complaintsSchema, modelOf(complaintsSchema));

  it('refuses every file that is cut short, and reports damage as BAD_MODEL only', () => {
    for (let length = 0; length < bytes.length; length += 7) {
      try {
        const summary = readModel(bytes.subarray(0, length));
        expect(summary.nodes.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(OutpostError);
        expect((error as OutpostError).code).toBe('BAD_MODEL');
      }
    }
  });

  it('answers arbitrary bytes with BAD_MODEL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(() => readModel(noise)).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
      }),
      { seed: 5 },
    );
  });

  it('refuses a second graph, which the runtime would merge with the first', () => {
    const graph = [0x3a, 0x00];
    expect(() => readModel(Uint8Array.from([...bytes, ...graph]))).toThrow(saying(/more than one graph/));
  });

  it('reports graphs nested in attributes, and refuses endless nesting', () => {
    const field = (n: number, body: number[]): number[] => [
      n * 8 + 2,
      ...(body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]),
      ...body,
    ];
    const nest = (depth: number): number[] =>
      field(1, [
        ...field(4, [...Buffer.from('If')]),
        ...(depth > 0 ? field(5, [...field(1, [0x62]), ...field(6, nest(depth - 1))]) : []),
      ]);
    const file = (depth: number): Uint8Array =>
      Uint8Array.from([0x08, 8, ...field(8, [0x10, 17]), ...field(7, nest(depth))]);
    const inner = readModel(file(1)).nodes[0]!.attributes[0]!.graphs[0]!;
    expect(inner.nodes.map((n) => n.opType)).toEqual(['If']);
    expect(() => readModel(file(12))).toThrow(saying(/nested deeper/));
  });
});

describe('the bundled release', () => {
  const files = bundledFiles();

  it('is what the sources make, to the byte', () => {
    expect(differing(new URL('../../../../models/', import.meta.url), files)).toEqual([]);
  });

  it('has a valid manifest whose golden rows the graph confirms', async () => {
    const manifest = manifestSchema.parse(JSON.parse(Buffer.from(files.get('manifest.json')!).toString()));
    const session = await InferenceSession.create(Buffer.from(files.get('model.onnx')!), { logSeverityLevel: 3 });
    const scores = await score(
      session,
      manifest.schema,
      manifest.golden.map((g) => fromStored(manifest.binding, g.row)),
    );
    scores.forEach((p, i) => expect(Math.abs(p - manifest.golden[i]!.score)).toBeLessThan(1e-6));
    expect(manifest.model.simulated).toBe(true);
    expect(manifest.figures['missed']!.value).toBeLessThanOrEqual(0.04);
    expect(manifest.figures['wrong_accusation']!.value).toBeLessThanOrEqual(0.05);
    expect(manifest.reference.rows).toBe(manifest.training.rows);
  });
});

describe('a training run', () => {
  const rows = Array.from(simulateCases({ cases: 1200, seed: 8, from: '2026-06-01', days: 90 }), labelledRow);
  const settings = {
    ...defaultSettings,
    seed: 4,
    split: { by: 'time', cut: '2026-08-10', share: 0.25 } as const,
    name: 'Test',
    version: 1,
    created: '2026-09-01T00:00:00.000Z',
    expires: '2027-09-01',
    codeVersion: 'test',
    simulated: true,
  };
  const train = (given: readonly LabelledRow[]): TrainResult => trainRun(datasetOf(complaintsSchema, given), settings);

  it('gives the same model and manifest whatever the order of the rows', () => {
    const once = train(rows);
    const again = train([...rows].reverse());
    expect(Buffer.compare(once.model, again.model)).toBe(0);
    expect(again.manifest).toEqual(once.manifest);
  });

  it('gives another id to other cases', () => {
    const one = train(rows);
    const other = train(rows.slice(1));
    expect(other.manifest.model.id).not.toBe(one.manifest.model.id);
    expect(other.manifest.training.dataset).not.toBe(one.manifest.training.dataset);
  });

  it('keeps incidents on one side of the cut', () => {
    const twin = { ...rows[0]!, received: '2026-08-20' };
    const { metrics } = train(rows);
    expect(train([...rows, twin]).metrics.holdOut.rows).toBe(metrics.holdOut.rows);
  });

  it('judges by weight, and says less certain things where few cases stand for many', () => {
    const weighted = rows.map((row, i) => ({ ...row, weight: row.label === 0 && i % 2 === 0 ? 20 : 1 }));
    const [even, uneven] = [train(rows), train(weighted)];
    expect(uneven.manifest.training.baseRate).toBeLessThan(even.manifest.training.baseRate / 2);
    expect(uneven.manifest.reference.rows).toBeLessThan(even.manifest.reference.rows);
    // In binomial deviations: the two runs set thresholds of their own, so that the shares themselves differ.
    const width = (run: typeof even): number => {
      const { value, low, high } = run.metrics.figures['wrong_accusation']!;
      return (high! - low!) / Math.sqrt(value * (1 - value));
    };
    expect(width(uneven)).toBeGreaterThan(width(even));
    expect(even.manifest.reference.rows).toBe(even.metrics.train.rows);
  });

  it('counts tactics noted later in the reference profile, and does not learn from them', () => {
    const later = rows.map((row, i) =>
      i % 10 === 0 ? { ...row, tacticsNoted: [...row.facts.tactics, 'rude_caller'] } : row,
    );
    const [plain, noted] = [train(rows), train(later)];
    expect(noted.manifest.reference.tactics['rude_caller']).toBeGreaterThan(
      plain.manifest.reference.tactics['rude_caller'] ?? 0,
    );
    expect(Buffer.compare(noted.model, plain.model)).toBe(0);
  });

  it('refuses no cases and cases of one kind only', () => {
    expect(() => train([])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect(() => train(rows.filter((r) => r.label === 1))).toThrow(saying(/both confirmed scams and genuine/));
  });

  it('puts nobody into the manifest: golden rows come from the schema, background rows are pooled', () => {
    const { manifest } = train(rows);
    const people = new Set(
      rows.map((r) =>
        JSON.stringify(encodeFacts(complaintsSchema, r.facts), (_, v: unknown) => (Number.isNaN(v) ? null : v)),
      ),
    );
    for (const row of [...manifest.background, ...manifest.golden.map((g) => g.row)])
      expect(people.has(JSON.stringify(row))).toBe(false);
  });
});
