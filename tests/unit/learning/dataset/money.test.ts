import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvOfDataset, exportedColumns } from '../../../../learning/dataset/csv.ts';
import { datasetOf } from '../../../../learning/dataset/dataset.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { csvReader } from '../../../../shared/encoding/csv-facts.ts';
import { schemaRef } from '../../../../shared/encoding/schema-identity.ts';

it.each([
  ['JPY', 1, [1500, 48_000, 7]],
  ['KWD', 1000, [12_125, 900_500, 48_000_000, 125]],
  ['INR', 100, [1_200_050, 1_212_500, 99]],
  ['USD', 100, [4990, 100_000, 1]],
])('amounts of a dataset in %s are written as CSV that gives the same amounts again', (reference, rate, amounts) => {
  const currencies = { reference, asOf: '2026-01-01', minorPerReference: { [reference]: rate } };
  const schema = { ...complaintsSchema, currencies };
  const rows = amounts.map((amount, i) => ({
    label: i % 2 === 0 ? (1 as const) : (0 as const),
    received: '2026-03-10',
    facts: { schema: schemaRef(schema), attributes: { money_asked: { amount, currency: reference } }, tactics: [] },
  }));
  const dataset = datasetOf(schema, rows);
  const text = [...csvOfDataset(dataset, exportedColumns(dataset))].join('');
  const [header = [], ...records] = parse(text) as string[][];
  const reader = csvReader(schema, header, ['y', 'received']);
  const read = records.map((cells) => reader.read(cells));
  expect(read.flatMap(({ problems }) => problems)).toEqual([]);
  expect(read.map(({ facts }) => facts.attributes['money_asked']).toSorted(byAmount)).toEqual(
    amounts.map((amount) => ({ amount, currency: reference })).toSorted(byAmount),
  );
});

function byAmount(a: unknown, b: unknown): number {
  return (a as { amount: number }).amount - (b as { amount: number }).amount;
}
