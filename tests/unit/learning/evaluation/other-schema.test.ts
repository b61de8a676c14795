import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  caseRowsHead,
  readCaseRows,
  readCaseRowsHead,
  type CaseLine,
} from '../../../../learning/data/case-rows-file.ts';
import { datasetOf, type Dataset } from '../../../../learning/dataset/dataset.ts';
import { readSnapshot, writeSnapshot } from '../../../../learning/dataset/snapshot.ts';
import { casesOfDataset } from '../../../../learning/evaluation/dataset-cases.ts';
import type { Facts } from '../../../../shared/domain/facts.ts';
import { childSchema } from '../../../../shared/encoding/extend-schema.ts';
import type { Attribute, FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { schemaHash, schemaRef } from '../../../../shared/encoding/schema-identity.ts';
import type { SchemaTexts } from '../../../../shared/encoding/schema-texts.ts';
import { describedToy, toyModel, toySchema } from '../../../support/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'outpost-other-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { manifest } = toyModel({ version: 1 });
const paid: Attribute = {
  kind: 'money',
  name: 'paid',
  group: 'money',
  shareable: true,
  since: 2,
  bins: [10, 100],
};
const upi: Attribute = { kind: 'tactic', name: 'tactic_upi', group: 'more', shareable: true, since: 2, tag: 'upi' };
const nothing = { attributes: [], understoodTactics: [], synonyms: {} };
const child = childSchema(toySchema, 'c'.repeat(64), { ...nothing, attributes: [paid, upi], rates: { USD: 110 } });

/** A schema of somebody else, which has an attribute of each name, but not the same ones. */
function another(name: string, edit: object, from: FeatureSchema = toySchema): FeatureSchema {
  const attributes = from.attributes.map((one) => (one.name === name ? ({ ...one, ...edit } as Attribute) : one));
  return { ...from, issuer: 'd'.repeat(64), parent: null, ancestors: [], attributes };
}

function dataset(schema: FeatureSchema, attributes: Facts['attributes'] = {}, tactics: string[] = []): Dataset {
  const facts = { schema: schemaRef(schema), attributes, tactics };
  return datasetOf(schema, [
    { facts, label: 1, received: '2026-05-01' },
    { facts, label: 0, received: '2026-05-02' },
  ]);
}

const under = (schema: FeatureSchema) => ({ ...manifest, schema });
const thrownBy = (read: () => unknown): Error & { code?: string } => {
  try {
    read();
  } catch (error) {
    return error as Error;
  }
  return expect.unreachable('it was read');
};

const others: [string, FeatureSchema, RegExp][] = [
  [
    'another unit',
    another('minutes', { unit: 'h' }),
    /: minutes is in h there and in min here\. Read it under its own/,
  ],
  ['another kind', another('contract', { kind: 'money', bins: [5] }), /contract is an amount there and yes or no here/],
  [
    'no value in common',
    another('channel', { values: ['1', '2', '3', '4'] }),
    /channel is one of 1, 2, 3 there and one of phone, popup here/,
  ],
];

describe('a dataset of somebody else’s schema', () => {
  test.each(others)('is refused for %s under a name of the model', (_what, schema, message) => {
    const error = thrownBy(() => casesOfDataset(dataset(schema), manifest));
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
  });

  test('is read where it means the same, with what it lacks unknown and its further names listed', () => {
    const wider = another('minutes', { max: 9000, since: 3 }, { ...child, id: 'theirs' });
    const { columns, rows, read } = casesOfDataset(dataset(wider, { minutes: 20, asked: true }), manifest);
    expect([rows, read.unmapped]).toEqual([2, ['paid', 'tactic_upi']]);
    expect(columns.map((c) => (c.kind === 'number' ? c.values[0] : c.codes[0]))).toEqual([1, NaN, 20, -1]);
  });

  test('names the line and the attribute of a value out of the range of the model', () => {
    const { read } = casesOfDataset(dataset(another('minutes', { max: 9000 }), { minutes: 5000 }), manifest);
    expect(read.rejected.first[0]).toMatchObject({ line: 2, why: { args: { column: 'minutes' } } });
  });

  test('gives tactics by what was noted, whatever it has under the name', () => {
    const { tag: _tag, ...rest } = upi;
    const asked = { ...child, attributes: [...toySchema.attributes, paid, { ...rest, kind: 'boolean' } as Attribute] };
    const { columns } = casesOfDataset(dataset(asked, {}, ['upi']), under(child));
    expect(columns.at(-1)).toMatchObject({ kind: 'number', values: new Float32Array([1, 1]) });
  });

  test('counts money as the model does where both know a currency; a model may know more', () => {
    const spent = { paid: { amount: 5500, currency: 'USD' } };
    const rates = (minorPerReference: Record<string, number>, reference = 'EUR'): FeatureSchema => ({
      ...child,
      currencies: { reference, asOf: '2026-09-09', minorPerReference },
    });
    const read = (schema: FeatureSchema) => casesOfDataset(dataset(child, spent), under(schema)).columns.at(-2);
    expect(read(rates({ EUR: 100, USD: 110, JPY: 160 }))).toMatchObject({ values: new Float32Array([50, 50]) });
    for (const schema of [rates({ EUR: 100, USD: 120 }), rates({ EUR: 100 }), rates({ EUR: 100, USD: 110 }, 'USD')])
      expect(thrownBy(() => read(schema)).message).toContain('another table of currencies');
  });
});

describe('case rows of somebody else’s schema', () => {
  const file = (schema: FeatureSchema, texts: SchemaTexts[] = []): string => {
    const name = join(folder, `${schemaHash(schema)}.jsonl`);
    writeFileSync(name, caseRowsHead({ simulated: true, from: 'a test', schema, texts }));
    return name;
  };
  const read = async (name: string, schema: FeatureSchema): Promise<CaseLine[]> => {
    const lines: CaseLine[] = [];
    for await (const line of readCaseRows(name, schema)) lines.push(line);
    return lines;
  };

  test.each(others)(
    'are refused for %s under a name of the schema they are read under',
    async (_what, schema, message) => {
      await expect(read(file(schema), toySchema)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(message),
      });
      await expect(read(file(schema), schema)).resolves.toEqual([]);
    },
  );

  test('are read under an earlier or a later version of their schema', async () => {
    await expect(read(file(child), toySchema)).resolves.toEqual([]);
    await expect(read(file(toySchema), child)).resolves.toEqual([]);
  });

  test('bring words of their own schema, or of one it descends from, and no others', async () => {
    const [words] = describedToy.texts;
    expect((await readCaseRowsHead(file(toySchema, [words!]))).texts).toEqual([words]);
    const [read] = (await readCaseRowsHead(file(child, [words!]))).texts;
    expect(read).toEqual({ ...words, schema: schemaHash(child) });
    for (const texts of [[{ ...words!, schema: 'e'.repeat(64) }], [words!, words!]])
      await expect(readCaseRowsHead(file(toySchema, texts))).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(
          /^The words in en that the case rows came with belong to another feature schema/,
        ),
      });
  });
});

test('a dataset with words of another schema beside its own is refused', () => {
  const [words] = describedToy.texts;
  const provenance = {
    from: 'file',
    name: 'a.csv',
    sha256: null,
    columns: [],
    rejected: [],
    unlabelled: 0,
    simulated: true,
  } as const;
  const snapshot = (texts: SchemaTexts[], schema = toySchema): Uint8Array =>
    writeSnapshot({ ...dataset(schema), texts }, { ...provenance, columns: [], rejected: [] });
  expect(readSnapshot(snapshot([words!])).dataset.texts).toEqual([words]);
  // One of the parent, as retraining kept them beside a child, is read as its own.
  expect(readSnapshot(snapshot([words!], child)).dataset.texts).toEqual([{ ...words, schema: schemaHash(child) }]);
  const foreign = { ...words!, language: 'hi', schema: 'e'.repeat(64) };
  expect(() => readSnapshot(snapshot([words!, foreign]))).toThrow(/words in hi that the dataset came with/);
});
