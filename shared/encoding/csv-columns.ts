import type { CsvReader } from './csv-facts.ts';
import { encodeFacts, isMissing, outsideReasons, unknownOf, type ColumnValue, type OutsideRule } from './encode.ts';
import { memoized, textOfTwo } from './memoize.ts';
import type { Attribute, FeatureSchema } from './schema.ts';

/** What a cell says, found once for every text that stands in its column. */
export interface CellSays {
  /** The value of its raw column. */
  readonly value: ColumnValue;
  readonly missing: boolean;
  /** Whether somebody answered something: that a tactic was not noted is no answer. */
  readonly answers: boolean;
  /** A category value that the schema does not list. */
  readonly unseen: boolean;
  /** Whether something of it could not be read: the row reader says what. */
  readonly bad: boolean;
}

/** A batch of rows column by column. */
export interface CsvColumns {
  readonly rows: number;
  /** What the cells of a shareable attribute say, one for each row. */
  readonly says: ReadonlyMap<string, readonly CellSays[]>;
  /** 1 for rows outside what the model knows. */
  readonly outside: Uint8Array;
  /** 1 for rows in which somebody answered something. */
  readonly answered: Uint8Array;
  /** Rows with something that could not be read. */
  readonly bad: readonly number[];
}

/** Reads rows of one CSV file a batch at a time. */
export interface CsvColumnReader {
  read(rows: readonly (readonly string[])[]): CsvColumns;
}

type Says<T> = (cells: readonly string[]) => T;

/** The cells at some places as one text that no other cells give. */
function keyOf([first, ...others]: readonly number[]): (cells: readonly string[]) => string {
  if (first === undefined) return () => '';
  const [second] = others;
  if (second === undefined) return (cells) => cells[first]!;
  if (others.length === 1) return (cells) => textOfTwo(cells[first]!, cells[second]!);
  return (cells) => JSON.stringify([first, ...others].map((at) => cells[at]));
}

/** Finds what `find` says of the cells at some places, asking once for every combination of them. */
function saying<T extends object>(places: readonly number[], find: Says<T>, width: number): Says<T> {
  const textOf = keyOf(places);
  const says = memoized((_text: string, cells: readonly string[]): T => {
    const own = Array<string>(width).fill('');
    for (const at of places) own[at] = cells[at]!;
    return find(own);
  });
  return (cells) => says(textOf(cells), cells);
}

function saysOf(attribute: Attribute, value: ColumnValue, bad: boolean): CellSays {
  const missing = isMissing(value);
  const answers = !missing && (attribute.kind !== 'tactic' || value === 1);
  const unseen = attribute.kind === 'category' && !missing && !attribute.values.includes(String(value));
  return { value, missing, answers, unseen, bad };
}

interface Column {
  readonly attribute: Attribute;
  /** Whether it counts towards what makes a row outside. */
  readonly counts: boolean;
  readonly says: Says<CellSays>;
}

/** What the tactics of a row say: the columns they are, and whether one is not understood. */
interface TacticsSay {
  readonly columns: readonly CellSays[];
  readonly strange: boolean;
  readonly bad: boolean;
}

/** Reads rows under part of a schema. */
type ReaderOf = (schema: FeatureSchema) => CsvReader;

/** Attributes that are read together: tactics have a column in common. */
function isOfTactics({ kind, name }: Attribute): boolean {
  return kind === 'tactic' || name === 'tactics';
}

function columnOf(readerOf: ReaderOf, schema: FeatureSchema, attribute: Attribute, width: number): Says<CellSays> {
  const part = { ...schema, attributes: [attribute] };
  const reader = readerOf(part);
  const [at, currencyAt] = [reader.mapped.get(attribute.name), reader.currencies.get(attribute.name)];
  const places = [at, currencyAt].filter((place) => at !== undefined && place !== undefined) as number[];
  const find = (cells: readonly string[]): CellSays => {
    const { facts, problems } = reader.read(cells);
    const value = encodeFacts(part, facts)[attribute.name] ?? unknownOf(attribute);
    return saysOf(attribute, value, problems.length > 0);
  };
  return saying(places, find, width);
}

