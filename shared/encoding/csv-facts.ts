import type { AttributeValue, Facts } from '../domain/facts.ts';
import { minorDigits, minorUnits } from '../currency/minor-units.ts';
import { mostMinorUnits, type Money } from '../domain/money.ts';
import { normaliseTactic, whyNotShareable } from '../domain/tactics.ts';
import { cellText } from './cell-text.ts';
import { attributeNameOf, ownNameOf } from './attribute-names.ts';
import { dotsOf, noNumber, numberIn, percentIn, withPoint, type DecimalSign } from './csv-numbers.ts';
import { sentence, type Sentence } from '../language/sentence.ts';
import { memoized, textOfTwo } from './memoize.ts';
import type { Attribute, FeatureSchema } from './schema.ts';
import { schemaRef } from './schema-identity.ts';
import { isUnknownCell, type Missing } from './unknown-spellings.ts';
import type { DescribedSchema, SchemaTexts } from './schema-texts.ts';

/** A cell that could not be taken over; its attribute counts as unknown unless said otherwise. What is said never repeats the cell. */
export interface CsvProblem {
  readonly column: string;
  readonly why: Sentence;
  /** The cell counts as a value never seen instead. */
  readonly asOther?: true;
}

/** Facts read from one row, what could not be read, and the columns nothing was done with. */
interface CsvFacts {
  readonly facts: Facts;
  readonly problems: CsvProblem[];
  readonly unmapped: string[];
}

const yes = new Set(['yes', 'y', 'true', '1', '1.0']);
const no = new Set(['no', 'n', 'false', '0', '0.0']);
const amountForm = /^-?\d+(?:\.\d+)?$/;
const mostTactics = 50;

/** Stands for a text that may not be kept: a value no schema lists, so that the case counts as one never seen. */
export const otherValue = '(other)';

const none: Missing = new Set();
const noNames: ReadonlySet<string> = new Set();

/** How the cells of one file are read. */
interface CellRules {
  /** Further spellings of unknown. */
  readonly missing?: Missing;
  /** Attributes whose columns show that a dot stands before decimals, so that 1.440 can only be a bit more than one. */
  readonly decimals?: ReadonlySet<string>;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal?: DecimalSign | undefined;
  /** Companions of the schema: a cell may hold the words of a value in its place. */
  readonly texts?: readonly SchemaTexts[];
  /** Takes the texts that were read as unknown, in lower case. */
  readonly unknown?: Set<string>;
}

/** Yes or no in the usual spellings, also 1 and 0; null for anything else. */
export function yesNo(cell: string): boolean | null {
  const text = cellText(cell).toLowerCase();
  if (yes.has(text)) return true;
  return no.has(text) ? false : null;
}

/** Answers the value of a cell that says something, or what is wrong with it. */
type Read = { readonly value: AttributeValue; readonly problem?: Sentence } | { readonly problem: Sentence };
type ReadCell = (cell: string, currency: string) => Read;

/** True for an amount whose dots may stand between thousands as well as before decimals: not where its currency has three of them. */
export function isUnclearAmount(amount: string, currency: string): boolean {
  if (!/^[1-9]\d{0,2}(?:\.\d{3})+$/.test(amount)) return false;
  return minorDigits(currency) !== 3 || amount.indexOf('.') !== amount.lastIndexOf('.');
}

function moneyReader({ name: column }: Attribute, decimal: DecimalSign): ReadCell {
  return (cell, currencyCell) => readMoney(column, cell, currencyCell, decimal);
}

