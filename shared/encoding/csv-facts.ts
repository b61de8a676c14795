import { factsSchema, type AttributeValue, type Facts } from '../domain/facts.ts';
import type { Money } from '../domain/money.ts';
import { normaliseTactic, whyNotShareable } from '../domain/tactics.ts';
import type { Attribute, FeatureSchema } from './schema.ts';

/** A cell that could not be taken over; its attribute counts as unknown. The message never repeats the cell. */
export interface CsvProblem {
  readonly column: string;
  readonly message: string;
}

/** Facts read from one row, what could not be read, and the columns nothing was done with. */
export interface CsvFacts {
  readonly facts: Facts;
  readonly problems: CsvProblem[];
  readonly unmapped: string[];
}

const yes = new Set(['yes', 'y', 'true', '1']);
const no = new Set(['no', 'n', 'false', '0']);
const unknown = new Set(['', 'unknown', 'na', 'n/a', 'null', 'nan']);
const decimal = /^-?\d+(?:\.\d+)?$/;

type Read = { value: AttributeValue } | { problem: string };

function readMoney(cell: string, currencyCell: string): Read {
  const match = /^(\S+?)(?:\s*([A-Za-z]{3}))?$/.exec(cell);
  const [, amount = '', inline] = match ?? [];
  const currency = (inline ?? currencyCell).toUpperCase();
  if (!decimal.test(amount) || amount.startsWith('-')) {
    return { problem: 'is no amount: write digits with a decimal point and no separators, as in 12000 or 49.90' };
  }
  if (!/^[A-Z]{3}$/.test(currency))
    return { problem: 'has no currency: write it as 12000 INR or add a currency column' };
  const minor = Math.round(Number(amount) * 100);
  if (minor > 1_000_000_000_000) return { problem: 'is larger than any amount that is kept' };
  return { value: { amount: minor, currency } satisfies Money };
}

function readNumber(attribute: Attribute & { kind: 'number' }, cell: string): Read {
  if (!decimal.test(cell)) return { problem: 'is no number: write digits with a decimal point' };
  const value = Number(cell);
  if (value >= attribute.min && value <= attribute.max) return { value };
  return { problem: `is outside ${attribute.min} to ${attribute.max} ${attribute.unit}` };
}

function readCategory(attribute: Attribute & { kind: 'category' }, cell: string): Read {
  const wanted = cell.toLowerCase();
  const known = attribute.values.find((v) => v.value.toLowerCase() === wanted || v.label.toLowerCase() === wanted);
  if (known) return { value: known.value };
  // A value the schema does not list is kept: the case is then outside what the model knows, and says so.
  return whyNotShareable(cell) === null
    ? { value: cell }
    : { problem: 'is not on the list and cannot be kept as a new value' };
}

function readCell(attribute: Exclude<Attribute, { kind: 'tactic' }>, cell: string, currency: string): Read {
  if (unknown.has(cell.toLowerCase())) return { value: null };
  switch (attribute.kind) {
    case 'boolean':
      if (yes.has(cell.toLowerCase())) return { value: true };
      return no.has(cell.toLowerCase()) ? { value: false } : { problem: 'is neither yes nor no' };
    case 'category':
      return readCategory(attribute, cell);
    case 'number':
      return readNumber(attribute, cell);
    case 'money':
      return readMoney(cell, currency);
  }
}

function readTactics(schema: FeatureSchema, cell: string, problems: CsvProblem[]): string[] {
  const tags: string[] = [];
  for (const part of cell.split(';')) {
    if (part.trim() === '') continue;
    const why = whyNotShareable(part.trim());
    const tag = normaliseTactic(part, schema.synonyms);
    if (why !== null || tag === '')
      problems.push({ column: 'tactics', message: 'holds a text that may not be kept as a tactic' });
    else if (!tags.includes(tag)) tags.push(tag);
  }
  return tags;
}

/**
 * Reads the facts of one CSV row (column name -> cell): one column per attribute of the schema (yes/no, value or
 * label, number, money with `<name>_currency` beside it or as `12000 INR`), `tactics` separated by `;`, and yes/no
 * columns of tactic attributes. Empty means unknown. `ignore` names columns that the caller reads itself; every other
 * column that is not an attribute is returned as unmapped.
 */
export function factsFromCsvRow(
  schema: FeatureSchema,
  record: Readonly<Record<string, string>>,
  ignore: readonly string[] = [],
): CsvFacts {
  const problems: CsvProblem[] = [];
  const attributes: Record<string, AttributeValue> = {};
  const used = new Set(['tactics', ...ignore]);
  const tags = readTactics(schema, record['tactics'] ?? '', problems);
  for (const attribute of schema.attributes) {
    used.add(attribute.name);
    if (attribute.kind === 'money') used.add(`${attribute.name}_currency`);
    const cell = record[attribute.name]?.trim() ?? '';
    if (attribute.kind === 'tactic') {
      if (yes.has(cell.toLowerCase()) && !tags.includes(attribute.tag)) tags.push(attribute.tag);
      continue;
    }
    const read = readCell(attribute, cell, record[`${attribute.name}_currency`]?.trim() ?? '');
    if ('problem' in read) problems.push({ column: attribute.name, message: read.problem });
    else if (read.value !== null) attributes[attribute.name] = read.value;
  }
  if (tags.length > 50)
    problems.push({ column: 'tactics', message: 'names more than 50 tactics; the first 50 are kept' });
  const facts = factsSchema.parse({
    schema: { id: schema.id, version: schema.version },
    attributes,
    tactics: tags.slice(0, 50),
  });
  return { facts, problems, unmapped: Object.keys(record).filter((column) => !used.has(column)) };
}
