import { safeCell } from '../../shared/encoding/csv-cell.ts';

/** A cell of a table: text or a number. */
type Cell = string | number;

/** A table as shown and exported. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function quote(cell: Cell): string {
  const safe = typeof cell === 'string' ? safeCell(cell) : String(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as CSV (RFC 4180, CRLF, UTF-8). */
export function csvOf(table: Table): string {
  return [table.head, ...table.rows].map((row) => row.map(quote).join(',')).join('\r\n') + '\r\n';
}

/** Gives a table to the person as a CSV file. */
export function downloadCsv(name: string, table: Table): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
