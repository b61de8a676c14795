import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { note, print } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { readText, requireReadable, requireWritableFile, writeAtomic } from '../../platform/files.ts';
import { refusalText, refusedLines } from '../../shared/case-import/refused-rows.ts';
import { importMappingSchema, type ImportMapping } from '../../shared/case-import/mapping.ts';
import { mostImportBytes, type StagedImport } from '../../shared/contract/imports.ts';
import { foreign, OutpostError } from '../../shared/errors/index.ts';
import { sentenceOfIssue } from '../../shared/errors/issues.ts';
import { idSchema } from '../../shared/log/event.ts';
import { inClauses, listed, sentence, type Text } from '../../shared/language/sentence.ts';
import type { Backend } from '../backend/index.ts';
import { createUploadedFiles } from '../backend/exchange/uploaded-files.ts';
import type { CommandIo } from './io.ts';
import { withFolder, withOpenFolder, type FolderOptions } from './open-folder.ts';

interface ImportOptions extends FolderOptions {
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly refused?: string;
  readonly undo?: string;
  readonly json?: boolean;
}

/** How often is asked whether all first scores are there, in milliseconds: counting takes its time too. */
const pollMs = 300;
/** Refused rows named on the terminal. */
const mostNamed = 10;

/** A mapping as the help shows one. */
const exampleMapping: Omit<ImportMapping, 'constants'> = {
  format: 'outpost.import-mapping/1',
  columns: {
    Date: { to: 'received', order: 'day_first' },
    Result: { to: 'outcome', values: { proven: 'confirmed_scam' } },
  },
};

function readMapping(file: string | undefined): ImportMapping | null {
  if (file === undefined) return null;
  const bad = (why: Text, cause?: unknown): OutpostError =>
    new OutpostError('BAD_INPUT', sentence('case_import.bad_mapping', { file, why }), { cause });
  let given: unknown;
  try {
    given = JSON.parse(readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw bad(foreign(error.message), error);
  }
  const parsed = importMappingSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(
    inClauses([
      sentence('case_import.refused_cell', { column: issue?.path.join('.') ?? '', why: sentenceOfIssue(issue) }),
    ]),
  );
}

async function stage(io: CommandIo, { client, context }: Backend, file: string, mapping: ImportMapping | null) {
  const exchange = createUploadedFiles(context.exchangeDir);
  const token = await exchange.save(createReadStream(file), mostImportBytes);
  const news = await client.imports.stage({ file: token, name: basename(file), mapping }, { signal: io.signal });
  for await (const one of news) if (one.kind === 'staged') return one.staged;
  throw new OutpostError('CANCELLED', sentence('case_import.cancelled'));
}

/** Writes the refused rows to a CSV file for their owner alone. */
async function writeRefused(io: CommandIo, { client }: Backend, staged: StagedImport, file: string): Promise<void> {
  const { id, header } = staged;
  const read = (after: number, limit: number) => client.imports.refused({ id, after, limit });
  const lines = await refusedLines(header, read, io.language);
  writeAtomic(file, stringify(lines, { bom: true, record_delimiter: 'windows' }), 0o600);
}

function reportOf({ encoding, layout, rows, new: fresh, known, refused, ignored, problems }: StagedImport): Text[] {
  const named = problems.slice(0, mostNamed);
  return [
    sentence('case_import.read', { rows, encoding, new: fresh, known, refused }),
    ...(layout === null ? [] : [sentence('case_import.layout', { layout })]),
    ...(ignored.length === 0 ? [] : [sentence('case_import.ignored', { columns: listed(ignored) })]),
    ...named.map(({ line, problems: found }) =>
      sentence('case_import.refused_line', { line, why: refusalText(found) }),
    ),
    ...(refused > named.length ? [sentence('case_import.refused_more', { n: refused - named.length })] : []),
  ];
}

async function take(io: CommandIo, backend: Backend, file: string, options: ImportOptions): Promise<void> {
  const staged = await stage(io, backend, file, readMapping(options.mapping));
  const { id, rows, new: fresh, known, refused } = staged;
  if (options.refused !== undefined) await writeRefused(io, backend, staged, options.refused);
  note(io, ...reportOf(staged));
  const { client } = backend;
  const value = { rows, new: fresh, known, refused, ignored: staged.ignored };
  if (options.dryRun === true || fresh === 0) {
    await client.imports.discard({ id });
    return print(io, options.json, { import: null, ...value }, [sentence('case_import.dry_run_done')]);
  }
  const { cases } = await client.imports.commit({ id });
  await scoreAll(io, backend);
  print(io, options.json, { import: id, ...value }, [sentence('case_import.done', { cases, id })]);
}

/** Waits for the first scores; whoever interrupts gets them at the next opening. */
async function scoreAll(io: CommandIo, backend: Backend): Promise<void> {
  while (!io.signal.aborted) {
    const jobs = await backend.client.jobs.list({});
    if (!jobs.some(({ kind, open, failed }) => kind === 'score' && open > failed)) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function importCases(io: CommandIo, file: string | undefined, options: ImportOptions): Promise<void> {
  const { undo } = options;
  if ((file === undefined) === (undo === undefined))
    throw new OutpostError('BAD_INPUT', sentence('case_import.file_or_undo'));
  if (file !== undefined) requireReadable(file);
  if (undo !== undefined && !idSchema.safeParse(undo).success)
    throw new OutpostError('NOT_FOUND', sentence('case_import.no_such_import'));
  if (options.refused !== undefined) requireWritableFile(options.refused);
  readMapping(options.mapping);
  await withOpenFolder(io, options, async (backend) => {
    if (file !== undefined) return take(io, backend, file, options);
    const { cases } = await backend.client.imports.undo({ id: undo ?? '' });
    return print(io, options.json, { import: undo, undone: cases }, [sentence('case_import.undone', { cases })]);
  });
}

/** `outpost import`: cases from a CSV file, or the undoing of such an import. */
export function importCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return withFolder(new Command('import').argument('[file]', say('case_import.file_argument')), language)
    .description(say('case_import.about'))
    .option('--mapping <file>', say('case_import.mapping_option'))
    .option('--dry-run', say('case_import.dry_run_option'))
    .option('--refused <file>', say('case_import.refused_option'))
    .option('--undo <import>', say('case_import.undo_option'))
    .option(...jsonOption(language))
    .addHelpText(
      'after',
      `\n${say('case_import.explained', { mapping: JSON.stringify(exampleMapping) })}\n\n${say('case_import.example')}\n\n${say('commands.exit_codes')}`,
    )
    .action((file: string | undefined, options: ImportOptions) => importCases(io, file, options));
}
