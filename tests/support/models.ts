import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel, type Node } from '../../learning/onnx/write.ts';
import type { Manifest, StoredRow } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { companionsOf } from '../../shared/encoding/companions.ts';
import { schemaOfFormat1Schema, upgradeSchema } from '../../shared/encoding/schema-format-1.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { sha256Hex } from '../../shared/log/canonical.ts';
import type { StoredModel } from '../../electron/backend/inference/inference.ts';

/** Weights of the toy model's logit: yes/no columns count 1 or 0 (missing: 0.5), `minutes` in tens, `channel` by value. */
export interface ToyWeights {
  readonly asked: number;
  readonly contract: number;
  readonly minutes: number;
  readonly popup: number;
  readonly intercept: number;
}
export const toyWeights: ToyWeights = { asked: 2.5, contract: -1.5, minutes: 0.4, popup: 1, intercept: -1 };

const common = { group: 'telling', shareable: true, since: 1 } as const;

const toy = upgradeSchema(
  schemaOfFormat1Schema.parse({
    format: 'outpost.feature-schema/1',
    id: 'toy',
    version: 1,
    attributes: [
      {
        ...common,
        kind: 'boolean',
        name: 'asked',
        label: 'Remote access',
        question: 'Asked?',
        says: { yes: 'asked for remote access', no: 'no remote access asked for' },
      },
      {
        ...common,
        kind: 'boolean',
        name: 'contract',
        label: 'Contract',
        question: 'Contract?',
        says: { yes: 'contract exists', no: 'no contract' },
      },
      {
        ...common,
        kind: 'number',
        name: 'minutes',
        label: 'Length',
        question: 'How long?',
        unit: 'min',
        min: 0,
        max: 600,
        bins: [10, 60],
      },
      {
        ...common,
        kind: 'category',
        name: 'channel',
        label: 'Contact',
        question: 'How?',
        values: [
          { value: 'phone', label: 'phone call' },
          { value: 'popup', label: 'pop-up window' },
        ],
      },
    ],
    currencies: { reference: 'EUR', asOf: '2026-01-01', minorPerReference: { EUR: 100 } },
    understoodTactics: ['remote_access'],
    synonyms: {},
  }),
);
export const toySchema: FeatureSchema = toy.schema;
/** The toy schema with its words. */
export const describedToy: DescribedSchema = toy;

/** The probability the toy model gives, computed without ONNX. */
export function toyScore(row: StoredRow, weights: ToyWeights = toyWeights): number {
  const number = (name: string, missing: number): number => (typeof row[name] === 'number' ? row[name] : missing);
  const logit =
    weights.intercept +
    weights.asked * number('asked', 0.5) +
    weights.contract * number('contract', 0.5) +
    weights.minutes * (number('minutes', 0) / 10) +
    weights.popup * Number(row['channel'] === 'popup');
  return 1 / (1 + Math.exp(-logit));
}

const FLOAT = 1;
const DOUBLE = 11;

function toyNodes(): Node[] {
  const numbers = ['asked', 'contract', 'minutes'];
  return [
    { op: 'Concat', inputs: numbers, output: 'raw', attributes: { axis: 1 } },
    { op: 'Cast', inputs: ['raw'], output: 'wide', attributes: { to: DOUBLE } },
    { op: 'IsNaN', inputs: ['wide'], output: 'missing' },
    { op: 'Where', inputs: ['missing', 'fill', 'wide'], output: 'filled' },
    {
      op: 'OneHotEncoder',
      domain: 'ai.onnx.ml',
      inputs: ['channel'],
      output: 'hot',
      attributes: { cats_strings: ['popup'], zeros: 1 },
    },
    { op: 'Flatten', inputs: ['hot'], output: 'flat', attributes: { axis: 1 } },
    { op: 'Cast', inputs: ['flat'], output: 'channels', attributes: { to: DOUBLE } },
    { op: 'Concat', inputs: ['filled', 'channels'], output: 'features', attributes: { axis: 1 } },
    { op: 'Gemm', inputs: ['features', 'weights', 'intercept'], output: 'logit' },
    { op: 'Sigmoid', inputs: ['logit'], output: 'double' },
    { op: 'Cast', inputs: ['double'], output: 'probability', attributes: { to: FLOAT } },
  ];
}

