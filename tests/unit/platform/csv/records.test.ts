import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRecords, type CsvRecord, type RecordOptions } from '../../../../platform/csv/records.ts';

interface Outcome {
  readonly records: readonly CsvRecord[] | null;
  readonly error: string | null;
}

function errorOf(error: unknown): Outcome {
  if (!(error instanceof CsvError)) throw error;
  return { records: null, error: `${error.code} on line ${String(error['lines'])}` };
}

/** What csv-parse makes of a whole text. */
function wanted(text: string, { separator, sameLength, longest = 0 }: RecordOptions): Outcome {
  try {
    const read = parse(text, {
      bom: true,
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      skip_empty_lines: true,
      relax_column_count: !sameLength,
      max_record_size: longest,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return { records: read.map(({ record, info }) => ({ cells: record, line: info.lines })), error: null };
  } catch (error) {
    return errorOf(error);
  }
}

async function* piecesOf(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  for (let start = 0, k = 0; start < text.length; k++) {
    const end = start + sizes[k % sizes.length]!;
    yield text.slice(start, end);
    start = end;
  }
}

async function found(text: string, sizes: readonly number[], options: RecordOptions): Promise<Outcome> {
  const records: CsvRecord[] = [];
  try {
    for await (const some of csvRecords(piecesOf(text, sizes), options)) records.push(...some);
    return { records, error: null };
  } catch (error) {
    return errorOf(error);
  }
}

const plain = fc.constantFrom('a', 'bc,', ',', ',,', ' ', 'é', '१,', ';', '\n', 'd,e\n', '\n\n');
const windows = fc.constantFrom('a', 'bc,', ',', 'ü', ';', '\r\n', 'd,e\r\n');
const any = fc.constantFrom('a', ',', '"', '""', '"x,\ny"', '"q"', '\n', '\r', '\r\n', 'd,e\n', '\uFEFF', 'é');
const cell = fc.constantFrom('', 'a', 'b,c', 'say "x"', '"', 'two\nlines', 'Windows\r\nlines', 'é;', '""');
const table = fc
  .array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .chain((rows) => fc.constantFrom('\n', '\r\n').map((end) => [stringify(rows, { record_delimiter: end })]));
const text = fc.oneof(
  table,
  fc.array(plain, { maxLength: 30 }),
  fc.array(windows, { maxLength: 30 }),
  fc.tuple(fc.array(plain, { maxLength: 12 }), fc.array(any, { maxLength: 12 })).map(([a, b]) => [...a, ...b]),
  fc.tuple(fc.array(windows, { maxLength: 12 }), fc.array(any, { maxLength: 12 })).map(([a, b]) => [...a, ...b]),
);

it('gives the records, lines and errors that csv-parse gives, wherever a text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      text.map((parts) => parts.join('')),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
      fc.record({
        separator: fc.constantFrom(',', ';'),
        sameLength: fc.boolean(),
        longest: fc.constantFrom(1_000, 6),
      }),
      async (whole, sizes, options) => {
        expect(await found(whole, sizes, options)).toEqual(wanted(whole, options));
      },
    ),
    { numRuns: 3000 },
  );
});

it('keeps rows of equal length in order over many pieces, and goes on where a quote turns up', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => [`${i}`, i === 321 ? 'a "b"' : 'é', '']);
  const lines = rows.map((cells) => cells.map((c) => (c.includes('"') ? `"${c.replaceAll('"', '""')}"` : c)).join(','));
  const whole = `\uFEFFn,text,empty\n${lines.join('\n')}`;
  const { records } = await found(whole, [97], { separator: ',', sameLength: true });
  expect(records!.map(({ cells }) => cells)).toEqual([['n', 'text', 'empty'], ...rows]);
  expect(records!.map(({ line }) => line)).toEqual(records!.map((_, i) => i + 1));
});

it('does not wait for more input when it is left early', async () => {
  async function* endless(): AsyncGenerator<string> {
    yield 'a,b\n"c",d\n1,2\n';
    await new Promise(() => undefined);
  }
  const records = csvRecords(endless(), { separator: ',', sameLength: true });
  for await (const some of records) {
    expect(some.length).toBeGreaterThan(0);
    break;
  }
});