function readMoney(column: string, cell: string, currencyCell: string, decimal: DecimalSign): Read {
  const match = /^(\S+?)(?:\s*([A-Za-z]{3}))?$/.exec(cell);
  const [, written = '', inline] = match ?? [];
  const currency = (inline ?? currencyCell).toUpperCase();
  const amount = decimal === '.' ? written : withPoint(written);
  if (decimal === '.' && isUnclearAmount(amount, currency))
    return { problem: sentence('cell.unclear_dot_amount', { column }) };
  if (!amountForm.test(amount) || amount.startsWith('-')) {
    return { problem: sentence(decimal === '.' ? 'cell.no_amount' : 'cell.no_amount_with_comma', { column }) };
  }
  if (!/^[A-Z]{3}$/.test(currency)) return { problem: sentence('cell.no_currency', { column }) };
  const minor = minorUnits(Number(amount), currency);
  if (minor > mostMinorUnits) return { problem: sentence('cell.amount_too_large', { column }) };
  return { value: { amount: minor, currency } satisfies Money };
}

/** That a number of a column is not within the range of its attribute. */
export function outsideRange({ name: column, min, max, unit }: Attribute & { kind: 'number' }): Sentence {
  const ends = { column, min: String(min), max: String(max) };
  return unit === '' ? sentence('cell.outside_range', ends) : sentence('cell.outside_range_of_unit', { ...ends, unit });
}

/** Bins that lie between whole numbers: what the schema was made from had decimals. */
function hasDecimals({ bins }: Attribute & { kind: 'number' }): boolean {
  return bins.some((edge) => !Number.isInteger(edge));
}

function numberReader(attribute: Attribute & { kind: 'number' }, decimals: boolean, decimal: DecimalSign): ReadCell {
  const { name: column, min, max, unit } = attribute;
  const settled = decimals || hasDecimals(attribute);
  return (cell) => {
    if (!settled && dotsOf(cell, decimal) === 'either') return { problem: sentence('cell.unclear_dot', { column }) };
    const value = (unit === '%' ? percentIn(cell, decimal) : null) ?? numberIn(cell, decimal);
    if (value === null) return { problem: noNumber(cell, column, decimal) };
    if (value >= min && value <= max) return { value };
    return { problem: outsideRange(attribute) };
  };
}

/** The words of a value in the companions of the schema: a cell may hold them in its place. */
function wordsOfValue(texts: readonly SchemaTexts[], attribute: string, value: string): string[] {
  return texts.flatMap(({ attributes }) => attributes[attribute]?.values?.[value] ?? []);
}

function categoryReader(
  { name: column, values }: Attribute & { kind: 'category' },
  texts: readonly SchemaTexts[],
): ReadCell {
  const exact = new Map(values.flatMap((value) => [cellText(value), value].map((text) => [text, value])));
  const spellings = (value: string): string[] => [...wordsOfValue(texts, column, value), value];
  const loose = new Map(values.toReversed().flatMap((v) => spellings(v).map((text) => [text.toLowerCase(), v])));
  return (cell) => {
    const known = exact.get(cell) ?? loose.get(cell.toLowerCase());
    if (known !== undefined) return { value: known };
    // A value the schema does not list is kept: the case is then outside what the model knows, and says so.
    if (whyNotShareable(cell) === null) return { value: cell };
    return { value: otherValue, problem: sentence('cell.not_listed', { column }) };
  };
}

/** Prepares to read the cells of an attribute that say something; the second text is their currency, if it is known. */
export function cellReader(
  attribute: Exclude<Attribute, { kind: 'tactic' }>,
  { decimals = noNames, decimal = '.', texts = [] }: Pick<CellRules, 'decimals' | 'decimal' | 'texts'> = {},
): ReadCell {
  switch (attribute.kind) {
    case 'boolean':
      return (cell) => {
        const value = yesNo(cell);
        return value === null ? { problem: sentence('cell.no_yes_no', { column: attribute.name }) } : { value };
      };
    case 'category':
      return categoryReader(attribute, texts);
    case 'number':
      return numberReader(attribute, decimals.has(attribute.name), decimal);
    case 'money':
      return moneyReader(attribute, decimal);
  }
}

/** What the cell of a row's tactics says. */
interface TacticsSaid {
  /** Whether it lists the tactics that were noted. */
  readonly noted: boolean;
  readonly tags: readonly string[];
  readonly problems: readonly CsvProblem[];
}

const nothingNoted: TacticsSaid = { noted: false, tags: [], problems: [] };

