import type { ColumnTarget, ImportMapping } from '../../../shared/case-import/mapping.ts';
import { isUnknownCell } from '../../../shared/encoding/unknown-spellings.ts';
import type { FeatureSchema } from '../../../shared/encoding/schema.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { storedName } from '../../../shared/language/stored-name.ts';

type Kind = ColumnTarget['to'];

/** A column with a purpose: where it stands, its header and what it is taken for. */
interface Column<T extends Kind = Kind> {
  readonly at: number;
  readonly header: string;
  readonly target: ColumnTarget & { readonly to: T };
}

/** The columns of a file by what they are taken for, in file order. */
export interface Columns {
  readonly all: readonly Column[];
  of<T extends Kind>(kind: T): readonly Column<T>[];
}

function requireName(names: ReadonlySet<string>, name: string): void {
  if (!names.has(name)) throw new OutpostError('BAD_INPUT', sentence('cases.no_such_attribute', { name }));
}

/** Texts can be put together from several columns; an answer and an outcome cannot. */
function requireOneEach(columns: readonly Column[]): void {
  const taken = new Map<string, string>();
  for (const { header, target } of columns) {
    if (target.to !== 'outcome' && target.to !== 'attribute') continue;
    const what = target.to === 'attribute' ? storedName`attribute ${target.name}` : target.to;
    const other = taken.get(what);
    if (other !== undefined)
      throw new OutpostError('BAD_INPUT', sentence('case_import.two_columns', { column: other, other: header }));
    taken.set(what, header);
  }
}

/** BAD_INPUT for a mapping without a date, or with a header or name that is not there. */
export function columnsOf(mapping: ImportMapping, header: readonly string[], schema: FeatureSchema): Columns {
  const names = new Set(schema.attributes.flatMap(({ name }) => [name, `${name}_currency`]));
  for (const [text, target] of Object.entries(mapping.columns)) {
    if (!header.includes(text))
      throw new OutpostError('BAD_INPUT', sentence('case_import.no_such_column', { column: text }));
    if (target.to === 'attribute') requireName(names, target.name);
  }
  for (const name of Object.keys(mapping.constants)) requireName(names, name);
  const all = header.flatMap((text, at): Column[] => {
    const target = Object.hasOwn(mapping.columns, text) ? mapping.columns[text] : undefined;
    return target === undefined || target.to === 'ignore' ? [] : [{ at, header: text, target }];
  });
  // Asked for at every row.
  const byKind = Map.groupBy(all, ({ target }) => target.to);
  const dates = byKind.get('received')?.length ?? 0;
  if (dates !== 1) throw new OutpostError('BAD_INPUT', sentence('case_import.one_date', { columns: dates }));
  requireOneEach(all);
  return { all, of: <T extends Kind>(kind: T) => (byKind.get(kind) ?? []) as unknown as readonly Column<T>[] };
}

/** One text of several columns: alone as it is, with others each under its header. */
export function joinedText(columns: readonly Column[], cells: readonly string[]): string {
  const filled = columns.flatMap(({ at, header }) => {
    const cell = (cells[at] ?? '').trim();
    return isUnknownCell(cell) ? [] : [`${columns.length > 1 ? `${header}: ` : ''}${cell}`];
  });
  return filled.join('\n');
}
