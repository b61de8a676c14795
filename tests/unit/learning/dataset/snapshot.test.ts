import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetBuilder, recordOf, renewed, type Dataset } from '../../../../learning/dataset/dataset.ts';
import { readSnapshot, writeSnapshot, type Provenance } from '../../../../learning/dataset/snapshot.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import type { EncodedRow } from '../../../../shared/encoding/encode.ts';
import { firstFormatHash, firstFormatSnapshot } from '../../../support/first-dataset.ts';

const provenance: Provenance = {
  from: 'file',
  name: 'test.csv',
  sha256: null,
  columns: [],
  rejected: [],
  unlabelled: 0,
  simulated: true,
};

const anyEncoded: fc.Arbitrary<EncodedRow> = fc.record(
  Object.fromEntries(
    complaintsSchema.attributes.map((a) => [
      a.name,
      a.kind === 'category'
        ? fc.constantFrom('', 'never listed', ...a.values)
        : fc.oneof(fc.constantFrom(0, 1, NaN), fc.float({ noNaN: true, noDefaultInfinity: true })),
    ]),
  ),
);
const anyRow = fc.record({
  encoded: anyEncoded,
  label: fc.constantFrom(0 as const, 1 as const),
  weight: fc.double({ min: 0, max: 50, noNaN: true }),
  received: fc.constantFrom('2026-01-01', '2026-02-03', null),
  incident: fc.constantFrom(null, 'I-1', 'I-2'),
  scammer: fc.constantFrom(null, 'S-1'),
  tactics: fc.subarray(['upi', 'rude_caller']),
  tacticsNoted: fc.subarray(['upi', 'gift_card']),
});

function datasetFrom(rows: readonly Parameters<ReturnType<typeof datasetBuilder>['addEncoded']>[0][]): Dataset {
  const builder = datasetBuilder(complaintsSchema);
  rows.forEach((row) => builder.addEncoded(row));
  return builder.build();
}

