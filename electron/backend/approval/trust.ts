import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { writeAtomic } from '../../../platform/files.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import { newestSigned } from '../../../shared/releases/clock.ts';
import {
  parseMetadata,
  rootSchema,
  timestampSchema,
  type RootSigned,
  type TargetsSigned,
} from '../../../shared/releases/metadata.ts';
import type { ReleaseSource } from '../releases/release-source.ts';
import { refreshReleases } from '../releases/trusted-metadata.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What the admin's own machine trusts: nothing of it comes from the registry unverified. */
export interface Trust {
  readonly root: RootSigned;
  readonly targets: TargetsSigned;
  /** When the registry last signed, in milliseconds. */
  readonly newestSignature: number;
}

interface TrustInput {
  /** Folder on this machine that keeps verified metadata between approvals. */
  readonly folder: string;
  /** SHA-256 of the registry's first root.json; needed the first time, checked whenever it is given. */
  readonly rootSha256: string | undefined;
  readonly source: ReleaseSource;
  /** Milliseconds. */
  readonly now: number;
}

const firstRoot = 'first-root.json';
const maxRootBytes = 512_000;

function write(folder: string, name: string, bytes: Uint8Array): void {
  writeAtomic(join(folder, name), bytes, 0o600);
}

async function fetchFirstRoot(input: TrustInput): Promise<Uint8Array> {
  if (input.rootSha256 === undefined) {
    throw new OutpostError('BAD_INPUT', sentence('approval.root_unknown'));
  }
  const bytes = await input.source.metadata('root.json', maxRootBytes);
  if (bytes === null) throw new OutpostError('BAD_RELEASE', sentence('approval.no_root'));
  return bytes;
}

async function pin(input: TrustInput): Promise<void> {
  const path = join(input.folder, firstRoot);
  const known = existsSync(path);
  const bytes = known ? new Uint8Array(readFileSync(path)) : await fetchFirstRoot(input);
  if (input.rootSha256 !== undefined && sha256Hex(bytes) !== input.rootSha256) {
    throw new OutpostError('NOT_APPROVED', sentence('approval.root_has_another_hash'));
  }
  if (known) return;
  write(input.folder, 'root.json', bytes);
  write(input.folder, firstRoot, bytes); // last: only with it the folder counts as set up
}

function known(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== firstRoot);
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}

/**
 * Brings this machine's trusted metadata up to date from the pinned first root, by the update framework's own rules.
 * Throws NOT_APPROVED for a wrong root, EXPIRED or BAD_RELEASE for metadata that must not be trusted.
 */
export async function refreshTrust(input: TrustInput): Promise<Trust> {
  mkdirSync(input.folder, { recursive: true, mode: 0o700 });
  await pin(input);
  let verified: ReadonlyMap<string, Uint8Array> = new Map();
  const keep = (files: ReadonlyMap<string, Uint8Array>): void => void (verified = files);
  try {
    const { targets } = await refreshReleases({
      known: known(input.folder),
      source: input.source,
      now: input.now,
      delegatedPath: null,
      keep,
    });
    const root = verified.get('root.json') ?? new Uint8Array();
    const timestamp = verified.get('timestamp.json') ?? new Uint8Array();
    const read = <T>(bytes: Uint8Array, schema: z.ZodType<T>): T =>
      parseMetadata(new TextDecoder().decode(bytes), schema).signed;
    return { targets, root: read(root, rootSchema), newestSignature: newestSigned([read(timestamp, timestampSchema)]) };
  } finally {
    for (const [name, bytes] of verified) write(input.folder, name, bytes);
  }
}