function readTactics(schema: FeatureSchema, raw: string, missing: Missing): TacticsSaid {
  const cell = cellText(raw);
  if (cell !== '' && isUnknownCell(cell, missing)) return nothingNoted;
  const [tags, problems]: [string[], CsvProblem[]] = [[], []];
  for (const part of cell.split(';')) {
    if (part.trim() === '') continue;
    const why = whyNotShareable(part.trim());
    const tag = normaliseTactic(part, schema.synonyms);
    if (why !== null || tag === '')
      problems.push({ column: 'tactics', why: sentence('cell.bad_tactic', { column: 'tactics' }) });
    else if (!tags.includes(tag)) tags.push(tag);
  }
  return { noted: true, tags, problems };
}

interface ReadColumn {
  readonly attribute: Attribute;
  /** Index among the cells, and that of its currency; -1: not there. */
  readonly at: number;
  readonly currencyAt: number;
  /** What a cell and its currency say, as one text; null: a tactic's, which is read with the others. */
  readonly says: ((text: string, cells: readonly string[]) => CellSaid) | null;
}

/** What came of a cell: nothing for one that says nothing. */
interface CellSaid {
  readonly value?: AttributeValue;
  readonly problem?: CsvProblem;
}

/** Reads the rows of one CSV file. */
export interface CsvReader {
  /** Columns of the file nothing is done with, by their headers. */
  readonly unmapped: readonly string[];
  /** Attributes that have a column, by name, with its index. */
  readonly mapped: ReadonlyMap<string, number>;
  /** Where the currency of an attribute's amounts stands, by the attribute's name. */
  readonly currencies: ReadonlyMap<string, number>;
  /** Where the tactics that were noted stand; -1: nowhere. */
  readonly tacticsAt: number;
  readonly read: (cells: readonly string[]) => { facts: Facts; problems: CsvProblem[] };
}

/** Where each name of the schema stands in the header: by the very name first, else by the name a header gives. */
function finder(header: readonly string[], ignore: readonly string[]): (name: string) => number {
  const [exact, loose] = [new Map<string, number>(), new Map<string, number>()];
  header.forEach((text, i) => {
    if (ignore.includes(text)) return;
    if (!exact.has(text)) exact.set(text, i);
    for (const name of [attributeNameOf(text), ownNameOf(text)]) if (!loose.has(name)) loose.set(name, i);
  });
  return (name) => exact.get(name) ?? loose.get(name) ?? -1;
}

/**
 * Prepares to read rows with this header: one column per attribute of the schema, by its name or a header that gives it
 * (`attributeNameOf`): yes/no, value or label, number, money with `<name>_currency` beside it or as `12000 INR`;
 * `tactics` separated by `;`, and yes/no columns of tactic attributes. Empty means unknown, but for `tactics`, where it
 * means that none was noted; without that column tactics that have none of their own are unknown. `ignore` names columns
 * that the caller reads itself; every other column that is not an attribute is unmapped.
 */
export function csvReader(
  schema: FeatureSchema,
  header: readonly string[],
  ignore: readonly string[] = [],
  rules: CellRules = {},
): CsvReader {
  const { missing = none } = rules;
  const find = finder(header, ignore);
  const columns = schema.attributes.map((attribute): ReadColumn => {
    const currencyAt = attribute.kind === 'money' ? find(`${attribute.name}_currency`) : -1;
    const at = find(attribute.name);
    const says = attribute.kind === 'tactic' ? null : memoized(cellSayer(attribute, header, at, currencyAt, rules));
    return { attribute, at, currencyAt, says };
  });
  const under = schemaRef(schema);
  const tacticsAt = schema.attributes.some((a) => a.name === 'tactics') ? -1 : find('tactics');
  const saidOfTactics = memoized((cell: string) => readTactics(schema, cell, missing));
  const used = new Set([tacticsAt, ...columns.flatMap((c) => [c.at, c.currencyAt])]);
  return {
    unmapped: header.filter((text, i) => !used.has(i) && !ignore.includes(text)),
    mapped: new Map(columns.flatMap((c) => (c.at === -1 ? [] : [[c.attribute.name, c.at]]))),
    currencies: new Map(columns.flatMap((c) => (c.currencyAt === -1 ? [] : [[c.attribute.name, c.currencyAt]]))),
    tacticsAt,
    read(cells) {
      const attributes: Record<string, AttributeValue> = {};
      const said = tacticsAt === -1 ? nothingNoted : saidOfTactics(cells[tacticsAt] ?? '', undefined);
      const { noted, tags, problems } = { ...said, tags: [...said.tags], problems: [...said.problems] };
      for (const column of columns) readColumn(column, cells, { attributes, tags, noted, problems });
      if (tags.length > mostTactics) {
        problems.push({
          column: 'tactics',
          why: sentence('cell.many_tactics', { column: 'tactics', most: mostTactics }),
        });
      }
      return { facts: { schema: under, attributes, tactics: tags.slice(0, mostTactics) }, problems };
    },
  };
}

