import { verdictOf } from '../../shared/domain/verdict.ts';
import { csvColumnReader, type CsvColumnReader } from '../../shared/encoding/csv-columns.ts';
import { watchDecimals } from '../../shared/encoding/decimal-columns.ts';
import { csvReader, type CsvReader } from '../../shared/encoding/csv-facts.ts';
import { type Missing } from '../../shared/encoding/unknown-spellings.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { boundColumns, packColumns } from '../../shared/encoding/pack.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Inference } from '../backend/inference/inference.ts';
import { scoreColumnNames, shownScore } from './score-columns.ts';
import { readHeader } from '../../platform/csv/table.ts';
import type { CsvRow } from './csv-input.ts';
import { csvLines, jsonLines, type ScoredRow, type ScoreLines } from './score-lines.ts';
import type { ScoreNotes } from './score-notes.ts';
import { quickReasons, type ReasonsOfRow } from './score-reasons.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';

export interface ScoreJob {
  readonly manifest: Manifest;
  /** What reasons are said in. */
  readonly language: Language;
  readonly inference: Inference;
  /** Resolves when the model can score. */
  readonly loading: Promise<void>;
  readonly notes: ScoreNotes;
  readonly json: boolean;
  readonly reasons: boolean;
  readonly separator: string;
  /** The sign before the decimals of its numbers; a point unless said otherwise. */
  readonly decimal: DecimalSign | undefined;
  /** Further spellings of unknown. */
  readonly missing: Missing;
  readonly signal: AbortSignal;
}

/** Rows and characters scored at a time: enough to keep the model busy, little enough to hold in memory. */
const batchLimit = { rows: 2000, characters: 1_000_000 };
/** Batches read before the first of them has been scored: as many as are read while the model's process starts. */
const batchesAhead = 7;

/** Looks at the header and answers the names of what is appended. Throws BAD_CSV when it will not do. */
function checkedHeader(header: readonly string[], job: ScoreJob): string[] {
  const { unmapped, mapped } = csvReader(job.manifest.schema, header);
  const names = scoreColumnNames(
    header,
    [...mapped.values()].map((at) => header[at]!),
  );
  if (unmapped.length === header.length) {
    const { id } = job.manifest.schema;
    throw new OutpostError('BAD_CSV', sentence('outpost.no_attribute_column', { id, columns: header.length }));
  }
  const read = new Set(boundColumns(job.manifest.binding));
  const absent = job.manifest.schema.attributes.filter(
    (a) => read.has(a.name) && a.kind !== 'tactic' && !mapped.has(a.name),
  );
  job.notes.columns(
    unmapped,
    absent.map((a) => a.name),
  );
  return names;
}

/** What the rows of one file are read, scored and written with. */
interface Ready {
  readonly columns: CsvColumnReader;
  readonly cells: CsvReader;
  readonly reasonsOf: ReasonsOfRow;
  readonly lines: ScoreLines;
}

function ready(job: ScoreJob, header: readonly string[], decimals: ReadonlySet<string>, lines: ScoreLines): Ready {
  const { schema, texts, binding, maxMissingShare } = job.manifest;
  const rule = { maxMissingShare, columns: boundColumns(binding) };
  const rules = { texts, missing: job.missing, decimal: job.decimal, decimals, unknown: job.notes.unknown };
  const cells = csvReader(schema, header, [], rules);
  const columns = csvColumnReader(schema, header.length, rule, (part) => csvReader(part, header, [], rules));
  return { columns, cells, reasonsOf: quickReasons(job.manifest, job.language), lines };
}

/** Notes what could not be read, row by row as a person would. */
function noteProblems(job: ScoreJob, reader: CsvReader, rows: readonly CsvRow[], bad: readonly number[]): void {
  for (const i of bad) {
    const { cells, line } = rows[i]!;
    for (const problem of reader.read(cells).problems) job.notes.problem(line, problem);
  }
}

