import { join } from 'node:path';
import type { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import {
  metadataText,
  parseMetadata,
  rootSchema,
  snapshotSchema,
  targetsSchema,
  timestampSchema,
  type Metadata,
  type RootSigned,
  type SnapshotSigned,
  type TargetsSigned,
  type TimestampSigned,
} from '../../shared/releases/metadata.ts';
import { readIfThere, writeAtomic } from '../../platform/files.ts';
import { fileFacts } from '../../platform/file-facts.ts';

/** Everything a serving registry reads before it signs: the metadata published now. */
export interface Published {
  readonly root: Metadata<RootSigned>;
  readonly targets: Metadata<TargetsSigned>;
  readonly channel: Metadata<TargetsSigned>;
  readonly snapshot: Metadata<SnapshotSigned>;
  readonly timestamp: Metadata<TimestampSigned>;
}

/** Folder of the release metadata laptops fetch. */
export function metadataFolder(folder: string): string {
  return join(folder, 'releases', 'metadata');
}

/** Folder of the target files laptops fetch, named with their hash in front (consistent snapshots). */
export function targetsFolder(folder: string): string {
  return join(folder, 'releases', 'targets');
}

/** File name of a target: `a/b.json` with hash H is kept as `a/H.b.json`. */
export function hashedName(path: string, sha256: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${sha256}.${path.slice(slash)}`;
}

/** Writes a target file in place; a file of that name has these bytes already, for its name holds their hash. */
export function writeTarget(
  folder: string,
  path: string,
  bytes: Uint8Array | string,
): { sha256: string; length: number } {
  const facts = fileFacts(bytes);
  writeAtomic(join(targetsFolder(folder), hashedName(path, facts.sha256)), bytes);
  return facts;
}

/** Writes one metadata document under its versioned name, or under its plain name for the timestamp. */
export function writeMetadata(
  folder: string,
  role: string,
  metadata: Metadata<{ version: number }>,
): { version: number; length: number; hashes: { sha256: string } } {
  const text = metadataText(metadata);
  const name = role === 'timestamp' ? 'timestamp.json' : `${metadata.signed.version}.${role}.json`;
  writeAtomic(join(metadataFolder(folder), name), text);
  const { sha256, length } = fileFacts(text);
  return { version: metadata.signed.version, length, hashes: { sha256 } };
}

function read<T>(folder: string, name: string, schema: z.ZodType<T>): Metadata<T> {
  const text = readIfThere(join(metadataFolder(folder), name));
  if (text === null)
    throw new OutpostError(
      'BAD_RELEASE',
      `The release metadata ${name} is missing. Restore the registry's folder from a backup.`,
    );
  return parseMetadata(text, schema);
}

/** Reads one version of the top-level targets metadata. */
export function readTargets(folder: string, version: number): Metadata<TargetsSigned> {
  return read(folder, `${version}.targets.json`, targetsSchema);
}

/** Reads what is published now, starting at the timestamp as a laptop does. Throws BAD_RELEASE when a part is missing. */
export function readPublished(folder: string): Published {
  const timestamp = read(folder, 'timestamp.json', timestampSchema);
  const snapshot = read(folder, `${timestamp.signed.meta['snapshot.json'].version}.snapshot.json`, snapshotSchema);
  const versionOf = (name: string): number => {
    const meta = snapshot.signed.meta[name];
    if (meta === undefined) throw new OutpostError('BAD_RELEASE', `The snapshot does not list ${name}.`);
    return meta.version;
  };
  return {
    root: read(folder, newestRoot(folder), rootSchema),
    targets: readTargets(folder, versionOf('targets.json')),
    channel: read(folder, `${versionOf('channel.json')}.channel.json`, targetsSchema),
    snapshot,
    timestamp,
  };
}

function newestRoot(folder: string): string {
  let version = 1;
  while (readIfThere(join(metadataFolder(folder), `${version + 1}.root.json`)) !== null) version += 1;
  return `${version}.root.json`;
}

/** SHA-256 of the first root metadata, which enrolment codes pin; it also is the name of this registry. */
export function rootSha256(folder: string): string {
  const text = readIfThere(join(metadataFolder(folder), '1.root.json'));
  if (text === null)
    throw new OutpostError('NOT_FOUND', `${folder} holds no registry. Set one up with "registry init".`);
  return fileFacts(text).sha256;
}
