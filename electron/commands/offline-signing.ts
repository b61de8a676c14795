import { readText } from '../../platform/files.ts';
import { readSecretFile } from '../../platform/secret-file.ts';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { requireSigningClock } from '../../shared/releases/clock.ts';
import { openOfflineKey } from '../backend/approval/offline-key.ts';
import { refreshTrust, type Trust } from '../backend/approval/trust.ts';
import { httpSource } from '../backend/releases/http-source.ts';
import type { Clock } from '../../platform/environment.ts';
import type { CommandIo } from './io.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** What every command that signs with an offline key is given. */
export interface SigningOptions {
  readonly registry: string;
  readonly key: string;
  readonly passphraseFile: string;
  readonly trust: string;
  readonly root?: string;
  readonly yes?: boolean;
}

/** What reaches outside of this machine, and its time. */
export interface SigningEnvironment {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
}

function hash({ say }: Language): (text: string) => string {
  return (text) => {
    if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError(say('signing.no_sha256'));
    return text;
  };
}

/** Adds the options of `SigningOptions`. */
export function withSigning(command: Command, language: Language): Command {
  const { say } = language;
  return command
    .requiredOption('--registry <url>', say('signing.registry_option'))
    .requiredOption('--key <file>', say('signing.key_option'))
    .requiredOption('--passphrase-file <file>', say('signing.passphrase_file_option'))
    .option('--root <sha256>', say('signing.root_option'), hash(language))
    .option('--trust <dir>', say('signing.trust_option'), join(homedir(), '.outpost-admin'))
    .option('--yes', say('signing.yes_option'));
}

/**
 * This machine's trusted metadata, brought up to date. Throws BAD_CLOCK when its clock does not fit the registry's newest
 * signature; `undated` asks for no fresh dates, where they have expired.
 */
export async function trustNow(
  io: CommandIo,
  options: SigningOptions,
  environment: SigningEnvironment,
  undated = false,
): Promise<Trust> {
  const source = httpSource(options.registry, { options: environment, partsDir: options.trust, signal: io.signal });
  const now = environment.clock.now();
  // Who renews too late has nothing fresh to start from; versions and signatures are checked all the same.
  const trust = await refreshTrust({
    folder: options.trust,
    rootSha256: options.root,
    source,
    now: undated ? 0 : now,
  });
  if (!undated) requireSigningClock(now, trust.newestSignature, 'sign_again');
  return trust;
}

/** What is typed to sign, in every language. */
const consent = 'yes';

/** Asks before signing; CANCELLED for anything but yes. */
export async function confirm(io: CommandIo, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  io.stdout.write(`${io.language.say('signing.confirm', { yes: consent })} `);
  const lines = createInterface({ input: io.stdin });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([new Promise<string>((resolve) => lines.once('line', resolve)), ended]);
  lines.close();
  if (answer.trim() !== consent) throw new OutpostError('CANCELLED', sentence('outpost.not_signed'));
}

function readKeyFile(file: string): string {
  const pem = readText(file);
  if (pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return pem;
  throw new OutpostError('BAD_INPUT', sentence('signing.no_key_file', { file }));
}

/** Throws BAD_INPUT naming a file that holds no key or no passphrase, before anything is asked of a registry or a person. */
export function requireKeyFiles({ key, passphraseFile }: SigningOptions): void {
  readKeyFile(key);
  readSecretFile(passphraseFile);
}

/** The hex private key of the key file, opened only now. WRONG_PASSPHRASE names both files. */
export function openKey({ key, passphraseFile }: SigningOptions): string {
  const [pem, passphrase] = [readKeyFile(key), readSecretFile(passphraseFile)];
  try {
    return openOfflineKey(pem, passphrase);
  } catch (cause) {
    if (!isOutpostError(cause, 'WRONG_PASSPHRASE')) throw cause;
    throw new OutpostError('WRONG_PASSPHRASE', sentence('signing.key_does_not_open', { key, passphraseFile }), {
      cause,
    });
  }
}
