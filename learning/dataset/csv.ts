import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../../shared/encoding/csv-cell.ts';
import { dotsOf } from '../../shared/encoding/csv-numbers.ts';
import type { ColumnValue } from '../../shared/encoding/encode.ts';
import type { Attribute } from '../../shared/encoding/schema.ts';
import { recordOf, type Dataset } from './dataset.ts';

/** What the columns of an exported dataset are called that are no attributes; null for those it has nothing for. */
interface ExportedColumns {
  readonly label: string;
  readonly weight: string | null;
  readonly received: string | null;
  readonly incident: string | null;
  readonly scammer: string | null;
  readonly tactics: string | null;
}

/** Names for the columns beside the attributes: the usual ones, with a line below where an attribute has that name. */
export function exportedColumns({ schema, frame, received, names, tactics }: Dataset): ExportedColumns {
  const taken = new Set(schema.attributes.map(({ name }) => name));
  const named = (name: string, there = true): string | null => {
    if (!there) return null;
    return taken.has(name) ? named(`${name}_`) : name;
  };
  return {
    label: named('y')!,
    weight: named(
      'weight',
      frame.weights.some((weight) => weight !== 1),
    ),
    received: named(
      'received',
      received.some((day) => day !== null),
    ),
    incident: named(
      'incident',
      names.some(({ incident }) => incident !== null),
    ),
    scammer: named(
      'scammer',
      names.some(({ scammer }) => scammer !== null),
    ),
    tactics: named(
      'tactics',
      tactics.lists.some((list) => list.length > 0),
    ),
  };
}

/** Money as a cell: 12.125 with a further 0, since its dot could as well stand between thousands. */
function amountCell(value: ColumnValue): string {
  const text = String(value);
  return dotsOf(text) === 'either' ? `${text}0` : text;
}

function cellsOf(attribute: Attribute, value: ColumnValue, currency: string): string[] {
  const unknown = typeof value === 'number' ? Number.isNaN(value) : value === '';
  if (attribute.kind === 'money') return unknown ? ['', ''] : [amountCell(value), currency];
  if (unknown) return [''];
  if (attribute.kind === 'boolean' || attribute.kind === 'tactic') return [value === 1 ? 'yes' : 'no'];
  return [typeof value === 'number' ? String(value) : safeCell(value)];
}

/** Rows written at a time. */
const rowsPerChunk = 1000;

/**
 * The rows of a dataset as CSV text, header first, some thousand rows at a time: attributes by their names (money in major
 * units with `<name>_currency` beside it), then what is known of a row beside them. Unknown is empty, also for a tactic of
 * which it is not known whether it was asked for.
 */
export function* csvOfDataset(dataset: Dataset, columns: ExportedColumns): Generator<string> {
  const { schema, frame } = dataset;
  const attributes = schema.attributes.filter(({ shareable }) => shareable);
  const { reference } = schema.currencies;
  const { label, ...others } = columns;
  const beside = [label, ...Object.values(others).filter((name) => name !== null)];
  yield stringify([
    [...attributes.flatMap(({ kind, name }) => (kind === 'money' ? [name, `${name}_currency`] : [name])), ...beside],
  ]);
  for (let start = 0; start < frame.rows; start += rowsPerChunk) {
    const rows = Array.from({ length: Math.min(rowsPerChunk, frame.rows - start) }, (_, i) => {
      const row = recordOf(dataset, start + i);
      const known: Record<keyof ExportedColumns, string> = {
        label: String(row.label),
        weight: String(row.weight ?? 1),
        received: row.received ?? '',
        incident: row.incident ?? '',
        scammer: row.scammer ?? '',
        tactics: row.tactics.join(';'),
      };
      const cells = attributes.flatMap((one) => cellsOf(one, row.encoded[one.name]!, reference));
      const kept = (Object.keys(columns) as (keyof ExportedColumns)[]).filter((name) => columns[name] !== null);
      return [...cells, ...kept.map((name) => known[name])];
    });
    yield stringify(rows);
  }
}
