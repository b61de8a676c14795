import { isNamedForPerson } from '../../shared/domain/personal-names.ts';
import { longestListed, maxTagLength, whyNotListable, whyNotShareable } from '../../shared/domain/tactics.ts';
import { otherValue } from '../../shared/encoding/csv-facts.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { schemaHash } from '../../shared/encoding/schema-identity.ts';
import type { AttributeTexts, DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { attributeNamesOf } from './attribute-names.ts';
import { binEdges, widest } from './bin-edges.ts';
import type { ColumnFacts } from './columns.ts';
import { requireClearAmounts, requireClearDots, requireOneMeasure, requireOneSign } from './refused-columns.ts';
import { measureTexts } from './measure-texts.ts';
import { shownTexts } from './no-numbers.ts';
import { numberIn, percentIn } from '../../shared/encoding/csv-numbers.ts';
import { areNumbersOfPeople } from './personal-number-columns.ts';
import { inClauses, listed, sentence, type Sentence } from '../../shared/language/sentence.ts';

export type Kind = 'boolean' | 'number' | 'category' | 'ignore';

/** What became of a column of the file: its kind and why, or why it is left out. */
export interface ColumnReport {
  readonly header: string;
  /** Attribute it feeds; null when it is left out. */
  readonly attribute: string | null;
  readonly kind: Kind;
  readonly why: Sentence;
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

type Decision = { readonly kind: Kind; readonly why: Sentence };

function decided(kind: Kind, ...why: readonly Sentence[]): Decision {
  return { kind, why: why.length === 1 ? why[0]! : inClauses(why) };
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

/** With digits or like an address: whose it is does not show from few rows. Its length does not matter. */
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
  // Looked for only where a text has many digits: most columns have none.
  let found: ReadonlySet<string> | null = null;
  const isMeasure = (value: string): boolean => (found ??= measureTexts(texts.map((text) => text.value))).has(value);
  const none = (): Unlisted => ({ texts: 0, rows: 0 });
  const out = { rare: { ...none(), below }, doubtful: none(), private: none(), long: none() };
  const reasonOf = ({ value, n }: { value: string; n: number }): Unlisted | null => {
    const why = whyNotListable(value);
    const never = why === 'digits' && isMeasure(value) ? null : why;
    // What a schema file declares to be a category may look like an address of a site, never like a number or mail address.
    if (declared && never === 'address' && !value.includes('@')) return n < below ? out.rare : null;
    if (never === 'too_long') return out.long;
    if (never !== null) return out.private;
    if (n < below || value === otherValue) return out.rare;
    return n < commonRows && isDoubtful(value) && !isMeasure(value) ? out.doubtful : null;
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
function aboutUnlisted({ rare, doubtful, private: own, long }: Listable): Sentence[] {
  const kinds = [
    ...(rare.texts > 0 ? [sentence('column.rare', { n: rare.texts, below: rare.below })] : []),
    ...(doubtful.texts > 0 ? [sentence('column.doubtful', { n: doubtful.texts, below: commonRows })] : []),
    ...(own.texts > 0 ? [sentence('column.private', { n: own.texts })] : []),
    ...(long.texts > 0 ? [sentence('column.long', { n: long.texts, longest: longestListed })] : []),
  ];
  return kinds.length === 0 ? [] : [sentence('column.not_listed', { kinds: listed(kinds) })];
}

/** What to do about a column of numbers in which too many cells are none. */
function aboutWords({ numbers, rows, missing, spaced, amounts, counts, decimal }: ColumnFacts): Sentence[] {
  const words = rows - missing - numbers;
  if (spaced > 0 && spaced + numbers > words - spaced) return [sentence('column.spaced', { n: spaced })];
  if (2 * amounts > words) return [sentence('column.amounts')];
  if (words >= numbers) return [];
  const isNumber = (text: string): boolean => (percentIn(text, decimal) ?? numberIn(text, decimal)) !== null;
  const others = [...(counts ?? [])].filter(([text]) => !isNumber(text));
  const texts = shownTexts(others.map(([text, [a, b]]) => [text, a + b]));
  return [
    texts === null ? sentence('column.words', { n: words }) : sentence('column.these_words', { n: words, texts }),
  ];
}

/** Why texts are no attribute; null when they can be a category. */
function whyNoCategory(facts: ColumnFacts, sizes: readonly number[], may: Listable): Decision | null {
  const known = facts.rows - facts.missing;
  const covered = sizes.slice(0, mostValues).reduce((a, b) => a + b, 0);
  const ignored = (...why: readonly Sentence[]): Decision => decided('ignore', ...why);
  if (sizes.length > mostValues && covered < known / 2)
    return ignored(sentence('column.many_texts', { n: sizes.length }), ...aboutWords(facts));
  const measures = 2 * facts.numbers > known && !areNumbersOfPeople(facts);
  if (may.private.rows > known / 2 && !measures) return ignored(sentence('column.of_people'));
  if (may.long.rows > known / 2) return ignored(sentence('column.free_text'));
  if (sizes.length > known / 2 && sizes.length > fewTexts)
    return ignored(sentence('column.hardly_twice'), ...aboutWords(facts));
  if (may.values.length === 0)
    return ignored(sentence('column.none_often', { below: may.rare.below }), ...aboutWords(facts));
  return null;
}

/** A category, with what `what` says of so many texts, or nothing. */
function categoryOr(facts: ColumnFacts, what: 'texts' | 'few_numbers'): Decision {
  const known = facts.rows - facts.missing;
  if (facts.counts === null) return decided('ignore', sentence('column.text_each'), ...aboutWords(facts));
  const sizes = [...facts.counts.values()].map(([a, b]) => a + b).toSorted((a, b) => b - a);
  const may = listable(facts);
  const none = whyNoCategory(facts, sizes, may);
  if (none !== null) return none;
  const most = may.values.slice(0, mostValues).reduce((sum, { n }) => sum + n, 0);
  const n = sizes.length;
  const texts =
    may.values.length > mostValues
      ? sentence('column.most_texts', { n, listed: mostValues, share: Math.round((100 * most) / Math.max(1, known)) })
      : sentence(`column.${what}`, { n });
  const little = most < known / 2 ? [sentence('column.mostly_unlisted')] : [];
  const mostlyNumbers = facts.numbers > 0.8 * known && n > fewTexts;
  const spaced = facts.spaced > 0 || facts.amounts > 0 || mostlyNumbers ? aboutWords(facts) : [];
  return decided('category', texts, ...aboutUnlisted(may), ...little, ...spaced);
}

/** What to do about numbers so far from zero that most of their differences are lost: models read float32. */
function aboutPrecision({ sample }: ColumnFacts): Sentence[] {
  const [given, kept] = [new Set(sample).size, new Set(sample.map(Math.fround)).size];
  return kept < given / 2 ? [sentence('column.precision', { given, kept })] : [];
}

/** Yes/no when each of two cells says so and both are one pair, such as 0 and 1; not when a text names two things. */
function decide(facts: ColumnFacts): Decision {
  const values = facts.counts?.size ?? Infinity;
  const known = facts.rows - facts.missing;
  if (known === 0) return decided('ignore', sentence('column.empty'));
  if (isNamedForPerson(facts.header)) return decided('ignore', sentence('column.named_for_person'));
  if (facts.dates) return decided('ignore', sentence('column.dates'));
  if (values === 1 && facts.missing === 0) return decided('ignore', sentence('column.constant'));
  if (facts.running) return decided('ignore', sentence('column.counts_rows'));
  if (facts.yesNo && !(facts.numeric && values > 2)) return decided('boolean', sentence('column.yes_no'));
  if (!facts.numeric) return categoryOr(facts, 'texts');
  if (areNumbersOfPeople(facts)) return decided('ignore', sentence('column.numbers_of_people'));
  const few = facts.whole && facts.percents === 0 && values >= 3 && values <= fewValues;
  if (few && known >= manyRows * values) return categoryOr(facts, 'few_numbers');
  const percent = facts.percents > 0;
  const may = facts.whole && values >= 3 && values <= mostValues && known >= rowsPerCode * values;
  return decided(
    'number',
    facts.whole ? sentence('column.whole_numbers', { percent }) : sentence('column.numbers', { percent }),
    ...(may ? [sentence('column.may_be_codes', { n: values, name: facts.header })] : []),
    ...aboutPrecision(facts),
  );
}

/** Every number of it has a percent sign. */
function isPercent({ percents, numbers }: ColumnFacts): boolean {
  return percents > 0 && percents === numbers;
}

/** A column is called what its header says, in every language. */
function textsOf({ header }: ColumnFacts, name: string): AttributeTexts {
  const label = header.slice(0, 190) || name;
  return { label, question: label, name: label };
}

function attributeOf(facts: ColumnFacts, name: string, kind: Exclude<Kind, 'ignore'>): Attribute {
  const common = { name, group: 'more', shareable: true, since: 1 } as const;
  if (kind === 'boolean') return { ...common, kind };
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
  return { ...common, kind, values: values.map(({ value }) => value) };
}

function declaredKind(facts: ColumnFacts, declared: Kind): Decision {
  const { header: column } = facts;
  // The header of a declared column is the word of who holds the data, whatever digits it has.
  const cannot = (why: Sentence): never => {
    throw new OutpostError('BAD_INPUT', why);
  };
  const declaredText = sentence('column.declared');
  if (declared === 'ignore') return decided('ignore', declaredText);
  if (facts.missing === facts.rows) return decided('ignore', sentence('column.empty'));
  if (declared === 'number' && facts.sample.length === 0) {
    if (facts.commas > 0) requireOneSign(facts);
    cannot(sentence('schema.declared_without_numbers', { column }));
  }
  if (declared !== 'category') return decided(declared, declaredText);
  if (facts.counts === null) cannot(sentence('schema.declared_with_many_texts', { column }));
  const may = listable(facts, true);
  const { below } = may.rare;
  if (may.values.length === 0)
    cannot(sentence('schema.declared_without_texts', { column, below, longest: longestListed }));
  return decided(declared, declaredText, ...aboutUnlisted(may));
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
): DescribedSchema & { columns: ColumnReport[] } {
  const attributes: Attribute[] = [];
  const texts: Record<string, AttributeTexts> = {};
  const names = attributeNamesOf(columns.map(({ header }) => header));
  const reports = columns.map((facts): ColumnReport => {
    const wanted = declared.get(facts.header);
    if (wanted === undefined) {
      requireOneSign(facts);
      requireClearDots(facts);
      requireClearAmounts(facts);
    }
    if (wanted === undefined || wanted === 'number') requireOneMeasure(facts);
    const { kind, why } = wanted === undefined ? decide(facts) : declaredKind(facts, wanted);
    if (kind === 'ignore') return { header: facts.header, attribute: null, kind, why };
    const name = names.get(facts.header)!;
    attributes.push(attributeOf(facts, name, kind));
    texts[name] = textsOf(facts, name);
    return { header: facts.header, attribute: name, kind, why };
  });
  if (attributes.length === 0) throw new OutpostError('BAD_INPUT', sentence('schema.file_no_column_model_could_learn'));
  if (attributes.length > 500) throw new OutpostError('BAD_INPUT', sentence('schema.file_more_than_500_columns_learn'));
  const schema: FeatureSchema = {
    format: 'outpost.feature-schema/2',
    id,
    issuer: null,
    version: 1,
    parent: null,
    ancestors: [],
    attributes,
    currencies: { reference: 'USD', asOf: '2026-01-01', minorPerReference: { USD: 100 } },
    understoodTactics: [],
    synonyms: {},
  };
  const companion = { format: 'outpost.schema-texts/1', schema: schemaHash(schema), attributes: texts } as const;
  return { schema, texts: [{ ...companion, language: 'und' }], columns: reports };
}
