import { createHash } from 'node:crypto';
import { needsOrder, readDate } from '../../../shared/case-import/dates.ts';
import type { ColumnTarget, DateOrder, ImportMapping, OutcomeMeaning } from '../../../shared/case-import/mapping.ts';
import type { AttributeValue } from '../../../shared/domain/facts.ts';
import { intakeSchema, type Intake } from '../../../shared/contract/views.ts';
import { cellText } from '../../../shared/encoding/cell-text.ts';
import { aboutColumn, csvReader } from '../../../shared/encoding/csv-facts.ts';
import { isUnknownCell } from '../../../shared/encoding/unknown-spellings.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { isOutpostError } from '../../../shared/errors/index.ts';
import { sentenceOfIssue } from '../../../shared/errors/issues.ts';
import { storedName } from '../../../shared/language/stored-name.ts';
import { longestListed } from '../../../shared/domain/tactics.ts';
import { listed, sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { canonicalJson } from '../../../shared/log/canonical.ts';
import { privateOutcomeSchema } from '../../../shared/log/payloads.ts';
import { requireSomethingKnown, splitIntake } from '../cases/intake.ts';
import type { RefusedRow } from '../store/case-imports.ts';
import { referenceKey } from '../store/projections.ts';
import { columnsOf, joinedText, type Columns } from './columns.ts';

type RowProblem = RefusedRow['problems'][number];

/** An outcome that came with a row. */
interface ImportedOutcome {
  readonly meaning: OutcomeMeaning;
  readonly note: string;
}

/** A row as a case, with `identity`: what tells it from other rows wherever it stands, hex SHA-256. */
interface ReadRow {
  readonly intake: Intake;
  readonly outcome: ImportedOutcome | null;
  readonly identity: string;
}

/** What came of a row: a case, or why it is none. */
type RowResult = { readonly row: ReadRow } | { readonly problems: readonly RowProblem[] };

const indicatorKinds = ['phone', 'handle', 'web', 'session'] as const;

const blank: Omit<Intake, 'received'> = {
  urgent: false,
  attributes: {},
  tactics: [],
  indicators: [],
  reference: '',
  resident: '',
  contact: '',
  place: '',
  safeContact: '',
  atRisk: false,
  needs: [],
  narrative: '',
  paidAt: '',
};

/** What is written into a field for numbers when there is none. */
const noNumber = new Set(storedName`withheld|private|restricted|anonymous|unavailable|blocked`.split('|'));
/** What stands between the indicators of one cell. */
const between = { phone: /[;,|/\n]/, handle: /[;,|\n]/, web: /[;,|\s]/, session: /[;,|\n]/ } as const;

function hashOf(value: Parameters<typeof canonicalJson>[0]): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The one of some spellings that a cell is, else the one it is when case and underscores do not count. */
function spelledAs(spellings: readonly string[], cell: string): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', ' ');
  return spellings.find((one) => one === cell) ?? spellings.find((one) => plain(one) === plain(cell));
}

/** Why an amount is none that the form would take: it offers the currencies its schema can convert. */
function strangeCurrency({ schema }: DescribedSchema, value: AttributeValue): Sentence | null {
  const { minorPerReference } = schema.currencies;
  if (typeof value !== 'object' || value === null || Object.hasOwn(minorPerReference, value.currency)) return null;
  const currencies = listed(Object.keys(minorPerReference));
  return sentence('case_import.bad_currency', { currency: value.currency, currencies });
}

/** Reads the rows of one file under a mapping. `order` is that of its dates where they show none themselves. */
export class RowReader {
  readonly #columns: Columns;
  readonly #described: DescribedSchema;
  readonly #mapping: ImportMapping;
  readonly #order: DateOrder | null;
  readonly #facts: ReturnType<typeof csvReader>;
  readonly #latest: string;
  /** How often each row was read: rows that are equal in one file are different complaints. */
  readonly #read = new Map<string, number>();

  /** `latest` is the last day that has begun anywhere: no case was received after it. */
  constructor(
    described: DescribedSchema,
    mapping: ImportMapping,
    header: readonly string[],
    { order, latest }: { readonly order: DateOrder | null; readonly latest: string },
  ) {
    this.#latest = latest;
    this.#columns = columnsOf(mapping, header, described.schema);
    this.#described = described;
    this.#mapping = mapping;
    this.#order = this.#columns.of('received')[0]?.target.order ?? order;
    const names = this.#columns.of('attribute').map(({ target }) => target.name);
    this.#facts = csvReader(described.schema, names, [], { texts: described.texts });
  }

