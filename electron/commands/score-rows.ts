import { stringify } from 'csv-stringify/sync';
import { quickContributions, smallestQuickReason } from '../backend/models/quick-reasons.ts';
import { reasonPhrases } from '../backend/models/phrases.ts';
import { boundColumns } from '../../shared/encoding/pack.ts';
import type { Inference } from '../backend/inference/inference.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { verdictOf, type Verdict } from '../../shared/domain/verdict.ts';
import { safeCell } from '../../shared/encoding/csv-cell.ts';
import { csvReader, type CsvReader } from '../../shared/encoding/csv-facts.ts';
import { encodeFacts, outsideReasons, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { appendedNames, shownScore } from './appended.ts';
import { readHeader, type CsvRow } from './csv-input.ts';
import type { ScoreNotes } from './score-notes.ts';

export interface ScoreJob {
  readonly manifest: Manifest;
  readonly inference: Inference;
  readonly notes: ScoreNotes;
  readonly json: boolean;
  readonly reasons: boolean;
  readonly separator: string;
  readonly signal: AbortSignal;
}

interface ScoredRow {
  readonly score: number;
  readonly verdict: Verdict;
  readonly outside: boolean;
  readonly reasons: readonly string[];
}

/** Rows and characters scored at a time: enough to keep the model busy, little enough to hold in memory. */
const batchLimit = { rows: 500, characters: 1_000_000 };

/** Looks at the header and answers the names of what is appended. Throws BAD_CSV when it will not do. */
function checkedHeader(header: readonly string[], job: ScoreJob): string[] {
  const { unmapped, mapped } = csvReader(job.manifest.schema, header);
  const names = appendedNames(
    header,
    [...mapped.values()].map((at) => header[at]!),
  );
  if (unmapped.length === header.length) {
    const hint = header.length === 1 ? ' Perhaps it is not separated by this sign: see --separator.' : '';
    throw new OutpostError(
      'BAD_CSV',
      `No column of the CSV file is an attribute of the schema “${job.manifest.schema.id}”.${hint}`,
    );
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

async function scoreBatch(job: ScoreJob, reader: CsvReader, rows: readonly CsvRow[]): Promise<ScoredRow[]> {
  const { manifest, inference } = job;
  const options = { maxMissingShare: manifest.maxMissingShare, columns: boundColumns(manifest.binding) };
  const read = rows.map(({ cells, line }) => {
    const { facts, problems } = reader.read(cells);
    for (const problem of problems) job.notes.problem(line, problem);
    return {
      row: encodeFacts(manifest.schema, facts),
      outside: outsideReasons(manifest.schema, facts, options).length > 0,
    };
  });
  const encoded = read.map(({ row }) => row);
  const scoreRows = async (list: readonly EncodedRow[]): Promise<number[]> =>
    (await inference.score(manifest.model.sha256, list)).map(({ score }) => score);
  const scores = await scoreRows(encoded);
  const parts = job.reasons ? await quickContributions(manifest, encoded, scores, scoreRows) : [];
  return read.map(({ row, outside }, i) => {
    const verdict = verdictOf(scores[i]!, manifest.thresholds);
    job.notes.scored(verdict, outside);
    const reasons = reasonPhrases(parts[i] ?? [], manifest.schema, row, verdict, smallestQuickReason);
    return { score: shownScore(scores[i]!), verdict, outside, reasons };
  });
}

function asJson(
  job: ScoreJob,
  header: readonly string[],
  names: readonly string[],
  rows: readonly CsvRow[],
  scored: readonly ScoredRow[],
): string {
  const { version } = job.manifest.model;
  const lines = rows.map(({ cells }, i) => {
    const { score, verdict, outside, reasons } = scored[i]!;
    const own = header.map((name, at) => [name, cells[at] ?? '']);
    const added = [score, verdict, outside, reasons, version].map((value, at) => [names[at]!, value]);
    return JSON.stringify(Object.fromEntries([...own, ...added]));
  });
  return `${lines.join('\n')}\n`;
}

function asCsv(job: ScoreJob, rows: readonly CsvRow[], scored: readonly ScoredRow[]): string {
  const lines = rows.map(({ cells }, i) => {
    const { score, verdict, outside, reasons } = scored[i]!;
    return [
      ...cells,
      String(score),
      verdict,
      outside ? 'yes' : 'no',
      // Reasons name columns and values of the file, and such a name may be anything.
      safeCell(reasons.join('; ')),
      String(job.manifest.model.version),
    ];
  });
  return stringify(lines, { delimiter: job.separator });
}

async function* batches(rows: AsyncIterator<CsvRow>, signal: AbortSignal): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = [];
  let characters = 0;
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    batch.push(next.value);
    characters += next.value.cells.reduce((sum, cell) => sum + cell.length, 0);
    if (batch.length < batchLimit.rows && characters < batchLimit.characters) continue;
    if (signal.aborted) throw new OutpostError('CANCELLED', 'Interrupted. No file was written.');
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Scores the rows of a CSV file in batches and yields the result as text, piece by piece: all columns as they came,
 * then the appended ones. Throws BAD_CSV before anything is yielded when the header will not do.
 */
export async function* scoreCsv(job: ScoreJob, rows: AsyncGenerator<CsvRow>): AsyncGenerator<string> {
  try {
    const first = await rows.next();
    if (first.done) throw new OutpostError('BAD_CSV', 'The CSV file is empty: its first line should name the columns.');
    const header = readHeader(first.value);
    const names = checkedHeader(header, job);
    // The header goes out with the first rows, so that a file that is refused early leaves nothing behind in a pipe.
    let head = job.json ? '' : stringify([[...first.value.cells, ...names]], { delimiter: job.separator });
    const reader = csvReader(job.manifest.schema, header);
    for await (const batch of batches(rows, job.signal)) {
      const scored = await scoreBatch(job, reader, batch);
      yield head + (job.json ? asJson(job, header, names, batch, scored) : asCsv(job, batch, scored));
      head = '';
    }
    if (head !== '') yield head;
  } finally {
    await rows.return(undefined);
  }
}
