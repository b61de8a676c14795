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
import { getIfThere, type BlobStore } from '../../platform/blobs/blob-store.ts';
import { fileDigest, type FileDigest } from '../../platform/file-digest.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Everything a serving registry reads before it signs: the metadata published now. */
export interface Published {
  readonly root: Metadata<RootSigned>;
  readonly targets: Metadata<TargetsSigned>;
  readonly channel: Metadata<TargetsSigned>;
  readonly snapshot: Metadata<SnapshotSigned>;
  readonly timestamp: Metadata<TimestampSigned>;
}

/** Blob of a document of the release metadata laptops fetch, as `1.root.json`. */
export function metadataName(file: string): string {
  return `releases/metadata/${file}`;
}

/** Blob of a target file laptops fetch: `a/b.json` with hash H is kept as `a/H.b.json` (consistent snapshots). */
export function targetName(path: string, sha256: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `releases/targets/${path.slice(0, slash)}${sha256}.${path.slice(slash)}`;
}

/** Keeps a target file; a blob of that name has these bytes already, for its name holds their hash. */
export async function writeTarget(blobs: BlobStore, path: string, bytes: Uint8Array | string): Promise<FileDigest> {
  const facts = fileDigest(bytes);
  await blobs.put(targetName(path, facts.sha256), bytes, { sha256: facts.sha256 });
  return facts;
}

/** Writes one metadata document under its versioned name, or under its plain name for the timestamp. */
export async function writeMetadata(
  blobs: BlobStore,
  role: string,
  metadata: Metadata<{ version: number }>,
): Promise<{ version: number; length: number; hashes: { sha256: string } }> {
  const text = metadataText(metadata);
  const name = role === 'timestamp' ? 'timestamp.json' : `${metadata.signed.version}.${role}.json`;
  const { sha256, length } = await blobs.put(metadataName(name), text);
  return { version: metadata.signed.version, length, hashes: { sha256 } };
}

async function read<T>(blobs: BlobStore, name: string, schema: z.ZodType<T>): Promise<Metadata<T>> {
  const bytes = await getIfThere(blobs, metadataName(name));
  if (bytes === null) throw new OutpostError('BAD_RELEASE', sentence('releases.metadata_missing', { name }));
  return parseMetadata(Buffer.from(bytes).toString('utf8'), schema);
}

/** Reads one version of the top-level targets metadata. */
function readTargets(blobs: BlobStore, version: number): Promise<Metadata<TargetsSigned>> {
  return read(blobs, `${version}.targets.json`, targetsSchema);
}

/** Reads what is published now, starting at the timestamp as a laptop does. Throws BAD_RELEASE when a part is missing. */
export async function readPublished(blobs: BlobStore): Promise<Published> {
  const timestamp = await read(blobs, 'timestamp.json', timestampSchema);
  const snapshotVersion = timestamp.signed.meta['snapshot.json'].version;
  const snapshot = await read(blobs, `${snapshotVersion}.snapshot.json`, snapshotSchema);
  const versionOf = (name: string): number => {
    const meta = snapshot.signed.meta[name];
    if (meta === undefined) throw new OutpostError('BAD_RELEASE', sentence('releases.not_in_snapshot', { name }));
    return meta.version;
  };
  return {
    root: await read(blobs, await newestRoot(blobs), rootSchema),
    targets: await readTargets(blobs, versionOf('targets.json')),
    channel: await read(blobs, `${versionOf('channel.json')}.channel.json`, targetsSchema),
    snapshot,
    timestamp,
  };
}

async function newestRoot(blobs: BlobStore): Promise<string> {
  let version = 1;
  while ((await blobs.size(metadataName(`${version + 1}.root.json`))) !== null) version += 1;
  return `${version}.root.json`;
}

/** SHA-256 of the first root metadata, which enrolment codes pin; it also is the name of this registry. */
export async function rootSha256(blobs: BlobStore): Promise<string> {
  const bytes = await getIfThere(blobs, metadataName('1.root.json'));
  if (bytes === null) throw new OutpostError('NOT_FOUND', sentence('releases.no_registry_here'));
  return fileDigest(bytes).sha256;
}