/** What has been read of a row so far; `noted`: it lists the tactics that were noted. */
interface RowSoFar {
  readonly attributes: Record<string, AttributeValue>;
  readonly tags: string[];
  readonly noted: boolean;
  readonly problems: CsvProblem[];
}

function readTactic({ name, tag }: Attribute & { kind: 'tactic' }, cell: string, row: RowSoFar): void {
  const said = yesNo(cell);
  if (said === true && !row.tags.includes(tag)) row.tags.push(tag);
  else if (said === null && !isUnknownCell(cell))
    row.problems.push({ column: name, why: sentence('cell.no_yes_no', { column: name }) });
  // Null says that nobody knows; a tactic that is only absent from the list would be read as not recorded.
  else if (said === null && !row.noted) row.attributes[name] = null;
}

/** What is wrong with a cell, naming its column as the file does. */
export function aboutColumn(why: Sentence, column: string): Sentence {
  return 'column' in why.args ? { ...why, args: { ...why.args, column } } : why;
}

/** Reads the cell of an attribute in its row, with its currency. */
function cellSayer(
  attribute: Exclude<Attribute, { kind: 'tactic' }>,
  header: readonly string[],
  at: number,
  currencyAt: number,
  rules: CellRules,
) {
  const { missing = none, unknown: met } = rules;
  const read = cellReader(attribute, rules);
  return (_text: string, cells: readonly string[]): CellSaid => {
    const cell = cellText(cells[at] ?? '');
    if (isUnknownCell(cell, missing)) {
      if (cell !== '') met?.add(cell.toLowerCase());
      return {};
    }
    const found = read(cell, cellText(cells[currencyAt] ?? ''));
    const value = 'value' in found ? { value: found.value } : {};
    if (found.problem === undefined) return value;
    const other = 'value' in found && { asOther: true as const };
    return {
      ...value,
      problem: { column: attribute.name, why: aboutColumn(found.problem, header[at] ?? attribute.name), ...other },
    };
  };
}

function readColumn({ attribute, at, currencyAt, says }: ReadColumn, cells: readonly string[], row: RowSoFar): void {
  const cell = cells[at] ?? '';
  if (attribute.kind === 'tactic') return readTactic(attribute, cell.trim(), row);
  if (says === null || cell === '') return;
  const { value, problem } = says(currencyAt === -1 ? cell : textOfTwo(cell, cells[currencyAt] ?? ''), cells);
  if (problem !== undefined) row.problems.push(problem);
  if (value !== undefined) row.attributes[attribute.name] = value;
}

/** Reads the facts of one row given as column name -> cell; see `csvReader`, which is for many rows. */
export function factsFromCsvRow(
  { schema, texts }: DescribedSchema,
  record: Readonly<Record<string, string>>,
  ignore: readonly string[] = [],
): CsvFacts {
  const reader = csvReader(schema, Object.keys(record), ignore, { texts });
  return { ...reader.read(Object.values(record)), unmapped: [...reader.unmapped] };
}
