import { createHash } from 'node:crypto';
import { needsOrder, readDate } from '../../../shared/case-import/dates.ts';
import type { ColumnTarget, DateOrder, ImportMapping, OutcomeMeaning } from '../../../shared/case-import/mapping.ts';
import { intakeSchema, type Intake } from '../../../shared/contract/views.ts';
import { cellText } from '../../../shared/encoding/cell-text.ts';
import { csvReader, isUnknownCell } from '../../../shared/encoding/csv-facts.ts';
import type { DescribedSchema } from '../../../shared/encoding/schema-texts.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { sentenceOfIssue } from '../../../shared/errors/issues.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { canonicalJson } from '../../../shared/log/canonical.ts';
import { requireSomethingKnown, splitIntake } from '../cases/intake.ts';
import { referenceKey } from '../store/projections.ts';

type Target<T extends ColumnTarget['to']> = ColumnTarget & { readonly to: T };

/** What is wrong with a row; `column` is its header, null when it is about the whole row. */
interface RowProblem {
  readonly column: string | null;
  readonly why: Sentence;
}

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

interface Column {
  readonly at: number;
  readonly header: string;
  readonly target: ColumnTarget;
}

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

/** Columns with a purpose, in file order. BAD_INPUT for a mapping without a date, or with a header or name that is not there. */
function columnsOf(mapping: ImportMapping, header: readonly string[], { schema }: DescribedSchema): Column[] {
  const names = new Set(schema.attributes.flatMap(({ name }) => [name, `${name}_currency`]));
  for (const [text, target] of Object.entries(mapping.columns)) {
    if (!header.includes(text))
      throw new OutpostError('BAD_INPUT', sentence('import.no_such_column', { column: text }));
    if (target.to === 'attribute' && !names.has(target.name))
      throw new OutpostError('BAD_INPUT', sentence('cases.no_such_attribute', { name: target.name }));
  }
  const columns = header.flatMap((text, at): Column[] => {
    const target = mapping.columns[text];
    return target === undefined || target.to === 'ignore' ? [] : [{ at, header: text, target }];
  });
  const dates = columns.filter(({ target }) => target.to === 'received').length;
  if (dates !== 1) throw new OutpostError('BAD_INPUT', sentence('import.one_date', { columns: dates }));
  return columns;
}

function hashOf(value: Parameters<typeof canonicalJson>[0]): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** One text of several columns: alone as it is, with others each under its header. */
function joinedText(columns: readonly Column[], cells: readonly string[]): string {
  const filled = columns.flatMap(({ at, header }) => {
    const cell = (cells[at] ?? '').trim();
    return isUnknownCell(cell) ? [] : [`${columns.length > 1 ? `${header}: ` : ''}${cell}`];
  });
  return filled.join('\n');
}

/** Reads the rows of one file under a mapping. `order` is that of its dates where they show none themselves. */
export class RowReader {
  readonly #columns: readonly Column[];
  readonly #described: DescribedSchema;
  readonly #mapping: ImportMapping;
  readonly #order: DateOrder | null;
  readonly #facts: ReturnType<typeof csvReader>;
  /** How often each row was read: rows that are equal in one file are different complaints. */
  readonly #read = new Map<string, number>();

  constructor(described: DescribedSchema, mapping: ImportMapping, header: readonly string[], order: DateOrder | null) {
    this.#columns = columnsOf(mapping, header, described);
    this.#described = described;
    this.#mapping = mapping;
    const date = this.#columns.find(({ target }) => target.to === 'received')?.target as Target<'received'>;
    this.#order = date.order ?? order;
    const names = this.#of('attribute').map(({ target }) => (target as Target<'attribute'>).name);
    this.#facts = csvReader(described.schema, names, [], { texts: described.texts });
  }

