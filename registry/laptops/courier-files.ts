import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeAtomic } from '../../platform/files.ts';
import { courierLimits } from '../../shared/courier/format.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { RegistryContext } from '../identity/context.ts';
import { importUp, makeDownFile } from './courier.ts';

/** What became of one file; `answer` is the file to carry back, null when the file was refused. */
interface ImportedFile {
  readonly file: string;
  readonly answer: string | null;
  readonly entries: number;
  readonly sentence: Sentence;
  readonly refused: boolean;
}

function readCourier(file: string): Uint8Array {
  try {
    if (statSync(file).size > courierLimits.sealed)
      throw new OutpostError('BAD_COURIER', sentence('laptops.courier_file_too_large'));
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    if (isOutpostError(cause)) throw cause;
    throw new OutpostError('BAD_INPUT', sentence('files.file_cannot_read', { file }), { cause });
  }
}

async function importFile(context: RegistryContext, file: string, out: string): Promise<ImportedFile> {
  try {
    const { name, bytes, enrolled, entries, problem } = await importUp(context, readCourier(file));
    const answer = join(out, name);
    writeAtomic(answer, bytes, 0o600);
    const done = sentence('laptops.entries_receipted', { enrolled, entries });
    return { file: basename(file), answer, entries, sentence: problem?.sentence ?? done, refused: false };
  } catch (error) {
    if (!isOutpostError(error)) throw error;
    return { file: basename(file), answer: null, entries: 0, sentence: error.sentence, refused: true };
  }
}

/**
 * Takes in courier files of laptops one after the other and writes each answer into `out`, readable by this user only. A
 * file that is refused does not hold up the others.
 */
export async function importCourierFiles(
  context: RegistryContext,
  files: readonly string[],
  out: string,
): Promise<ImportedFile[]> {
  const imported: ImportedFile[] = [];
  for (const file of files) imported.push(await importFile(context, file, out));
  return imported;
}

/** Throws BAD_COURIER saying how many of some files were refused, if any was. */
export function requireNoneRefused(imported: readonly ImportedFile[]): void {
  const refused = imported.filter((one) => one.refused).length;
  if (refused === 0) return;
  throw new OutpostError('BAD_COURIER', sentence('laptops.files_refused', { refused, files: imported.length }));
}

/** A file for a laptop without one from it. */
interface DownFile {
  readonly device: string;
  readonly file: string;
}

/** Writes a file with release and newest receipt for every laptop of an office into `out`. NOT_FOUND when it has none. */
export async function makeOfficeFiles(context: RegistryContext, office: string, out: string): Promise<DownFile[]> {
  const query = context.db.selectFrom('devices').select('id').where('office', '=', office).orderBy('id');
  const devices = await query.execute();
  if (devices.length === 0) throw new OutpostError('NOT_FOUND', sentence('laptops.no_laptop_in_office', { office }));
  const files: DownFile[] = [];
  for (const { id } of devices) {
    const { name, bytes } = await makeDownFile(context, id);
    writeAtomic(join(out, name), bytes, 0o600);
    files.push({ device: id, file: join(out, name) });
  }
  return files;
}
