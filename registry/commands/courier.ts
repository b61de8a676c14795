import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { courierLimits } from '../../shared/courier/format.ts';
import { isOutpostError, messageOf, OutpostError } from '../../shared/errors/index.ts';
import type { RegistryContext } from '../context.ts';
import { importUp } from '../courier.ts';
import { writeAtomic } from '../files.ts';
import { print, type CommandIo } from './io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';

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
      throw new OutpostError('BAD_COURIER', 'This courier file is too large. Nothing was changed.');
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    if (isOutpostError(cause)) throw cause;
    throw new OutpostError('BAD_INPUT', `${file} cannot be read.`, { cause });
  }
}

async function importFile(context: RegistryContext, file: string, out: string): Promise<ImportedFile> {
  try {
    const taken = await importUp(context, readCourier(file));
    const answer = join(out, taken.name);
    writeAtomic(answer, taken.bytes, 0o600);
    const joined = taken.enrolled ? 'enrolled; ' : '';
    const sentence =
      taken.problem?.message ?? `${joined}${taken.entries} ${taken.entries === 1 ? 'entry' : 'entries'} receipted`;
    return { file: basename(file), answer, entries: taken.entries, sentence, refused: false };
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    return { file: basename(file), answer: null, entries: 0, sentence: messageOf(error), refused: true };
  }
}

/** `registry courier import`: takes in what laptops sent by stick and writes what is carried back to them. */
export function courierCommand(io: CommandIo): Command {
  const courier = new Command('courier').description('courier files of laptops that come by stick');
  withFolder(courier.command('import'))
    .description('take courier files in and write the answers; each answer is for the laptop its file came from')
    .argument('<file...>', 'courier files (.outpost) from laptops')
    .requiredOption('--out <dir>', 'folder the answers are written to')
    .option('--json', 'print JSON')
    .action(async (files: string[], options: ImportOptions) => {
      const done = await inRegistry(io, options, async (context) => {
        const imported: ImportedFile[] = [];
        for (const file of files) imported.push(await importFile(context, file, options.out));
        return imported;
      });
      print(
        io,
        options.json,
        done,
        done.map(({ file, sentence, answer }) => `${file}: ${sentence}${answer === null ? '' : ` -> ${answer}`}`),
      );
      const refused = done.filter((one) => one.refused).length;
      if (refused > 0)
        throw new OutpostError(
          'BAD_COURIER',
          `${refused} of ${done.length} courier files ${refused === 1 ? 'was' : 'were'} refused.`,
        );
    });
  return courier;
}
