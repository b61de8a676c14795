import { channelSchema, type Channel } from '../../shared/contract/registry.ts';
import {
  expiryAfter,
  signMetadata,
  specVersion,
  type Metadata,
  type SnapshotSigned,
  type TargetFile,
  type TargetsSigned,
} from '../../shared/releases/metadata.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { readPublished, writeMetadata, writeTarget, type Published } from './repository.ts';

/** Days the documents signed by the online key stay valid; they are signed anew every day. */
export const onlineValidDays = 90;

/** What publishing needs: the registry's folder, its online private key (hex) and the time in milliseconds. */
export interface Publisher {
  readonly folder: string;
  readonly onlineKey: string;
  readonly now: number;
}

function signed<T extends object>(publisher: Publisher, document: T): Metadata<T> {
  return { signatures: [signMetadata(document, publisher.onlineKey)], signed: document };
}

/** Target file of one office's channel document. */
export function writeChannelTarget(folder: string, channel: Channel): TargetFile {
  const text = canonicalJson(channelSchema.parse(channel) as Json);
  const { sha256, length } = writeTarget(folder, `channels/${channel.office}.json`, text);
  return { length, hashes: { sha256 } };
}

/**
 * Publishes new versions of what changed. Order matters: target files are there already, then targets and channel,
 * then the snapshot; the timestamp comes last, so that a crash in between leaves the former state published.
 */
export function publish(
  publisher: Publisher,
  before: Pick<Published, 'targets' | 'channel'> & { readonly snapshotVersion: number; readonly timestampVersion: number },
  change: { readonly targets?: Metadata<TargetsSigned>; readonly channels?: Readonly<Record<string, TargetFile>> },
): void {
  const { folder } = publisher;
  const expires = expiryAfter(publisher.now, onlineValidDays);
  const targets = change.targets ?? before.targets;
  const channel = signed(publisher, {
    ...before.channel.signed,
    version: before.channel.signed.version + 1,
    expires,
    targets: { ...before.channel.signed.targets, ...change.channels },
  });
  const meta = {
    'targets.json': writeMetadata(folder, 'targets', targets),
    'channel.json': writeMetadata(folder, 'channel', channel),
  };
  const snapshot = signed<SnapshotSigned>(publisher, { _type: 'snapshot', spec_version: specVersion, version: before.snapshotVersion + 1, expires, meta });
  const snapshotMeta = writeMetadata(folder, 'snapshot', snapshot);
  writeMetadata(
    folder,
    'timestamp',
    signed(publisher, {
      _type: 'timestamp',
      spec_version: specVersion,
      version: before.timestampVersion + 1,
      expires,
      meta: { 'snapshot.json': snapshotMeta },
    }),
  );
}

/** Publishes a change on top of what is published now. The caller holds the release lock. */
export function publishChange(
  publisher: Publisher,
  change: { readonly targets?: Metadata<TargetsSigned>; readonly channels?: Readonly<Record<string, TargetFile>> },
): void {
  const now = readPublished(publisher.folder);
  publish(publisher, { ...now, snapshotVersion: now.snapshot.signed.version, timestampVersion: now.timestamp.signed.version }, change);
}

/** Signs the online documents anew so that they stay valid. Daily, or whenever asked. The caller holds the release lock. */
export function resign(publisher: Publisher): void {
  publishChange(publisher, {});
}
