import { Command, Option } from 'commander';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pino } from 'pino';
import { note } from '../../platform/command-io.ts';
import { decimalOption, missingOption, separatorOption } from '../../platform/command-options.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { missingOf } from '../../shared/encoding/unknown-spellings.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { maxModelBytes } from '../../shared/encoding/onnx/index.ts';
import { requireModel } from '../../platform/models/require-model.ts';
import { readInput, requireNoFolder, requireOther, requireReadable } from '../../platform/files.ts';
import { systemClock } from '../backend/host/system.ts';
import { createInference } from '../backend/inference/supervisor.ts';
import { spawnNodeInference } from '../backend/inference/spawn-node.ts';
import { manifestBeside, openModel, readBundled, readModelFiles } from '../backend/models/files.ts';
import type { StoredModel } from '../backend/inference/inference.ts';
import { openCsv } from './csv-input.ts';
import type { CommandIo } from './io.ts';
import { createNotes } from './score-notes.ts';
import { scoreCsv, type ScoreJob } from './score-rows.ts';
import { fileSink, isClosedPipe, streamSink, type Sink } from './output-file.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface ScoreOptions {
  readonly out?: string;
  readonly model?: string;
  readonly manifest?: string;
  readonly json?: boolean;
  readonly reasons: boolean;
  readonly separator?: string;
  readonly decimal?: DecimalSign;
  readonly missing?: readonly string[];
  readonly delimiter?: string;
}

async function openInput(io: CommandIo, file: string): Promise<Readable> {
  if (file === '-') return io.stdin;
  try {
    if ((await stat(file)).isDirectory())
      throw new OutpostError('BAD_INPUT', sentence('outpost.folder_no_csv_file', { file }));
  } catch (cause) {
    if (cause instanceof OutpostError) throw cause;
    throw new OutpostError('BAD_INPUT', sentence('outpost.file_unreadable', { file }), { cause });
  }
  return createReadStream(file);
}

async function openSink(io: CommandIo, out: string | undefined): Promise<Sink> {
  if (out === undefined || out === '-') return streamSink(io.stdout);
  try {
    return await fileSink(out);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('outpost.file_not_writable', { out }), {
      cause,
    });
  }
}

async function chooseModel(io: CommandIo, { model, manifest }: ScoreOptions): Promise<StoredModel> {
  if (model === undefined && manifest !== undefined) {
    throw new OutpostError('BAD_INPUT', sentence('outpost.manifest_needs_model'));
  }
  if (model === undefined) return openModel(await readBundled(io.modelsDir));
  for (const file of [model, ...(manifest === undefined ? [] : [manifest])]) requireReadable(file);
  requireModel(model, readInput(model, maxModelBytes));
  return openModel(await readModelFiles(model, manifest));
}

async function write(sink: Sink, pieces: AsyncIterable<string>): Promise<void> {
  try {
    for await (const piece of pieces) await sink.write(piece);
    await sink.commit();
  } finally {
    await sink.discard();
  }
}

function readFiles(file: string, { model, manifest }: ScoreOptions): (string | undefined)[] {
  return [file, model, model === undefined ? undefined : (manifest ?? manifestBeside(model))];
}

/** How rows are read and shown. */
function howOf({ json = false, reasons, decimal, missing = [] }: ScoreOptions, { training }: Manifest) {
  return { json, reasons, decimal, missing: missingOf([...missing, ...(training.missing ?? [])]) };
}

async function score(io: CommandIo, file: string, options: ScoreOptions): Promise<void> {
  requireOther(options.out, readFiles(file, options));
  if (options.out !== undefined && options.out !== '-') requireNoFolder(options.out);
  const model = await chooseModel(io, options);
  const input = await openInput(io, file);
  // Also while waiting for more input: a person who interrupts should not have to do it twice.
  const interrupted = new OutpostError('CANCELLED', sentence('outpost.interrupted'));
  io.signal.addEventListener('abort', () => input.destroy(interrupted));
  const logger = pino({ level: 'silent' });
  const inference = createInference({ spawn: spawnNodeInference(), clock: systemClock(), logger });
  // While its process starts, the first rows are read.
  const loading = inference.load(model);
  loading.catch(() => undefined);
  const notes = createNotes();
  const { separator: wanted = options.delimiter ?? null } = options;
  try {
    const { separator, note: found, rows } = await openCsv(input, wanted);
    if (found !== null) note(io, found);
    const job: ScoreJob = {
      manifest: model.manifest,
      language: io.language,
      inference,
      notes,
      separator,
      ...howOf(options, model.manifest),
      signal: io.signal,
      loading,
    };
    await write(await openSink(io, options.out), scoreCsv(job, rows));
    note(io, ...notes.lines(model.manifest));
  } catch (error) {
    // Whatever broke first, it broke because the person wanted to end.
    if (io.signal.aborted) throw interrupted;
    if (isClosedPipe(error)) return;
    // Of a model that cannot be used a person hears first, whatever is wrong with the file.
    await loading;
    throw error;
  } finally {
    await inference.close();
    input.destroy();
  }
}

/** `outpost score`: scores a CSV file with the bundled or a given model. */
export function scoreCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return new Command('score')
    .description(say('score.about'))
    .argument('<file>', say('score.file_argument'))
    .option('--out <file>', say('score.out_option'))
    .option('--model <file>', say('score.model_option'))
    .option('--manifest <file>', say('score.manifest_option'))
    .option('--json', say('score.json_option'))
    .option('--no-reasons', say('score.no_reasons_option'))
    .option(...separatorOption(language))
    .option(...decimalOption(language))
    .option(...missingOption(language))
    .addOption(
      new Option('--delimiter <sign>', say('score.delimiter_option'))
        .argParser(separatorOption(language)[2])
        .hideHelp(),
    )
    .addHelpText('after', `\n${say('score.about_more')}\n\n${say('commands.exit_codes')}`)
    .action((file: string, options: ScoreOptions) => score(io, file, options));
}
