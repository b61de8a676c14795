import { describe, expect, it } from 'vitest';
import { safeCell } from '../../../../shared/encoding/csv-cell.ts';

describe('a cell of ours', () => {
  it.each(['=1+1', '@SUM(A1)', '+cmd|calc', '-A1', '\t=1', '\r=1', ' =1', '\u200b=1', '＝1', '＋A1', '－A1', '＠A1'])(
    'that begins like a formula is shown as text: %j',
    (text) => {
      expect(safeCell(text)).toBe(`'${text}`);
    },
  );

  it.each(['+49 171 5550107', '+1 (555) 010-7788', '+91-22-5550107', '-2.5', '+7', '-3 %', 'asked for = remote', ''])(
    'keeps what is no formula, telephone numbers with their plus: %j',
    (text) => {
      expect(safeCell(text)).toBe(text);
    },
  );
});
