import { inEnglish } from '../../shared/errors/in-english.ts';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { courierLimits } from '../../shared/courier/format.ts';
import { isOutpostError, messageOf, OutpostError } from '../../shared/errors/index.ts';
import type { RegistryContext } from '../identity/context.ts';
import { importUp, makeDownFile } from '../laptops/courier.ts';
import { writeAtomic } from '../../platform/files.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface ImportOptions extends FolderOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** What became of one file; `answer` is the file to carry back, null when the file was refused. */
export interface ImportedFile {
  readonly file: string;
  readonly answer: string | null;
  readonly entries: number;
  readonly sentence: string;
  readonly refused: boolean;
}

function readCourier(file: string): Uint8Array {
  try {
    if (statSync(file).size > courierLimits.sealed)
      throw new OutpostError('BAD_COURIER', sentence('registry_cli.courier_file_too_large'));
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    if (isOutpostError(cause)) throw cause;
    throw new OutpostError('BAD_INPUT', sentence('files.file_cannot_read', { file }), { cause });
  }
}

async function importFile(context: RegistryContext, file: string, out: string): Promise<ImportedFile> {
  try {
    const taken = await importUp(context, readCourier(file));
    const answer = join(out, taken.name);
    writeAtomic(answer, taken.bytes, 0o600);
    const joined = taken.enrolled ? 'enrolled; ' : '';
    const sentence =
      (taken.problem === null ? null : inEnglish(taken.problem.sentence)) ??
      `${joined}${taken.entries} ${taken.entries === 1 ? 'entry' : 'entries'} receipted`;
    return { file: basename(file), answer, entries: taken.entries, sentence, refused: false };
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    return { file: basename(file), answer: null, entries: 0, sentence: messageOf(error), refused: true };
  }
}

function importCommand(io: CommandIo): Command {
  return withFolder(new Command('import'))
    .description('take courier files in and write the answers; each answer is for the laptop its file came from')
    .argument('<file...>', 'courier files (.outpost) from laptops')
    .requiredOption('--out <dir>', 'folder the answers are written to')
    .option(...jsonOption(io.language))
    .action(async (files: string[], options: ImportOptions) => {
      const done = await inRegistry(io, options, async (context) => {
        const imported: ImportedFile[] = [];
        for (const file of files) imported.push(await importFile(context, file, options.out));
        return imported;
      });
      const line = ({ file, sentence, answer }: ImportedFile): string =>
        `${file}: ${sentence}${answer === null ? '' : ` -> ${answer}`}`;
      print(io, options.json, done, done.map(line));
      const refused = done.filter((one) => one.refused).length;
      if (refused === 0) return;
      throw new OutpostError(
        'BAD_COURIER',
        `${refused} of ${done.length} courier files ${refused === 1 ? 'was' : 'were'} refused.`,
      );
    });
}

interface MakeOptions extends ImportOptions {
  readonly office: string;
}

function makeCommand(io: CommandIo): Command {
  return withFolder(new Command('make'))
    .description('write a file with the current release and the newest receipt for every laptop of an office')
    .requiredOption('--office <id>', 'office whose laptops the files are for')
    .requiredOption('--out <dir>', 'folder the files are written to')
    .option(...jsonOption(io.language))
    .action(async (options: MakeOptions) => {
      const made = await inRegistry(io, options, async (context) => {
        const devices = await context.db
          .selectFrom('devices')
          .select('id')
          .where('office', '=', options.office)
          .orderBy('id')
          .execute();
        if (devices.length === 0)
          throw new OutpostError(
            'NOT_FOUND',
            sentence('registry_cli.no_laptop_office_enrolled_here', { office: options.office }),
          );
        const files: { device: string; file: string }[] = [];
        for (const { id } of devices) {
          const { name, bytes } = await makeDownFile(context, id);
          writeAtomic(join(options.out, name), bytes, 0o600);
          files.push({ device: id, file: join(options.out, name) });
        }
        return files;
      });
      print(
        io,
        options.json,
        made,
        made.map(({ device, file }) => `${device} -> ${file}`),
      );
    });
}

/** `registry courier import` and `registry courier make`: what laptops sent by stick, and what is carried to them. */
export function courierCommand(io: CommandIo): Command {
  return new Command('courier')
    .description('courier files of laptops that come by stick')
    .addCommand(importCommand(io))
    .addCommand(makeCommand(io));
}
