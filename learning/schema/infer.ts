import { isPersonalNumber } from '../../shared/domain/personal-numbers.ts';
import { longestListed, maxTagLength, whyNotListable, whyNotShareable } from '../../shared/domain/tactics.ts';
import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { otherValue } from '../../shared/encoding/csv-facts.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { attributeNamesOf } from './attribute-names.ts';
import { binEdges, widest } from './bin-edges.ts';
import type { ColumnFacts } from './columns.ts';
import { requireClearAmounts, requireClearDots, requireOneMeasure, requirePoints } from './refused-columns.ts';
import { binTexts } from './intervals.ts';
import { sentence } from '../../shared/language/sentence.ts';

export type Kind = 'boolean' | 'number' | 'category' | 'ignore';

/** What became of a column of the file: its kind and why, or why it is left out. */
export interface ColumnReport {
  readonly header: string;
  /** Attribute it feeds; null when it is left out. */
  readonly attribute: string | null;
  readonly kind: Kind;
  readonly why: string;
}

/** Most values a category lists; the schema takes no more. */
const mostValues = 1000;
/** Whole numbers with this many different values at most may be names of things rather than amounts. */
const fewValues = 12;
/**
 * Rows per value from which one term each costs next to nothing (half a term's share of the mean log loss, 1/1000) and
 * lets the effect have any shape, also one that only shows beside other columns.
 */
const manyRows = 500;
/** Whole numbers each in so many rows on average may be codes: a person is asked. */
const rowsPerCode = 50;
/** Rows a text needs before a schema, which leaves the centre with the model, lists it: once or twice may be a name. */
const fewestRows = 3;
/** Rows it needs where texts come so seldom that they look like names, or when it has digits or reads like an address. */
const commonRows = 10;
/** So few different texts are a category even if each comes once or twice only, as in a very small file. */
const fewTexts = 20;

type Decision = { readonly kind: Kind; readonly why: string };

function share(n: number, of: number): string {
  return `${Math.round((100 * n) / Math.max(1, of))} %`;
}

/** Texts, and the rows that have them. */
interface Unlisted {
  texts: number;
  rows: number;
}

/** Texts of a column a schema may list, the most frequent first, and those it may not, by reason. */
interface Listable {
  readonly values: readonly { readonly value: string; readonly n: number }[];
  /** In fewer rows than a text needs here. */
  readonly rare: Readonly<Unlisted> & { readonly below: number };
  /** With digits or like an address, in too few rows to be a kind of thing. */
  readonly doubtful: Readonly<Unlisted>;
  /** Telephone numbers and addresses on the net, however many rows have them. */
  readonly private: Readonly<Unlisted>;
  readonly long: Readonly<Unlisted>;
}

/**
 * Rows a text needs to be listed. Texts in fewer than ten rows look like names of people, or of what each case is about,
 * when there are many, each in fewer than five rows on average, and together they make up more than a twentieth.
 */
function rowsNeeded(sizes: readonly number[], known: number): number {
  const few = sizes.filter((n) => n < commonRows);
  const rows = few.reduce((a, b) => a + b, 0);
  const likeNames = few.length > fewTexts && rows < 5 * few.length && rows > known / 20;
  return likeNames ? commonRows : fewestRows;
}

/** With digits or like an address: whose it is cannot be told from few rows. How long it is says nothing. */
function isDoubtful(value: string): boolean {
  const why = whyNotShareable(value.slice(0, maxTagLength));
  return why === 'digits' || why === 'address';
}

/** The filter of all texts that leave (`whyNotShareable`); what many rows say may have digits. */
function listable({ counts, rows, missing }: ColumnFacts, declared = false): Listable {
  const texts = [...(counts ?? [])].map(([value, [a, b]]) => ({ value, n: a + b }));
  const below = rowsNeeded(
    texts.map(({ n }) => n),
    rows - missing,
  );
  const bins = binTexts(texts.map(({ value }) => value));
  const none = (): Unlisted => ({ texts: 0, rows: 0 });
  const out = { rare: { ...none(), below }, doubtful: none(), private: none(), long: none() };
  const reasonOf = ({ value, n }: { value: string; n: number }): Unlisted | null => {
    const why = whyNotListable(value);
    const never = why === 'digits' && bins.has(value) ? null : why;
    // What a schema file declares to be a category may look like an address of a site, never like a number or mail address.
    if (declared && never === 'address' && !value.includes('@')) return n < below ? out.rare : null;
    if (never === 'too_long') return out.long;
    if (never !== null) return out.private;
    if (n < below || value === otherValue) return out.rare;
    return n < commonRows && !bins.has(value) && isDoubtful(value) ? out.doubtful : null;
  };
  const values = texts.filter((text) => {
    const reason = reasonOf(text);
    if (reason === null) return true;
    reason.texts += 1;
    reason.rows += text.n;
    return false;
  });
  values.sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
  return { values, ...out };
}

