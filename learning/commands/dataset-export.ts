import { readDataset } from '../dataset/dataset-file.ts';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { note, print, type CommandIo } from '../../platform/command-io.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { requireOther, requireWritableFile, writeAtomic } from '../../platform/files.ts';
import { writePacked } from '../../platform/packed-file.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { canonicalJson } from '../../shared/log/canonical.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';
import { kindOfFile } from '../data/file-kind.ts';
import { csvOfDataset, exportedColumns } from '../dataset/csv.ts';

interface ExportOptions {
  readonly data: string;
  readonly out: string;
  readonly schemaOut?: string;
  readonly json?: boolean;
}

function requirePlaces({ data, out, schemaOut, json }: ExportOptions): void {
  if (json === true && out === '-') throw new OutpostError('BAD_INPUT', sentence('dataset.export_json_to_stdout'));
  const files = [out, schemaOut].filter((file): file is string => file !== undefined && file !== '-');
  for (const file of files) {
    requireOther(file, [data]);
    requireWritableFile(file);
  }
  if (files.length === 2 && resolve(out) === resolve(files[1]!))
    throw new OutpostError('BAD_INPUT', sentence('dataset.export_two_in_one', { out }));
}

async function exportDataset(io: CommandIo, options: ExportOptions): Promise<void> {
  const { data, out, schemaOut, json } = options;
  requirePlaces(options);
  if ((await kindOfFile(data)) !== 'dataset')
    throw new OutpostError('BAD_INPUT', sentence('dataset.export_of_no_dataset', { data }));
  const { dataset, head } = readDataset(data);
  const columns = exportedColumns(dataset);
  const text = Readable.from(csvOfDataset(dataset, columns));
  if (out === '-') await pipeline(text, io.stdout, { end: false });
  else await writePacked(out, text);
  const { schema, texts } = dataset;
  if (schemaOut !== undefined) {
    const words = texts.map(({ language, attributes }) => ({ language, attributes }));
    writeAtomic(schemaOut, `${canonicalJson({ schema, texts: words })}\n`);
  }
  if (out === '-') return;
  const names = Object.values(columns).filter((name): name is string => name !== null);
  const { rows } = dataset.frame;
  const exported = sentence('dataset.exported', { rows, out, columns: listed(names) });
  const lines =
    schemaOut === undefined ? [exported] : [exported, sentence('dataset.schema_exported', { file: schemaOut })];
  if (json === true) print(io, true, { file: out, hash: head.hash, rows, columns }, []);
  else note(io, ...lines);
}

/** `learn dataset export`: the rows of a dataset as CSV, for other programs. */
export function exportCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  return new Command('export')
    .description(say('dataset.export_about'))
    .requiredOption('--data <file>', say('dataset.export_data'))
    .requiredOption('--out <file>', say('dataset.export_out'))
    .option('--schema-out <file>', say('dataset.export_schema_out'))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('dataset.export_explained')}\n\n${say('dataset.export_example')}`)
    .action((options: ExportOptions) => exportDataset(io, options));
}