  /** The case of a row, or everything that is wrong with it. */
  read(cells: readonly string[]): RowResult {
    const problems: RowProblem[] = [];
    const attributes = { ...this.#mapping.constants, ...this.#attributes(cells, problems) };
    const received = this.#received(cells, problems);
    const outcome = this.#outcome(cells, problems);
    const text = (to: ColumnTarget['to']): string => joinedText(this.#of(to), cells);
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
      narrative: text('narrative'),
    };
    if (problems.length > 0) return { problems };
    const parsed = intakeSchema.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { problems: [{ column: this.#headerOf(String(issue?.path[0])), why: sentenceOfIssue(issue) }] };
    }
    const problem = this.#refusal(parsed.data);
    if (problem !== null) return { problems: [problem] };
    const note = joinedText(this.#of('note'), cells).slice(0, 5000);
    const row = { intake: parsed.data, identity: this.#identity(parsed.data, cells) };
    return { row: { ...row, outcome: outcome === null ? null : { meaning: outcome, note } } };
  }

  #of(...kinds: ColumnTarget['to'][]): readonly Column[] {
    return this.#columns.filter(({ target }) => kinds.includes(target.to));
  }

  #headerOf(field: string): string | null {
    const to = field === 'indicators' ? ['phone', 'handle', 'web', 'session'] : [field];
    return this.#columns.find(({ target }) => to.includes(target.to))?.header ?? null;
  }

  #attributes(cells: readonly string[], problems: RowProblem[]): Intake['attributes'] {
    const columns = this.#of('attribute');
    const own = columns.map(({ at, target }) => {
      const cell = cellText(cells[at] ?? '');
      const { values } = target as Target<'attribute'>;
      return values !== undefined && Object.hasOwn(values, cell) ? (values[cell] ?? '') : cell;
    });
    const { facts, problems: found } = this.#facts.read(own);
    for (const { column, why, asOther } of found) {
      if (asOther === true) continue;
      const at = columns.find(({ target }) => (target as Target<'attribute'>).name === column);
      problems.push({ column: at?.header ?? null, why });
    }
    return facts.attributes;
  }

  #received(cells: readonly string[], problems: RowProblem[]): string {
    const [{ at, header }] = this.#of('received') as [Column];
    const cell = cellText(cells[at] ?? '');
    const date = readDate(cell, this.#order);
    if (date !== null) return date;
    const why = isUnknownCell(cell) ? 'import.no_date' : needsOrder(cell) ? 'import.unclear_date' : 'import.bad_date';
    problems.push({ column: header, why: sentence(why) });
    return '';
  }

  #outcome(cells: readonly string[], problems: RowProblem[]): OutcomeMeaning | null {
    const column = this.#of('outcome')[0];
    const cell = cellText(cells[column?.at ?? -1] ?? '');
    if (column === undefined || cell === '') return null;
    const { values } = column.target as Target<'outcome'>;
    if (Object.hasOwn(values, cell)) return values[cell] ?? null;
    if (!isUnknownCell(cell)) problems.push({ column: column.header, why: sentence('import.unmapped_outcome') });
    return null;
  }

  #tactics(cells: readonly string[]): string[] {
    const given = this.#of('tactics').flatMap(({ at, target }) => {
      const cell = cellText(cells[at] ?? '');
      const { values } = target as Target<'tactics'>;
      const meant = values !== undefined && Object.hasOwn(values, cell) ? (values[cell] ?? '') : cell;
      return meant.split(';').map((one) => one.trim());
    });
    return [...new Set(given.filter((one) => !isUnknownCell(one)))];
  }

  #indicators(cells: readonly string[]): Intake['indicators'] {
    return this.#of('phone', 'handle', 'web', 'session').flatMap(({ at, target }) => {
      const value = cellText(cells[at] ?? '');
      return isUnknownCell(value) ? [] : [{ kind: target.to as Intake['indicators'][number]['kind'], value }];
    });
  }

  #place(cells: readonly string[]): string {
    const parts = this.#of('place').map(({ at }) => cellText(cells[at] ?? ''));
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
      Object.fromEntries(this.#columns.map(({ at, header }) => [header, cellText(cells[at] ?? '')])),
    );
    const before = this.#read.get(content) ?? 0;
    this.#read.set(content, before + 1);
    return hashOf(['row', content, before]);
  }
}
