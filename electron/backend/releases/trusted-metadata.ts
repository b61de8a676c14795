import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseFetcher, Updater } from 'tuf-js';
import { BadVersionError, DownloadHTTPError } from 'tuf-js/dist/error.js';
import { z } from 'zod';
import { temporaryFolder } from '../../../platform/temporary-folder.ts';
import { OutpostError, isOutpostError, messageOf } from '../../../shared/errors/index.ts';
import { parseMetadata, targetsSchema, type TargetsSigned } from '../../../shared/releases/metadata.ts';
import type { ListedFile, ReleaseSource } from './release-source.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Verified release information at one moment. */
export interface TrustedReleases {
  /** The top-level targets: the only list a release may come from. */
  readonly targets: TargetsSigned;
  /** The delegated target asked for; null when the registry lists none. */
  readonly delegated: ListedFile | null;
  /** When the first of the metadata files expires, as an instant. */
  readonly expires: string;
}

/** Thrown (as BAD_RELEASE with `data.older`) when genuine information is older than what is already trusted. */
export function isOlder(error: unknown): boolean {
  return isOutpostError(error, 'BAD_RELEASE') && error.data['older'] === true;
}

/** The private part of tuf-js' client that is needed: the moment against which expiry is judged. */
interface WithReferenceTime {
  trustedSet: { referenceTime: Date };
}

class SourceFetcher extends BaseFetcher {
  readonly #source: ReleaseSource;
  #problem: unknown = null;

  constructor(source: ReleaseSource) {
    super();
    this.#source = source;
  }

  /** What went wrong while fetching, which tuf-js turns into a sentence without a cause. */
  get problem(): unknown {
    return this.#problem;
  }

  override fetch(): Promise<never> {
    throw new TypeError('Only whole metadata files are fetched here.');
  }

  override async downloadBytes(url: string, maxLength: number): Promise<Buffer> {
    const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
    let bytes: Uint8Array | null;
    try {
      bytes = await this.#source.metadata(name, maxLength);
    } catch (error) {
      this.#problem = error;
      throw error;
    }
    if (bytes === null) throw new DownloadHTTPError(`There is no ${name}.`, 404);
    return Buffer.from(bytes);
  }
}

function refusal(error: unknown, fetched: unknown): OutpostError {
  if (isOutpostError(fetched)) return fetched;
  if (isOutpostError(error)) return error;
  // tuf-js wraps the errors of later steps into text, so the class alone does not tell
  if (/expired/i.test(messageOf(error))) return new OutpostError('EXPIRED', undefined, { cause: error });
  const older = error instanceof BadVersionError && /less than/.test(messageOf(error));
  return new OutpostError('BAD_RELEASE', older ? sentence('releases.older') : undefined, {
    cause: error,
    data: { older },
  });
}

async function readAll(dir: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(dir);
  return new Map(
    await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(dir, name)))] as const)),
  );
}

const expiringSchema = z.looseObject({ expires: z.iso.datetime() });

function expiryOf(bytes: Uint8Array): number {
  return Date.parse(parseMetadata(new TextDecoder().decode(bytes), expiringSchema).signed.expires);
}

async function walk(
  dir: string,
  source: ReleaseSource,
  now: number,
  delegatedPath: string | null,
): Promise<ListedFile | null> {
  const fetcher = new SourceFetcher(source);
  try {
    const updater = new Updater({ metadataDir: dir, metadataBaseUrl: 'https://releases.invalid/', fetcher });
    // tuf-js takes the machine's clock: a laptop set back would accept what has expired
    (updater as unknown as WithReferenceTime).trustedSet.referenceTime = new Date(now);
    await updater.refresh();
    if (delegatedPath === null) return null;
    const found = await updater.getTargetInfo(delegatedPath);
    const sha256 = found?.hashes['sha256'];
    return found === undefined || sha256 === undefined ? null : { path: found.path, sha256, length: found.length };
  } catch (error) {
    throw refusal(error, fetcher.problem);
  }
}

/** What a refresh starts from and whom it asks. `now` is the reference time in milliseconds. */
interface RefreshInput {
  /** Trusted metadata by file name; `root.json` at least. */
  readonly known: ReadonlyMap<string, Uint8Array>;
  readonly source: ReleaseSource;
  readonly now: number;
  readonly delegatedPath: string | null;
  /** Given every verified file, also when a later step failed: what was verified once guards against older ones. */
  readonly keep: (files: ReadonlyMap<string, Uint8Array>) => void;
}

/**
 * Runs The Update Framework's client workflow from the known metadata and gives what is then trusted. The metadata
 * lives in the encrypted database and only visits a private folder for the client. Errors: OFFLINE, EXPIRED,
 * BAD_RELEASE, CANCELLED.
 */
export async function refreshReleases(input: RefreshInput): Promise<TrustedReleases> {
  const dir = temporaryFolder('releases');
  try {
    await chmod(dir, 0o700);
    for (const [name, bytes] of input.known) await writeFile(join(dir, name), bytes, { mode: 0o600 });
    let delegated: ListedFile | null;
    try {
      delegated = await walk(dir, input.source, input.now, input.delegatedPath);
    } finally {
      input.keep(await readAll(dir));
    }
    const files = await readAll(dir);
    const text = new TextDecoder().decode(files.get('targets.json') ?? new Uint8Array());
    return {
      targets: parseMetadata(text, targetsSchema).signed,
      delegated,
      expires: new Date(Math.min(...[...files.values()].map(expiryOf))).toISOString(),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
