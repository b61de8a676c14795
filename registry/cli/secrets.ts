import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandIo } from '../../platform/command-io.ts';
import { readSecretFile } from '../../platform/secret-file.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

async function ask(io: CommandIo, question: string): Promise<string> {
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.stderr.write('\n');
  }
}

/** A passphrase from a file, else typed without being shown; asked twice when it is a new one. */
export async function readPassphrase(io: CommandIo, file: string | undefined, isNew: boolean): Promise<string> {
  if (file !== undefined) return readSecretFile(file);
  if (io.stdin.isTTY !== true) throw new OutpostError('BAD_INPUT', sentence('registry.no_terminal'));
  const first = await ask(io, `${io.language.say('registry.passphrase')} `);
  if (isNew && (await ask(io, `${io.language.say('registry.passphrase_again')} `)) !== first)
    throw new OutpostError('BAD_INPUT', sentence('registry.passphrases_differ'));
  return first;
}
