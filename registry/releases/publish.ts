import { channelSchema, type Channel } from '../../shared/contract/registry.ts';
import {
  expiryAfter,
  signMetadata,
  specVersion,
  type Metadata,
  type SnapshotSigned,
  type TargetFile,
  type TargetsSigned,
  type TimestampSigned,
} from '../../shared/releases/metadata.ts';
import { newestSigned, onlineValidDays, requireSigningClock } from '../../shared/releases/clock.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { readPublished, writeMetadata, writeTarget, type Published } from './repository.ts';

/** What publishing needs: where release files are kept, the registry's online private key (hex) and the time in milliseconds. */
export interface Publisher {
  readonly blobs: BlobStore;
  readonly onlineKey: string;
  readonly now: number;
  /** Somebody said that this clock is right although it does not fit the newest signature. */
  readonly clockIsRight?: boolean;
}

function signed<T extends object>(publisher: Publisher, document: T): Metadata<T> {
  return { signatures: [signMetadata(document, publisher.onlineKey)], signed: document };
}

/** Target file of one office's channel document. */
export async function writeChannelTarget(blobs: BlobStore, channel: Channel): Promise<TargetFile> {
  const text = canonicalJson(channelSchema.parse(channel) as Json);
  const { sha256, length } = await writeTarget(blobs, `channels/${channel.office}.json`, text);
  return { length, hashes: { sha256 } };
}

/** What is published before a change; versions of 0 stand for a registry that has published nothing yet. */
type Before = Pick<Published, 'targets' | 'channel'> & {
  readonly snapshotVersion: number;
  readonly timestampVersion: number;
};

interface Change {
  readonly targets?: Metadata<TargetsSigned>;
  readonly channels?: Readonly<Record<string, TargetFile>>;
}

function nextChannel(
  publisher: Publisher,
  before: TargetsSigned,
  change: Change,
  expires: string,
): Metadata<TargetsSigned> {
  const targets = { ...before.targets, ...change.channels };
  return signed(publisher, { ...before, version: before.version + 1, expires, targets });
}

function nextTimestamp(version: number, expires: string, snapshot: SnapshotSigned['meta'][string]): TimestampSigned {
  return { _type: 'timestamp', spec_version: specVersion, version, expires, meta: { 'snapshot.json': snapshot } };
}

/**
 * Publishes new versions of what changed. Order matters: target files are there already, then targets and channel,
 * then the snapshot; the timestamp comes last, so that a crash in between leaves the former state published.
 */
export async function publish(publisher: Publisher, before: Before, change: Change): Promise<void> {
  const { blobs } = publisher;
  const expires = expiryAfter(publisher.now, onlineValidDays);
  const channel = nextChannel(publisher, before.channel.signed, change, expires);
  const meta = {
    'targets.json': await writeMetadata(blobs, 'targets', change.targets ?? before.targets),
    'channel.json': await writeMetadata(blobs, 'channel', channel),
  };
  const version = before.snapshotVersion + 1;
  const snapshot: SnapshotSigned = { _type: 'snapshot', spec_version: specVersion, version, expires, meta };
  const snapshotMeta = await writeMetadata(blobs, 'snapshot', signed(publisher, snapshot));
  const timestamp = nextTimestamp(before.timestampVersion + 1, expires, snapshotMeta);
  await writeMetadata(blobs, 'timestamp', signed(publisher, timestamp));
}

/**
 * Publishes a change on top of what is published now. The caller holds the release lock. Throws BAD_CLOCK when this
 * machine's clock does not fit the newest signature.
 */
export async function publishChange(publisher: Publisher, change: Change): Promise<void> {
  const now = await readPublished(publisher.blobs);
  if (publisher.clockIsRight !== true) {
    const newest = newestSigned([now.timestamp.signed, now.channel.signed]);
    requireSigningClock(publisher.now, newest, 'say_so');
  }
  await publish(
    publisher,
    { ...now, snapshotVersion: now.snapshot.signed.version, timestampVersion: now.timestamp.signed.version },
    change,
  );
}

/** Signs the online documents again so that they stay valid. Daily, or whenever asked. The caller holds the release lock. */
export async function resign(publisher: Publisher): Promise<void> {
  await publishChange(publisher, {});
}