async function scoreBatch(job: ScoreJob, to: Ready, rows: readonly CsvRow[]): Promise<string> {
  const { manifest, inference, reasons } = job;
  const read = to.columns.read(rows.map(({ cells }) => cells));
  noteProblems(job, to.cells, rows, read.bad);
  const inputs = packColumns(manifest.binding, rows.length, (name) => read.says.get(name) ?? []);
  await job.loading;
  const given = await inference.scorePacked(manifest.model.sha256, { rows: rows.length, inputs }, reasons);
  const scored = rows.map((_, i): ScoredRow => {
    const [score, outside] = [given.scores[i]!, read.outside[i] === 1];
    const verdict = verdictOf(score, manifest.thresholds);
    job.notes.scored(verdict, outside);
    return { score: shownScore(score), verdict, outside, reasons: to.reasonsOf(read, given, i, verdict) };
  });
  return to.lines.lines(rows, scored);
}

/** Rows as they are scored at a time; `first` were read before the others. */
async function* batches(
  first: readonly CsvRow[],
  pieces: AsyncGenerator<CsvRow[]>,
  signal: AbortSignal,
): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = [];
  let characters = 0;
  const isFull = ({ cells }: CsvRow): boolean => {
    for (const cell of cells) characters += cell.length;
    return batch.length >= batchLimit.rows || characters >= batchLimit.characters;
  };
  for (let rows = first; ;) {
    for (const row of rows) {
      batch.push(row);
      if (!isFull(row)) continue;
      if (signal.aborted) throw new OutpostError('CANCELLED', sentence('outpost.interrupted'));
      yield batch;
      [batch, characters] = [[], 0];
    }
    const next = await pieces.next();
    if (next.done === true) break;
    rows = next.value;
  }
  if (batch.length > 0) yield batch;
}

/** The text of each batch; while the model starts and scores, the next are read. */
async function* scoredBatches(job: ScoreJob, to: Ready, rows: AsyncGenerator<CsvRow[]>): AsyncGenerator<string> {
  const waiting: Promise<string>[] = [];
  for await (const batch of rows) {
    const next = scoreBatch(job, to, batch);
    // It is awaited after further batches have been read; until then nobody would hear of a failure.
    next.catch(() => undefined);
    waiting.push(next);
    if (waiting.length > batchesAhead) yield await waiting.shift()!;
  }
  for (const text of waiting) yield await text;
}

/** Reads on, adding to the rows below the header, until they show which columns have decimals. */
async function decimalsOf(
  { manifest }: ScoreJob,
  header: readonly string[],
  rows: CsvRow[],
  pieces: AsyncGenerator<CsvRow[]>,
): Promise<ReadonlySet<string>> {
  const watcher = watchDecimals(manifest.schema, header);
  let at = 0;
  for (let more = true; more;) {
    while (more && at < rows.length) more = watcher.see(rows[at++]!.cells);
    if (!more) break;
    const next = await pieces.next();
    if (next.done === true) break;
    for (const row of next.value) rows.push(row);
  }
  return watcher.found();
}

/**
 * Scores the rows of a CSV file in batches and yields the result as text, piece by piece: all columns as they came,
 * then the appended ones. Throws BAD_CSV before anything is yielded when the header will not do.
 */
export async function* scoreCsv(job: ScoreJob, pieces: AsyncGenerator<CsvRow[]>): AsyncGenerator<string> {
  try {
    const start = await pieces.next();
    const [first, ...rest] = start.done === true ? [] : start.value;
    if (!first) throw new OutpostError('BAD_CSV', sentence('outpost.csv_file_empty'));
    const header = readHeader(first);
    const names = checkedHeader(header, job);
    const { version } = job.manifest.model;
    const lines = job.json ? jsonLines(header, names, version) : csvLines(first.cells, names, version, job.separator);
    // The header goes out with the first rows, so that a file that is refused early leaves nothing behind in a pipe.
    let { head } = lines;
    const to = ready(job, header, await decimalsOf(job, header, rest, pieces), lines);
    for await (const text of scoredBatches(job, to, batches(rest, pieces, job.signal))) {
      yield head + text;
      head = '';
    }
    if (head !== '') yield head;
  } finally {
    await pieces.return(undefined);
  }
}