function tacticsOf(readerOf: ReaderOf, schema: FeatureSchema, rule: OutsideRule, width: number): Says<TacticsSay> {
  const attributes = schema.attributes.filter(isOfTactics);
  const part = { ...schema, attributes };
  const reader = readerOf(part);
  const places = [...new Set([reader.tacticsAt, ...reader.mapped.values()])].filter((at) => at !== -1);
  const find = (cells: readonly string[]): TacticsSay => {
    const { facts, problems } = reader.read(cells);
    const [row, bad] = [encodeFacts(part, facts), problems.length > 0];
    const columns = attributes.map((a) => saysOf(a, row[a.name] ?? unknownOf(a), bad));
    return { columns, strange: outsideReasons({ ...schema, attributes: [] }, facts, rule).length > 0, bad };
  };
  return saying(places, find, width);
}

/** Marks of the rows of a batch, filled in column by column. */
interface Marks {
  readonly missing: Uint16Array;
  readonly outside: Uint8Array;
  readonly answered: Uint8Array;
  readonly bad: Uint8Array;
}

function noMarks(rows: number): Marks {
  const none = (): Uint8Array => new Uint8Array(rows);
  return { missing: new Uint16Array(rows), outside: none(), answered: none(), bad: none() };
}

function mark(marks: Marks, i: number, { attribute: { shareable }, counts }: Column, found: CellSays): void {
  if (found.bad) marks.bad[i] = 1;
  if (shareable && found.answers) marks.answered[i] = 1;
  if (!counts) return;
  if (found.missing) marks.missing[i]! += 1;
  else if (found.unseen) marks.outside[i] = 1;
}

/**
 * Prepares to read rows of a file with a header of `width` columns straight into the raw columns of a schema, as
 * `encodeFacts` does with the facts that a row reader gives, and to tell rows outside what the model knows, as
 * `outsideReasons` does. A cell is read once for every text in its column, since files repeat themselves: what a reader
 * says of a cell must follow from that cell, its currency and the tactics noted beside it.
 */
export function csvColumnReader(
  schema: FeatureSchema,
  width: number,
  rule: OutsideRule,
  readerOf: ReaderOf,
): CsvColumnReader {
  const read = new Set(rule.columns ?? schema.attributes.map((a) => a.name));
  const column = (attribute: Attribute, says: Says<CellSays>): Column => ({
    attribute,
    counts: attribute.shareable && attribute.kind !== 'tactic' && read.has(attribute.name),
    says,
  });
  const tactics = tacticsOf(readerOf, schema, rule, width);
  const own = schema.attributes.filter((a) => !isOfTactics(a));
  const columns = [
    ...own.map((attribute) => column(attribute, columnOf(readerOf, schema, attribute, width))),
    ...schema.attributes.filter(isOfTactics).map((a, k) => column(a, (cells) => tactics(cells).columns[k]!)),
  ];
  const asked = columns.filter(({ counts }) => counts).length;
  return {
    read(rows) {
      const marks = noMarks(rows.length);
      const { missing, outside, answered, bad } = marks;
      const says = new Map<string, readonly CellSays[]>();
      for (const one of columns) {
        const found = rows.map(one.says);
        found.forEach((cell, i) => mark(marks, i, one, cell));
        if (one.attribute.shareable) says.set(one.attribute.name, found);
      }
      rows.forEach((cells, i) => {
        const { strange, bad: unread } = tactics(cells);
        if (strange || (asked > 0 && missing[i]! / asked > rule.maxMissingShare)) outside[i] = 1;
        if (unread) bad[i] = 1;
      });
      return { rows: rows.length, says, outside, answered, bad: [...bad.keys()].filter((i) => bad[i] === 1) };
    },
  };
}
