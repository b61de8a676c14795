import { basename } from 'node:path';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { withCompanions } from '../../shared/encoding/companions.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { LabelledRow } from '../dataset/dataset.ts';
import type { LabelNames, ReadLabel } from './labels.ts';
import { shownHeaders, type CsvRow } from './csv-rows.ts';
import type { SchemaFile } from '../schema/schema-file.ts';
import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Which columns hold what is no attribute, and how the rest is understood. */
export interface TrainingColumns extends LabelNames {
  readonly label: string;
  /** Column with the received date; null: `received` for a file of complaints, else the rows carry no time. */
  readonly time: string | null;
  /** Column with the number of cases each row stands for; without it each stands for one. */
  readonly weight?: string | null | undefined;
  /** Column whose rows with the same value belong together; all of them are kept. It stands in for `scammer`. */
  readonly group?: string | null | undefined;
  /** Columns to leave out, by header or by the attribute name it gives. */
  readonly ignore: readonly string[];
  /** Null: kinds are inferred. */
  readonly schema: SchemaFile | null;
  /** Keeps all cases of an incident; otherwise the one received first. */
  readonly keepTwins: boolean;
  /** Sign between the cells; without it, as the first line shows. */
  readonly separator?: string | undefined;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal?: DecimalSign | undefined;
  /** Further spellings of unknown. */
  readonly missing?: readonly string[] | undefined;
}

/** Columns of a file of complaints that say who and where, and are never read as attributes. */
const complaintColumns = ['reference', 'office'];

/** Where what is no attribute stands in a row; -1: nowhere. */
interface Places {
  readonly label: number;
  readonly time: number;
  readonly weight: number;
  readonly incident: number;
  readonly scammer: number;
}

/** What the columns of a file are for. */
export interface Layout {
  readonly header: readonly string[];
  readonly at: Places;
  readonly time: string | null;
  /** Headers that are left out as asked for. */
  readonly ignored: readonly string[];
  /** Headers that are no attributes. */
  readonly own: readonly string[];
  /** The schema when it need not be inferred. */
  readonly given: DescribedSchema | null;
}

/** A file whose columns are mostly those of the complaints schema is one of complaints. */
function isOfComplaints(header: readonly string[]): boolean {
  const names = complaintsSchema.attributes.filter((a) => a.shareable).map((a) => a.name);
  return names.filter((name) => header.includes(name)).length >= names.length / 2;
}

function requireColumn(file: string, header: readonly string[], name: string, advice?: Sentence): void {
  if (header.includes(name)) return;
  const missing = sentence('data.no_column', { file: basename(file), name, columns: shownHeaders(header) });
  throw new OutpostError('BAD_CSV', advice === undefined ? missing : inTurn([missing, advice]));
}

/** Throws BAD_INPUT for a column of groups that is asked for as something else as well. */
function requireGroupAlone({ group = null, label, time, weight }: TrainingColumns, ignore: readonly string[]): void {
  if (group === null || ![label, time, weight, ...ignore].includes(group)) return;
  throw new OutpostError('BAD_INPUT', sentence('data.column_group_cannot_group_label', { group }));
}

/** Columns by whose names rows belong together: those of these names, unless left out or declared to be attributes. */
function groupColumns({ group = null }: TrainingColumns, taken: ReadonlySet<string | null>) {
  const named = (name: string): string | null => (taken.has(name) ? null : name);
  return { incident: group === 'incident' ? null : named('incident'), scammer: group ?? named('scammer') };
}

/**
 * Finds out what each column of a header is for. Throws BAD_CSV for a column that is named and not there, BAD_INPUT for one
 * that cannot be two things at once.
 */
export function layoutOf(file: string, header: readonly string[], columns: TrainingColumns): Layout {
  const ignore = columns.ignore.map((name) => {
    return header.includes(name) ? name : (header.find((other) => attributeNameOf(other) === name) ?? name);
  });
  const { weight = null, group = null } = columns;
  requireColumn(file, header, columns.label, sentence('data.name_label_column'));
  for (const name of [columns.time, weight, group, ...ignore]) if (name !== null) requireColumn(file, header, name);
  if (weight !== null && [columns.label, columns.time].includes(weight))
    throw new OutpostError('BAD_INPUT', sentence('data.column_weight_cannot_weight_label_or', { weight }));
  requireGroupAlone(columns, ignore);
  const { schema } = columns;
  const unknown =
    schema?.kind === 'kinds' ? [...schema.kinds.keys()].find((name) => !header.includes(name)) : undefined;
  if (unknown !== undefined)
    throw new OutpostError('BAD_INPUT', sentence('data.schema_file_names_column_unknown', { unknown }));
  const complaints = schema === null && isOfComplaints(header);
  const given = schema?.kind === 'schema' ? schema : complaints ? withCompanions(complaintsSchema) : null;
  const time =
    columns.time ?? (given?.schema.id === complaintsSchema.id && header.includes('received') ? 'received' : null);
  // A column of such a name that is left out, or declared to be an attribute, does not group rows.
  const taken = new Set([columns.label, weight, ...ignore, ...(schema?.kind === 'kinds' ? schema.kinds.keys() : [])]);
  const { incident, scammer } = groupColumns(columns, taken);
  const replaced = group === null ? [] : ['incident', 'scammer'].filter((name) => !taken.has(name));
  const own = [columns.label, time, weight, incident, scammer, ...replaced, ...ignore].filter((name) => name !== null);
  const place = (name: string | null): number => (name === null ? -1 : header.indexOf(name));
  const at = {
    label: place(columns.label),
    time: place(time),
    weight: place(weight),
    incident: place(incident),
    scammer: place(scammer),
  };
  const also = given?.schema.id === complaintsSchema.id ? complaintColumns : [];
  return { header, at, time, ignored: ignore, own: [...own, ...also], given };
}

/** How the label and the received date of a row are read. */
export interface CellReaders {
  readonly label: ReadLabel;
  /** A plain date; null for what is none. */
  readonly day: (cell: string) => string | null;
  /** Null for what is no number. */
  readonly number: (cell: string) => number | null;
}

/** What a row says beside its attributes. */
type RowHead = Omit<LabelledRow, 'facts' | 'tacticsNoted' | 'weight'> & { readonly weight: number };

/** Why a row of weight 0 is left out. */
export const weightless = sentence('row.weight_0');

/** Why a row is left out whose label was not named where labels were. */
export const otherLabel = sentence('row.other_label');

/** What a row says beside its attributes, or why it is left out; null when it has no label. */
export function headOf(
  { cells }: CsvRow,
  { header, at }: Layout,
  { label: read, day, number }: CellReaders,
): RowHead | Sentence | null {
  if (cells.length !== header.length) return sentence('row.width', { cells: cells.length, header: header.length });
  const label = read(cells[at.label]!);
  if (label === null) return null;
  if (label === 'other') return otherLabel;
  if (label === undefined) return sentence('row.no_label', { column: header[at.label]! });
  const received = at.time === -1 ? null : day(cells[at.time]!);
  if (received === null && at.time !== -1) return sentence('row.no_date', { column: header[at.time]! });
  const weight = at.weight === -1 ? 1 : number(cells[at.weight]!);
  if (weight === null || weight < 0) return sentence('row.no_weight', { column: header[at.weight]! });
  if (weight === 0) return weightless;
  const group = (place: number): string | null => cells[place]?.trim() || null;
  return { label, received, weight, incident: group(at.incident), scammer: group(at.scammer) };
}
