import { CsvError } from 'csv-parse';
import { describe, expect, it } from 'vitest';
import { normalisedRecords } from '../../../../platform/csv/normalised-records.ts';
import { lookForSeparator } from '../../../../shared/encoding/csv-separator.ts';

async function rowsOf(text: string, sameLength = true, separator = ','): Promise<[number, ...string[]][]> {
  async function* pieces(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += 3) yield text.slice(at, at + 3);
  }
  const rows: [number, ...string[]][] = [];
  for await (const records of normalisedRecords(pieces(), { separator, sameLength }))
    rows.push(...records.map(({ cells, line }): [number, ...string[]] => [line, ...cells]));
  return rows;
}

describe('a file of people', () => {
  it('may mix CR, LF and CRLF', async () => {
    expect(await rowsOf('a,b\r\n1,2\n3,4\r5,6\r\n7,"8\n9"\n')).toMatchObject([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
      [expect.any(Number), '7', '8\n9'],
    ]);
    expect((await rowsOf('a,b\r1,2\r3,4')).map(([, ...cells]) => cells)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('may say its separator in a line of its own', async () => {
    const text = '\uFEFFsep=;\r\na;b\r\n1;2\r\n';
    expect(lookForSeparator(text)).toEqual({ separator: ';', others: [], ended: true });
    expect(await rowsOf(text, true, ';')).toEqual([
      [2, 'a', 'b'],
      [3, '1', '2'],
    ]);
  });

  it('may end every line with a separator, with or without the header', async () => {
    const rows = [
      [1, 'a', 'b'],
      [2, '1', ''],
      [3, '3', '4'],
    ];
    expect(await rowsOf('a,b,\n1,,\n3,4,\n')).toEqual(rows);
    expect(await rowsOf('a,b\n1,,\n3,4,\n')).toEqual(rows);
    expect(await rowsOf('a,b,,\n1,,,\n3,4\n')).toEqual(rows);
  });

  it('has no cases in rows of separators only', async () => {
    expect(await rowsOf(',,\na,b,c\n,,\n1,2,3\n , ,\n')).toEqual([
      [2, 'a', 'b', 'c'],
      [4, '1', '2', '3'],
    ]);
  });

  it('is refused by line where a row has another length, unless the caller judges that', async () => {
    const refused = rowsOf('a,b\n1,2\n3\n');
    await expect(refused).rejects.toBeInstanceOf(CsvError);
    await expect(refused).rejects.toMatchObject({ code: 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH', lines: 3 });
    await expect(rowsOf('a,b\n1,2,x\n')).rejects.toMatchObject({ lines: 2 });
    expect(await rowsOf('a,b\n1,2,x\n', false)).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2', 'x'],
    ]);
  });
});