describe('a snapshot of a dataset', () => {
  it('comes back row for row, missing and unlisted values included, and is the same bytes again', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const dataset = datasetFrom(rows);
        const bytes = writeSnapshot(dataset, provenance);
        const read = readSnapshot(bytes);
        expect(read.dataset.hash).toBe(dataset.hash);
        for (let i = 0; i < rows.length; i++) expect(recordOf(read.dataset, i)).toEqual(recordOf(dataset, i));
        expect(Buffer.compare(writeSnapshot(read.dataset, read.head.provenance), bytes)).toBe(0);
      }),
      { seed: 21, numRuns: 60 },
    );
  });

  it('has the same hash whatever the order of the rows, and another one for other rows', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 2, maxLength: 12 }), (rows) => {
        expect(datasetFrom([...rows].reverse()).hash).toBe(datasetFrom(rows).hash);
        expect(datasetFrom(rows.slice(1)).hash).not.toBe(datasetFrom(rows).hash);
      }),
      { seed: 22, numRuns: 40 },
    );
  });

  it('keeps no name of an incident or scammer', () => {
    const row = {
      encoded: Object.fromEntries(complaintsSchema.attributes.map((a) => [a.name, a.kind === 'category' ? '' : NaN])),
      label: 1 as const,
      received: null,
      incident: 'Mrs Miller, 4 Oak Lane',
      scammer: '+49 170 1234567',
      tactics: [],
      tacticsNoted: [],
    };
    const text = gunzipSync(writeSnapshot(datasetFrom([row]), provenance)).toString();
    expect(text).not.toMatch(/Miller|1234567|#[0-9a-f]/);
  });

  describe('says nothing of what incidents and scammers are called', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 7, maxLength: 7 });
    const [base] = fc.sample(anyEncoded, { numRuns: 1, seed: 9 });
    const anyOf = (most: number) => fc.option(fc.nat(most), { nil: null });
    const rowsOf = (
      same: fc.Arbitrary<number>,
      incident: ReturnType<typeof anyOf>,
      scammer: ReturnType<typeof anyOf>,
    ) => fc.array(fc.record({ same, incident, scammer, tactics: fc.constantFrom([], ['upi']) }), { maxLength: 12 });
    type Row = typeof rowsOf extends (...args: never[]) => fc.Arbitrary<(infer R)[]> ? R : never;

    function named(list: readonly string[], rows: readonly Row[]): Dataset {
      return datasetFrom(
        rows.map(({ same, incident, scammer, tactics }) => ({
          encoded: { ...base!, contact_minutes: same },
          label: 1 as const,
          received: '2026-01-01',
          incident: incident === null ? null : list[incident]!,
          scammer: scammer === null ? null : list[4 + scammer]!,
          tactics: [],
          tacticsNoted: tactics,
        })),
      );
    }

    it.each([
      ['incidents, of many rows that say the same', rowsOf(fc.nat(2), anyOf(3), fc.constant(null))],
      ['scammers, of many rows that say the same', rowsOf(fc.nat(2), fc.constant(null), anyOf(2))],
      ['both, of rows of which few say the same', rowsOf(fc.nat(200), anyOf(3), anyOf(2))],
    ])('%s: other names give the same bytes, and so does another order of the rows', (_what, anyRows) => {
      const property = fc.property(anyRows, names, names, fc.nat(), (rows, some, others, turn) => {
        const at = rows.length === 0 ? 0 : turn % rows.length;
        const turned = [...rows.slice(at), ...rows.slice(0, at)].toReversed();
        expect(named(some, turned).hash).toBe(named(some, rows).hash);
        const [one, other] = [named(some, rows), named(others, turned)].map((d) => writeSnapshot(d, provenance));
        expect(Buffer.compare(one!, other!)).toBe(0);
      });
      fc.assert(property, { seed: 23, numRuns: 300 });
    });

    it('both, of many rows that say the same: another order of the rows gives the same hash', () => {
      const property = fc.property(rowsOf(fc.nat(1), anyOf(3), anyOf(2)), names, (rows, list) => {
        expect(named(list, rows.toReversed()).hash).toBe(named(list, rows).hash);
      });
      fc.assert(property, { seed: 24, numRuns: 300 });
    });
  });

  it('of the first format is read as it was, hash and bytes, and loses its hashed names when it is built again', () => {
    const { dataset, head } = readSnapshot(firstFormatSnapshot);
    expect(dataset).toMatchObject({ format: 1, hash: firstFormatHash });
    expect(Buffer.compare(writeSnapshot(dataset, head.provenance), firstFormatSnapshot)).toBe(0);
    expect(gunzipSync(firstFormatSnapshot).toString()).toMatch(/"#[0-9a-f]{16}"/);
    const rebuilt = renewed(dataset);
    const text = gunzipSync(writeSnapshot(rebuilt, head.provenance)).toString();
    expect(text).not.toMatch(/#[0-9a-f]/);
    const pairs = ({ incidents, scammers }: Dataset) => [new Set(incidents).size, new Set(scammers).size];
    expect(pairs(rebuilt)).toEqual(pairs(dataset));
    expect(renewed(rebuilt)).toBe(rebuilt);
    const damaged = gunzipSync(firstFormatSnapshot)
      .toString()
      .replace(/"#[0-9a-f]{4}/, '"#0000');
    expect(() => readSnapshot(gzipSync(damaged))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it('is refused when a row was changed, added or cut off', () => {
    const rows = fc.sample(anyRow, { numRuns: 6, seed: 3 });
    const text = gunzipSync(writeSnapshot(datasetFrom(rows), provenance)).toString();
    const lines = text.trimEnd().split('\n');
    const flipped = [
      lines[0],
      ...lines.slice(1).map((l) => l.replace(/,0,|,1,/, (m) => (m === ',0,' ? ',1,' : ',0,'))),
    ];
    for (const bad of [
      flipped.join('\n') + '\n',
      lines.slice(0, -1).join('\n') + '\n',
      `${text}${lines[1]}\n`,
      text.trimEnd(),
      'nothing of the kind\n',
    ]) {
      expect(() => readSnapshot(gzipSync(bad))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    }
    expect(() => readSnapshot(new Uint8Array([1, 2, 3]))).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