/** How many texts of a category are not listed, and why; empty when all are. */
function aboutUnlisted({ rare, doubtful, private: own, long }: Listable): string {
  const said = [
    rare.texts > 0 ? `${rare.texts} in fewer than ${rare.below} rows` : null,
    doubtful.texts > 0 ? `${doubtful.texts} with digits or like an address in fewer than ${commonRows} rows` : null,
    own.texts > 0 ? `${own.texts} with addresses or numbers of people` : null,
    long.texts > 0 ? `${long.texts} longer than ${longestListed} letters` : null,
  ].filter((text) => text !== null);
  return said.length === 0 ? '' : `; not listed (read as another value, not as unknown): ${said.join(', ')}`;
}

/** What to do about a column of numbers in which too many cells are none. */
function aboutWords({ numbers, rows, missing, spaced, amounts }: ColumnFacts): string {
  const words = rows - missing - numbers;
  if (spaced > 0 && spaced + numbers > words - spaced)
    return `; ${spaced} of its cells would be numbers without what stands between their thousands: write 1234.5`;
  if (2 * amounts > words)
    return '; its amounts carry a currency: write the numbers alone to have them read as numbers';
  return words < numbers
    ? `; ${words} of its cells are no numbers: declare it a number to leave those rows out instead`
    : '';
}

/** Share of a column's numbers that are as long as one another where they are numbers of people. */
const alikeShare = 0.9;

/**
 * Whether whole numbers are those of telephones or accounts: nine in ten have seven digits or more and are as long as
 * one another, and fewer than half are round. Amounts differ in length, or are round.
 */
function areNumbersOfPeople({ whole, sample }: ColumnFacts): boolean {
  const long = sample.filter(isPersonalNumber);
  if (!whole || long.length < alikeShare * sample.length) return false;
  const lengths = Map.groupBy(long, (value) => String(Math.abs(value)).length);
  const most = Math.max(...[...lengths.values()].map((values) => values.length));
  const round = long.filter((value) => value % 100 === 0).length;
  return most >= alikeShare * long.length && 2 * round < long.length;
}

function categoryOr(facts: ColumnFacts, why: string): Decision {
  const known = facts.rows - facts.missing;
  if (facts.counts === null)
    return { kind: 'ignore', why: `nearly every row has a text of its own${aboutWords(facts)}` };
  const sizes = [...facts.counts.values()].map(([a, b]) => a + b).toSorted((a, b) => b - a);
  const covered = sizes.slice(0, mostValues).reduce((a, b) => a + b, 0);
  if (sizes.length > mostValues && covered < known / 2) {
    return {
      kind: 'ignore',
      why: `${sizes.length} different texts: it looks like a name or number of each case, not like an attribute${aboutWords(facts)}`,
    };
  }
  const listed = listable(facts);
  const measures = 2 * facts.numbers > known && !areNumbersOfPeople(facts);
  if (listed.private.rows > known / 2 && !measures)
    return { kind: 'ignore', why: 'it holds addresses or numbers of people' };
  if (listed.long.rows > known / 2) return { kind: 'ignore', why: 'it holds free text' };
  if (sizes.length > known / 2 && sizes.length > fewTexts) {
    const what = 'hardly a text comes twice: it looks like a name or number of each case';
    return { kind: 'ignore', why: `${what}${aboutWords(facts)}` };
  }
  if (listed.values.length === 0) {
    const what = `no text of it is in ${listed.rare.below} rows or more: it looks like a name or number of each case`;
    return { kind: 'ignore', why: `${what}${aboutWords(facts)}` };
  }
  const most = listed.values.slice(0, mostValues).reduce((sum, { n }) => sum + n, 0);
  const rest =
    listed.values.length > mostValues ? `, the ${mostValues} most frequent (${share(most, known)}) listed` : '';
  const spaced = facts.spaced > 0 || facts.amounts > 0 ? aboutWords(facts) : '';
  const little = most < known / 2 ? '; most of its rows have a text that is not listed' : '';
  return { kind: 'category', why: `${why}${rest}${aboutUnlisted(listed)}${little}${spaced}` };
}

/** What to do about numbers so far from zero that most of their differences are lost: models read float32. */
function aboutPrecision({ sample }: ColumnFacts): string {
  const [given, kept] = [new Set(sample).size, new Set(sample.map(Math.fround)).size];
  return kept < given / 2
    ? `; of ${given} different ones only ${kept} can be told apart, as models read seven digits: take off what they have in common`
    : '';
}