/** Bytes of the toy model; `extra` nodes are put in front of it. */
export function toyModelBytes(weights: ToyWeights = toyWeights, extra: readonly Node[] = []): Uint8Array {
  const values = [weights.asked, weights.contract, weights.minutes / 10, weights.popup];
  return writeModel({
    name: 'toy',
    producer: 'tests',
    inputs: ['asked', 'contract', 'minutes', 'channel'].map((name) => ({
      name,
      type: name === 'channel' ? 'string' : 'float',
      width: 1,
    })),
    outputs: [{ name: 'probability', type: 'float', width: 1 }],
    nodes: [...extra, ...toyNodes()],
    constants: [
      { name: 'fill', dims: [1, 3], values: [0.5, 0.5, 0] },
      { name: 'weights', dims: [4, 1], values },
      { name: 'intercept', dims: [1], values: [weights.intercept] },
    ],
  });
}

export const toyRows: readonly StoredRow[] = [
  { asked: 1, contract: 0, minutes: 30, channel: 'popup' },
  { asked: 0, contract: 1, minutes: 5, channel: 'phone' },
  { asked: null, contract: null, minutes: null, channel: '' },
  { asked: 1, contract: 1, minutes: 12.5, channel: 'phone' },
];

/** A toy model with its manifest, ready to load. `id` and `version` tell several apart. */
export function toyModel(
  options: { weights?: ToyWeights; version?: number; manifest?: Partial<Manifest>; bytes?: Uint8Array } = {},
): StoredModel & { manifestBytes: Uint8Array } {
  const weights = options.weights ?? toyWeights;
  const bytes = options.bytes ?? toyModelBytes(weights);
  const sha256 = sha256Hex(bytes);
  const version = options.version ?? 1;
  const manifest: Manifest = {
    format: 'outpost.manifest/2',
    model: {
      id: `00000000-0000-4000-8000-${sha256.slice(0, 12)}`,
      name: `Toy ${version}`,
      version,
      sha256,
      bytes: bytes.length,
      created: '2026-01-01T00:00:00.000Z',
      expires: '2027-01-01',
      simulated: true,
    },
    schema: toySchema,
    texts: companionsOf({ schema: options.manifest?.schema ?? toySchema, texts: toy.texts }),
    binding: {
      layout: 'columns',
      columns: (['asked', 'contract', 'minutes', 'channel'] as const).map((name) => ({
        attribute: name,
        input: name,
        type: name === 'channel' ? 'string' : 'float',
      })),
    },
    output: { name: 'probability', column: 0 },
    thresholds: { notScamBelow: 0.3, scamFrom: 0.7 },
    maxMissingShare: 0.5,
    training: {
      run: 'toy',
      trainer: 'tests',
      seed: 1,
      dataset: '0'.repeat(64),
      rows: 100,
      from: '2025-10-01',
      cut: '2025-12-31',
      baseRate: 0.7,
      codeVersion: '0',
    },
    figures: { recall: { value: 0.9, n: 40 } },
    background: [...toyRows],
    golden: toyRows.map((row) => ({ row, score: toyScore(row, weights) })),
    reference: {
      schema: { id: 'toy', version: 1 },
      rows: 0,
      attributes: {},
      scores: Array.from({ length: 20 }, () => 0),
      tactics: {},
    },
    ...options.manifest,
  };
  const manifestBytes = new TextEncoder().encode(JSON.stringify(manifest));
  return { manifest, manifestSha256: sha256Hex(manifestBytes), bytes, manifestBytes };
}

/** Writes `model.onnx` and `manifest.json` into a folder. */
export function writeToyModel(
  folder: string,
  model: { bytes: Uint8Array; manifestBytes: Uint8Array } = toyModel(),
): void {
  writeFileSync(join(folder, 'model.onnx'), model.bytes);
  writeFileSync(join(folder, 'manifest.json'), model.manifestBytes);
}
