import { readFile } from 'node:fs/promises';
import type { BackendClient } from '../../../shared/contract/backend.ts';
import { storedName } from '../../../shared/language/stored-name.ts';
import { seedDemoFromCsv, type DemoBackend } from './index.ts';

// Reasons of all cases take some seconds of a small processor; nobody should wait longer for a first look.
const PATIENCE_MS = 8_000;
// Said aloud and typed by hand in front of people, so no letters that look alike.
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A backend that can be made a demonstration. */
interface FreshBackend extends DemoBackend {
  readonly client: BackendClient;
  /** Resolves when the background has nothing left to do. */
  idle(): Promise<void>;
}

function newPassphrase(random: (bytes: number) => Uint8Array): string {
  const letters = [...random(15)].map((byte) => LETTERS[byte % LETTERS.length] ?? 'a');
  return [0, 5, 10].map((from) => letters.slice(from, from + 5).join('')).join('-');
}

/**
 * Makes a fresh backend a demonstration: a vault under a made-up passphrase, which is returned, open and filled with
 * the simulated cases of a CSV file. Resolves when all are scored; what reasons
 * are missing then follow in the background.
 */
export async function openDemo(backend: FreshBackend, casesFile: string): Promise<string> {
  const passphrase = newPassphrase(backend.context.options.random);
  await backend.client.vault.create({ passphrase, personName: storedName`Demo person`, office: 'North' });
  // All of it is deleted at the end: there is nothing to recover.
  await backend.client.vault.confirmRecoveryKey({});
  await seedDemoFromCsv(backend, await readFile(casesFile, 'utf8'));
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  await Promise.race([backend.idle(), enough]);
  clearTimeout(timer);
  return passphrase;
}