/** Yes/no when each of two cells says so and both are one pair, such as 0 and 1; not when a text names two things. */
function decide(facts: ColumnFacts): Decision {
  const values = facts.counts?.size ?? Infinity;
  if (facts.missing === facts.rows) return { kind: 'ignore', why: 'it is empty in every row' };
  if (facts.dates)
    return {
      kind: 'ignore',
      why: 'it holds dates; name it with --time if it says when, else make a number of it, such as days',
    };
  if (values === 1 && facts.missing === 0) return { kind: 'ignore', why: 'it is the same in every row' };
  if (facts.running) return { kind: 'ignore', why: 'it counts the rows; declare it a number if it says more' };
  if (facts.yesNo && !(facts.numeric && values > 2)) return { kind: 'boolean', why: 'yes or no' };
  if (!facts.numeric) return categoryOr(facts, `${values} texts`);
  if (areNumbersOfPeople(facts))
    return {
      kind: 'ignore',
      why: 'its numbers look like those of telephones or accounts; declare it a number if they are amounts',
    };
  const few = facts.whole && facts.percents === 0 && values >= 3 && values <= fewValues;
  if (few && facts.rows - facts.missing >= manyRows * values) {
    return categoryOr(facts, `${values} whole numbers, with rows enough to learn each by itself`);
  }
  const percent = facts.percents > 0 ? ' in percent: 12 % is 12' : '';
  const codes =
    facts.whole && values >= 3 && values <= mostValues && facts.rows - facts.missing >= rowsPerCode * values
      ? `; ${values} different ones: if they are codes, give --categories ${attributeNameOf(facts.header)}`
      : '';
  return {
    kind: 'number',
    why: `${facts.whole ? 'whole numbers' : 'numbers'}${percent}${codes}${aboutPrecision(facts)}`,
  };
}

/** Every number of it has a percent sign. */
function isPercent({ percents, numbers }: ColumnFacts): boolean {
  return percents > 0 && percents === numbers;
}

function attributeOf(facts: ColumnFacts, name: string, kind: Exclude<Kind, 'ignore'>): Attribute {
  const label = facts.header.slice(0, 190) || name;
  const common = { name, label, question: label, group: 'more', shareable: true, since: 1 } as const;
  if (kind === 'boolean') return { ...common, kind, says: { yes: `${label}: yes`, no: `${label}: no` } };
  if (kind === 'number') {
    return {
      ...common,
      kind,
      unit: isPercent(facts) ? '%' : '',
      min: -widest,
      max: widest,
      bins: binEdges(facts.sample),
    };
  }
  const values = listable(facts).values.slice(0, mostValues);
  return { ...common, kind, values: values.map(({ value }) => ({ value, label: value })) };
}

function declaredKind(facts: ColumnFacts, declared: Kind): Decision {
  const cannot = (what: string): never => {
    throw new OutpostError(
      'BAD_INPUT',
      sentence('schema.declared_otherwise', { column: facts.header, declared, what }),
    );
  };
  if (declared === 'ignore') return { kind: 'ignore', why: 'as the schema file says' };
  if (facts.missing === facts.rows) return { kind: 'ignore', why: 'it is empty in every row' };
  if (declared === 'number' && facts.sample.length === 0)
    cannot('none of its cells is a number in digits with a decimal point');
  if (declared === 'category' && facts.counts === null) cannot('it has too many different texts');
  if (declared !== 'category') return { kind: declared, why: 'as the schema file says' };
  const listed = listable(facts, true);
  if (listed.values.length === 0)
    cannot(
      `its texts are in fewer than ${listed.rare.below} rows each, longer than ${longestListed} letters, or addresses or numbers of people: a schema leaves the centre with the model. Give a whole feature schema that lists what it may`,
    );
  return { kind: declared, why: `as the schema file says${aboutUnlisted(listed)}` };
}

/**
 * Makes a feature schema from what the columns of a file look like, and says for each column what it became and why.
 * `declared` kinds, by header, come first. Throws BAD_INPUT when no column is left, or a declared kind cannot be, and
 * BAD_CSV for a column of numbers written with commas.
 */
export function inferSchema(
  id: string,
  columns: readonly ColumnFacts[],
  declared: ReadonlyMap<string, Kind> = new Map(),
): { schema: FeatureSchema; columns: ColumnReport[] } {
  const attributes: Attribute[] = [];
  const names = attributeNamesOf(columns.map(({ header }) => header));
  const reports = columns.map((facts): ColumnReport => {
    const wanted = declared.get(facts.header);
    if (wanted === undefined) {
      requirePoints(facts);
      requireClearDots(facts);
      requireClearAmounts(facts);
    }
    if (wanted === undefined || wanted === 'number') requireOneMeasure(facts);
    const { kind, why } = wanted === undefined ? decide(facts) : declaredKind(facts, wanted);
    if (kind === 'ignore') return { header: facts.header, attribute: null, kind, why };
    const name = names.get(facts.header)!;
    attributes.push(attributeOf(facts, name, kind));
    return { header: facts.header, attribute: name, kind, why };
  });
  if (attributes.length === 0) throw new OutpostError('BAD_INPUT', sentence('schema.file_no_column_model_could_learn'));
  if (attributes.length > 500) throw new OutpostError('BAD_INPUT', sentence('schema.file_more_than_500_columns_learn'));
  const schema: FeatureSchema = {
    format: 'outpost.feature-schema/1',
    id,
    version: 1,
    attributes,
    currencies: { reference: 'USD', asOf: '2026-01-01', minorPerReference: { USD: 100 } },
    understoodTactics: [],
    synonyms: {},
  };
  return { schema, columns: reports };
}
