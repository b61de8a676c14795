import { readFile } from 'node:fs/promises';
import type { Backend } from '../index.ts';
import { seedDemoFromCsv } from './index.ts';

// Said aloud and typed by hand in front of people, so no letters that look alike.
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

function newPassphrase(random: (bytes: number) => Uint8Array): string {
  const letters = [...random(15)].map((byte) => LETTERS[byte % LETTERS.length] ?? 'a');
  return [0, 5, 10].map((from) => letters.slice(from, from + 5).join('')).join('-');
}

/**
 * Makes a fresh backend a demonstration: a vault under a made-up passphrase, which is returned, open and filled with
 * the simulated cases of a CSV file. Resolves when all are scored; their reasons follow in the background.
 */
export async function openDemo(backend: Backend, casesFile: string): Promise<string> {
  const passphrase = newPassphrase(backend.context.options.random);
  await backend.client.vault.create({ passphrase, personName: 'Demo person', office: 'North' });
  await seedDemoFromCsv(backend, await readFile(casesFile, 'utf8'));
  return passphrase;
}
