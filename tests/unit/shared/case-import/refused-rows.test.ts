import { expect, it } from 'vitest';
import { refusedLines } from '../../../../shared/case-import/refused-rows.ts';
import { sentence } from '../../../../shared/language/sentence.ts';
import en from '../../../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../../../shared/language/language.ts';

it('refused rows are read to the last, with line and reason, and no cell is a formula', async () => {
  const rows = [3, 4, 9].map((line) => ({
    line,
    cells: ['=1+1', 'yesterday'],
    problems: [
      { column: 'Date', why: sentence('case_import.bad_date') },
      { column: null, why: sentence('case_import.no_date') },
    ],
  }));
  const read = (after: number) => Promise.resolve(rows.filter(({ line }) => line > after).slice(0, 2));
  const [head, ...lines] = await refusedLines(['=Sum', 'Date'], read, createLanguage(en));
  expect(head).toEqual(["'=Sum", 'Date', 'Line', 'Why it was refused']);
  expect(lines.map(([, , line]) => line)).toEqual(['3', '4', '9']);
  expect(lines[0]?.[0]).toBe("'=1+1");
  expect(lines[0]?.[3]).toMatch(/^Date: this is no date.*; there is no date$/);
});