  /** The case of a row, or everything that is wrong with it. */
  read(cells: readonly string[]): RowResult {
    const problems: RowProblem[] = [];
    const attributes = { ...this.#mapping.constants, ...this.#attributes(cells, problems) };
    const received = this.#received(cells, problems);
    const outcome = this.#outcome(cells, problems);
    const text = (to: ColumnTarget['to']): string => joinedText(this.#columns.of(to), cells);
    const given = {
      ...blank,
      received,
      attributes,
      tactics: this.#tactics(cells),
      indicators: this.#indicators(cells),
      reference: text('reference'),
      resident: text('resident'),
      contact: text('contact'),
      place: this.#place(cells),
      safeContact: text('safeContact'),
      // A note says how an outcome is known; without one it is part of what was told.
      narrative: [text('narrative'), outcome === null ? text('note') : ''].filter((part) => part !== '').join('\n'),
    };
    const note = outcome === null ? '' : text('note');
    if (problems.length > 0) return { problems };
    const parsed = intakeSchema.safeParse(given);
    const issue = parsed.error?.issues[0] ?? privateOutcomeSchema.safeParse({ note }).error?.issues[0];
    if (!parsed.success || issue !== undefined)
      return { problems: [{ column: this.#headerOf(String(issue?.path[0])), why: sentenceOfIssue(issue) }] };
    const problem = this.#refusal(parsed.data);
    if (problem !== null) return { problems: [problem] };
    const row = { intake: parsed.data, identity: this.#identity(parsed.data, cells) };
    return { row: { ...row, outcome: outcome === null ? null : { meaning: outcome, note } } };
  }

  #headerOf(field: string): string | null {
    const to: readonly string[] = field === 'indicators' ? indicatorKinds : [field];
    return this.#columns.all.find(({ target }) => to.includes(target.to))?.header ?? null;
  }

  #attributes(cells: readonly string[], problems: RowProblem[]): Intake['attributes'] {
    const columns = this.#columns.of('attribute');
    const own = columns.map(({ at, target }) => {
      const cell = cellText(cells[at] ?? '');
      const { values } = target;
      return values !== undefined && Object.hasOwn(values, cell) ? (values[cell] ?? '') : cell;
    });
    const { facts, problems: found } = this.#facts.read(own);
    const attributes = { ...facts.attributes };
    for (const { column, why, asOther } of found) {
      const at = columns.findIndex(({ target }) => target.name === column);
      const said = own[at] ?? '';
      // As in the form: what may not leave stays here as a private answer.
      if (asOther === true && said.length <= longestListed) attributes[column] = said;
      else {
        const { header } = columns[at] ?? { header: column };
        problems.push({ column: header, why: aboutColumn(why, header) });
      }
    }
    for (const [name, value] of Object.entries(facts.attributes)) {
      const why = strangeCurrency(this.#described, value);
      const from = columns.find(({ target }) => target.name === name);
      if (why !== null) problems.push({ column: from?.header ?? null, why });
    }
    for (const attribute of this.#described.schema.attributes)
      if (attribute.kind === 'tactic' && facts.tactics.includes(attribute.tag)) attributes[attribute.name] = true;
    return attributes;
  }

  #received(cells: readonly string[], problems: RowProblem[]): string {
    const [column] = this.#columns.of('received');
    const cell = cellText(cells[column?.at ?? -1] ?? '');
    const date = readDate(cell, this.#order);
    if (date !== null && date <= this.#latest) return date;
    const why =
      date !== null
        ? 'case_import.future_date'
        : isUnknownCell(cell)
          ? 'case_import.no_date'
          : needsOrder(cell)
            ? 'case_import.unclear_date'
            : 'case_import.bad_date';
    problems.push({ column: column?.header ?? null, why: sentence(why) });
    return '';
  }

  #outcome(cells: readonly string[], problems: RowProblem[]): OutcomeMeaning | null {
    const [column] = this.#columns.of('outcome');
    const cell = cellText(cells[column?.at ?? -1] ?? '');
    if (column === undefined || cell === '') return null;
    const { values } = column.target;
    const said = spelledAs(Object.keys(values), cell);
    if (said !== undefined) return values[said] ?? null;
    if (!isUnknownCell(cell))
      problems.push({
        column: column.header,
        why: sentence('case_import.unmapped_outcome', { known: listed(Object.keys(values)) }),
      });
    return null;
  }

  #tactics(cells: readonly string[]): string[] {
    const given = this.#columns.of('tactics').flatMap(({ at, target }) => {
      const cell = cellText(cells[at] ?? '');
      const { values } = target;
      const meant = values !== undefined && Object.hasOwn(values, cell) ? (values[cell] ?? '') : cell;
      return meant.split(';').map((one) => one.trim());
    });
    return [...new Set(given.filter((one) => !isUnknownCell(one)))];
  }

  #indicators(cells: readonly string[]): Intake['indicators'] {
    return indicatorKinds.flatMap((kind) =>
      this.#columns.of(kind).flatMap(({ at }) => {
        const parts = (cells[at] ?? '').split(between[kind]).map(cellText);
        const given = parts.filter((part) => !isUnknownCell(part) && !noNumber.has(part.toLowerCase()));
        return given.map((value) => ({ kind, value }));
      }),
    );
  }

  #place(cells: readonly string[]): string {
    const parts = this.#columns.of('place').map(({ at }) => cellText(cells[at] ?? ''));
    return parts.filter((part) => !isUnknownCell(part)).join(', ');
  }

  /** Why the rest of the program would not take this case: the rules of the intake form hold here too. */
  #refusal(intake: Intake): RowProblem | null {
    try {
      requireSomethingKnown(intake);
      splitIntake(intake, this.#described, intake.reference.trim() === '' ? '-' : intake.reference.trim());
      return null;
    } catch (error) {
      if (!isOutpostError(error, 'BAD_INPUT')) throw error;
      const { field } = error.data;
      const name = typeof field === 'string' ? (field.split('.')[0] ?? '') : '';
      // That nothing was saved goes without saying before anything is.
      const { why = error.sentence } = error.sentence.args as { readonly why?: Sentence };
      return { column: this.#headerOf(name), why };
    }
  }

  /**
   * A row with a reference is that case, whatever else stands in it; others are what stands in them, and how many equal
   * rows came before: the same file taken in again gives the same identities, and so does a longer one of the same list.
   */
  #identity(intake: Intake, cells: readonly string[]): string {
    if (intake.reference !== '') return hashOf(['reference', referenceKey(intake.reference)]);
    const content = hashOf(
      Object.fromEntries(this.#columns.all.map(({ at, header }) => [header, cellText(cells[at] ?? '')])),
    );
    const before = this.#read.get(content) ?? 0;
    this.#read.set(content, before + 1);
    return hashOf(['row', content, before]);
  }
}
