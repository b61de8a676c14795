import { daysBetween } from '../../shared/drift/days.ts';
import { encodeFacts, outsideReasonsOfRow } from '../../shared/encoding/encode.ts';
import { learnedBefore, type Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { ReadingWatch } from '../data/csv-rows.ts';
import { eachLabelledRow, type AddRow, type LabelledColumns, type ReadFile } from '../data/read-training.ts';
import type { EncodedLabelledRow } from '../dataset/dataset.ts';
import { columnBuilder, type Column } from '../dataset/frame.ts';
import { groupsOf, nameNumbers } from '../dataset/groups.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

/** Texts of one column of a file as indexes into `values`, in the order of their first row; an empty cell is ''. */
export interface TextColumn {
  readonly name: string;
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/**
 * Labelled rows of a file as one model reads them, in the file's order. Arrays have one entry per row; a row costs some
 * ten bytes per column.
 */
export interface CasesFile {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** 1 scam, 0 genuine provider. */
  readonly labels: Uint8Array;
  /** How many cases a row stands for. */
  readonly weights: Float64Array;
  /** Rows with the same number belong together: about one incident or of one scammer (see `Frame`). */
  readonly groups: Int32Array;
  /** Received, in days since 1970-01-01; null when the rows carry no time. */
  readonly days: Int32Array | null;
  /** The line of the file each row ends on, ascending. */
  readonly lines: Float64Array;
  /** 1: outside what the model knows. */
  readonly outside: Uint8Array;
  /** Columns asked for by name, as they stand, then `month` (2026-03) when the rows carry a time. */
  readonly texts: readonly TextColumn[];
  readonly read: ReadFile;
}

/** Which columns of a file are read beside the attributes. */
export interface CasesColumns extends LabelledColumns {
  /** Columns that are kept as texts, under the names of the header. */
  readonly texts?: readonly string[];
  /** The same for columns that need not be there. */
  readonly textsIfThere?: readonly string[];
}

interface Texts {
  readonly add: (text: string) => void;
  readonly all: () => TextColumn;
}

function textsOf(name: string): Texts {
  const known = new Map<string, number>();
  const codes: number[] = [];
  return {
    add(text) {
      const code = known.get(text) ?? known.size;
      known.set(text, code);
      codes.push(code);
    },
    all: () => ({ name, values: [...known.keys()], codes: Int32Array.from(codes) }),
  };
}

/** Columns that are kept as texts. */
type TextColumns = Pick<CasesColumns, 'texts' | 'textsIfThere'>;

function textPlaces(header: readonly string[], columns: TextColumns): { name: string; at: number }[] {
  const wanted = columns.texts ?? [];
  const missing = wanted.find((name) => !header.includes(name));
  if (missing !== undefined)
    throw new OutpostError(
      'BAD_CSV',
      sentence('evaluation.no_column', { missing, columns: listed(header.slice(0, 30)) }),
    );
  const names = [...wanted, ...(columns.textsIfThere ?? []).filter((name) => header.includes(name))];
  return [...new Set(names)].map((name) => ({ name, at: header.indexOf(name) }));
}

const epoch = '1970-01-01';

/**
 * How many of the given rows (all) a model may have learned from, by `learnedBefore`. Null when the rows carry no time.
 */
export function maybeSeen(
  { days }: Pick<CasesFile, 'days'>,
  manifest: Manifest,
  rows?: Uint32Array,
): { readonly before: string; readonly rows: number } | null {
  if (days === null) return null;
  const before = learnedBefore(manifest);
  const limit = daysBetween(epoch, before);
  const own = rows === undefined ? days : Int32Array.from(rows, (i) => days[i]!);
  return { before, rows: own.reduce((sum, day) => sum + Number(day < limit), 0) };
}

/** Takes labelled rows as a model is judged on them. */
interface CasesCollector {
  /** Takes a row that is encoded under the model's schema. */
  readonly add: (row: Omit<EncodedLabelledRow, 'tacticsNoted'>, line: number) => void;
  /** The same for rows of facts, with their cells, once it is given the header. */
  readonly start: (header: readonly string[]) => AddRow;
  readonly all: (read: ReadFile) => CasesFile;
}

/** What is known of rows but their texts, column by column. */
function collectRows({ schema, maxMissingShare }: Manifest) {
  const builder = columnBuilder(schema);
  const [incidents, scammers] = [nameNumbers(), nameNumbers()];
  const [labels, weights, lines, outside, days]: number[][] = [[], [], [], [], []];
  return {
    add({ encoded, tactics, ...row }: Omit<EncodedLabelledRow, 'tacticsNoted'>, line: number): void {
      builder.add(encoded);
      labels!.push(row.label);
      weights!.push(row.weight ?? 1);
      lines!.push(line);
      outside!.push(Number(outsideReasonsOfRow(schema, encoded, tactics, { maxMissingShare }).length > 0));
      incidents.add(row.incident);
      scammers.add(row.scammer);
      days!.push(row.received === null ? 0 : daysBetween(epoch, row.received));
    },
    all: (hasTime: boolean) => ({
      rows: labels!.length,
      columns: builder.build(Uint32Array.from(labels!.keys())),
      labels: Uint8Array.from(labels!),
      weights: Float64Array.from(weights!),
      groups: groupsOf(labels!.length, [incidents.all(), scammers.all()]),
      days: hasTime ? Int32Array.from(days!) : null,
      lines: Float64Array.from(lines!),
      outside: Uint8Array.from(outside!),
    }),
  };
}

/** Starts collecting rows for a model; rows of weight 0 count for nothing and are not taken. */
export function casesCollector(manifest: Manifest, columns: TextColumns): CasesCollector {
  const rows = collectRows(manifest);
  const months = textsOf('month');
  let texts: Texts[] = [];
  const add: CasesCollector['add'] = (row, line) => {
    if (row.weight === 0) return;
    rows.add(row, line);
    months.add(row.received?.slice(0, 7) ?? '');
  };
  return {
    add,
    start(header) {
      const places = textPlaces(header, columns);
      texts = places.map(({ name }) => textsOf(name));
      return ({ facts, ...row }, line, cells) => {
        if (row.weight === 0) return;
        add({ ...row, encoded: encodeFacts(manifest.schema, facts), tactics: facts.tactics }, line);
        places.forEach(({ at }, i) => texts[i]!.add(cells[at]!.trim()));
      };
    },
    all(read) {
      const kept = [...texts, ...(read.time === null ? [] : [months])];
      return { ...rows.all(read.time !== null), texts: kept.map((t) => t.all()), read };
    },
  };
}

/**
 * Reads a labelled CSV file (or `.csv.gz`) under the schema of a model, and its spellings of unknown. All cases of an incident are kept. Throws as
 * `readTraining` does, BAD_CSV also for a column of `texts` that is not there.
 */
export async function readCases(
  file: string,
  manifest: Manifest,
  columns: CasesColumns,
  watch?: ReadingWatch,
): Promise<CasesFile> {
  const collected = casesCollector(manifest, columns);
  const missing = [...(columns.missing ?? []), ...(manifest.training.missing ?? [])];
  return collected.all(await eachLabelledRow(file, manifest, { ...columns, missing }, collected.start, watch));
}

/** Where rows stand in each of two readings of one file; rows that only one of them could use are counted. */
interface SharedRows {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** Finds the rows two readings of one file have in common, by their lines. */
export function sharedRows(a: Pick<CasesFile, 'lines'>, b: Pick<CasesFile, 'lines'>): SharedRows {
  const [first, second]: [number[], number[]] = [[], []];
  for (let i = 0, j = 0; i < a.lines.length && j < b.lines.length;) {
    if (a.lines[i] === b.lines[j]) {
      first.push(i++);
      second.push(j++);
    } else if (a.lines[i]! < b.lines[j]!) i += 1;
    else j += 1;
  }
  return {
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    onlyFirst: a.lines.length - first.length,
    onlySecond: b.lines.length - second.length,
  };
}
