import {
  expiryAfter,
  keyIdOf,
  metadataText,
  specVersion,
  tufKey,
  type Metadata,
  type RootSigned,
  type TargetFile,
  type TargetsSigned,
} from '../../shared/releases/metadata.ts';
import { publicKeyTargetSchema, targetsValidDays, type PublicKeyTarget } from '../../shared/releases/targets.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { signOffline, type OfflineKey } from '../identity/offline-keys.ts';
import { publish } from './publish.ts';
import { metadataName, writeMetadata, writeTarget } from './repository.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** How many of the offline keys must sign root and targets. */
const offlineThreshold = 2;
const rootValidDays = 365;

interface NewRepository {
  readonly blobs: BlobStore;
  /** Milliseconds. */
  readonly now: number;
  readonly offline: readonly OfflineKey[];
  readonly passphrase: string;
  /** Hex private and public halves of the online key. */
  readonly onlineKey: string;
  readonly publicKeys: { readonly receipt: string; readonly online: string; readonly sealing: string };
}

function signAll<T extends object>(repository: NewRepository, signed: T): Metadata<T> {
  return { signed, signatures: repository.offline.map((key) => signOffline(signed, key.pem, repository.passphrase)) };
}

function firstRoot(repository: NewRepository): RootSigned {
  const online = tufKey(repository.publicKeys.online);
  const offlineRole = { keyids: repository.offline.map((one) => one.keyId).toSorted(), threshold: offlineThreshold };
  const onlineRole = { keyids: [keyIdOf(online)], threshold: 1 };
  return {
    _type: 'root',
    spec_version: specVersion,
    version: 1,
    expires: expiryAfter(repository.now, rootValidDays),
    consistent_snapshot: true,
    keys: Object.fromEntries([
      ...repository.offline.map((one) => [one.keyId, one.key] as const),
      [keyIdOf(online), online],
    ]),
    roles: { root: offlineRole, targets: offlineRole, snapshot: onlineRole, timestamp: onlineRole },
  };
}

async function publicKeyTarget(blobs: BlobStore, key: PublicKeyTarget): Promise<TargetFile> {
  const text = canonicalJson(publicKeyTargetSchema.parse(key) as Json);
  const { sha256, length } = await writeTarget(blobs, `keys/${key.purpose}.json`, text);
  return { length, hashes: { sha256 } };
}

async function firstTargets(repository: NewRepository): Promise<TargetsSigned> {
  const online = tufKey(repository.publicKeys.online);
  const { receipt, sealing } = repository.publicKeys;
  return {
    _type: 'targets',
    spec_version: specVersion,
    version: 1,
    expires: expiryAfter(repository.now, targetsValidDays),
    targets: {
      'keys/receipt.json': await publicKeyTarget(repository.blobs, {
        format: 'outpost.public-key/1',
        purpose: 'receipt',
        key: receipt,
      }),
      'keys/sealing.json': await publicKeyTarget(repository.blobs, {
        format: 'outpost.public-key/1',
        purpose: 'sealing',
        key: sealing,
      }),
    },
    delegations: {
      keys: { [keyIdOf(online)]: online },
      roles: [{ name: 'channel', keyids: [keyIdOf(online)], threshold: 1, terminating: true, paths: ['channels/*'] }],
    },
  };
}

/** Writes the first metadata of a registry: root and targets signed by all offline keys, the rest by the online key. */
export async function createRepository(repository: NewRepository): Promise<void> {
  if (repository.offline.length < offlineThreshold)
    throw new OutpostError('BAD_INPUT', sentence('releases.too_few_offline_keys', { least: offlineThreshold }));
  const root = signAll(repository, firstRoot(repository));
  await writeMetadata(repository.blobs, 'root', root);
  // The name under which a laptop asks for its first trust; it stays the first version for good.
  await repository.blobs.put(metadataName('root.json'), metadataText(root));
  const empty: TargetsSigned = {
    _type: 'targets',
    spec_version: specVersion,
    version: 1,
    expires: root.signed.expires,
    targets: {},
  };
  await publish(
    { blobs: repository.blobs, onlineKey: repository.onlineKey, now: repository.now },
    {
      targets: signAll(repository, await firstTargets(repository)),
      channel: { signatures: [], signed: { ...empty, version: 0 } },
      snapshotVersion: 0,
      timestampVersion: 0,
    },
    {},
  );
}
