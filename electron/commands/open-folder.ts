import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { pino } from 'pino';
import { readSecretFile } from '../../platform/secret-file.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Language } from '../../shared/language/language.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';
import type { Backend } from '../backend/index.ts';
import { createNodeBackend } from '../backend/node-backend.ts';
import type { CommandIo } from './io.ts';

/** Options of every command that works on the cases of a data folder. */
export interface FolderOptions {
  readonly dataDir: string;
  readonly passphraseFile: string;
  readonly person?: string;
}

/** Adds the options that say whose cases a command works on. */
export function withFolder(command: Command, { say }: Language): Command {
  return command
    .requiredOption('--data-dir <folder>', say('commands.data_dir_option'))
    .requiredOption('--passphrase-file <file>', say('commands.passphrase_file_option'))
    .option('--person <name>', say('commands.person_option'));
}

async function choosePerson({ client }: Backend, name: string | undefined): Promise<void> {
  const people = await client.people.list({});
  if (people.length === 1 && name === undefined) return;
  const names = listed(people.map((person) => person.name));
  if (name === undefined) throw new OutpostError('BAD_INPUT', sentence('commands.several_people', { names }));
  const found = people.find((person) => person.name.toLowerCase() === name.trim().toLowerCase());
  if (found === undefined) throw new OutpostError('NOT_FOUND', sentence('commands.no_such_person', { names }));
  await client.people.choose({ id: found.id });
}

/**
 * Opens the cases of a data folder for as long as `work` takes. NOT_FOUND when it holds none, FOLDER_BUSY when another
 * process has it, WRONG_PASSPHRASE; BAD_INPUT when several people use it and none is named.
 */
export async function withOpenFolder<T>(
  io: CommandIo,
  { dataDir, passphraseFile, person }: FolderOptions,
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  const passphrase = readSecretFile(passphraseFile);
  const nothingThere = new OutpostError('NOT_FOUND', sentence('commands.nothing_there', { folder: dataDir }));
  // Opening would make the folder.
  if (!existsSync(dataDir)) throw nothingThere;
  const backend = await createNodeBackend({ dataDir, modelsDir: io.modelsDir, logger: pino({ level: 'silent' }) });
  try {
    if ((await backend.client.app.status({})).vault === 'new') throw nothingThere;
    await backend.client.vault.unlock({ passphrase });
    await choosePerson(backend, person);
    return await work(backend);
  } finally {
    await backend.close();
  }
}
