import { join } from 'node:path';
import {
  expiryAfter,
  keyIdOf,
  metadataText,
  specVersion,
  tufKey,
  type Metadata,
  type RootSigned,
  type TargetsSigned,
} from '../../shared/releases/metadata.ts';
import { publicKeyTargetSchema, targetsValidDays, type PublicKeyTarget } from '../../shared/releases/targets.ts';
import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { writeAtomic } from '../../platform/files.ts';
import { signOffline, type OfflineKey } from '../identity/offline-keys.ts';
import { publish } from './publish.ts';
import { metadataFolder, writeMetadata, writeTarget } from './repository.ts';
import { OutpostError } from '../../shared/errors/index.ts';

/** How many of the offline keys must sign root and targets. */
export const offlineThreshold = 2;
const rootValidDays = 365;

export interface Founding {
  readonly folder: string;
  /** Milliseconds. */
  readonly now: number;
  readonly offline: readonly OfflineKey[];
  readonly passphrase: string;
  /** Hex private and public halves of the online key. */
  readonly onlineKey: string;
  readonly publicKeys: { readonly receipt: string; readonly online: string; readonly sealing: string };
}

function signAll<T extends object>(founding: Founding, signed: T): Metadata<T> {
  return { signed, signatures: founding.offline.map((key) => signOffline(signed, key.pem, founding.passphrase)) };
}

function firstRoot(founding: Founding): RootSigned {
  const online = tufKey(founding.publicKeys.online);
  const offlineRole = { keyids: founding.offline.map((one) => one.keyId).toSorted(), threshold: offlineThreshold };
  const onlineRole = { keyids: [keyIdOf(online)], threshold: 1 };
  return {
    _type: 'root',
    spec_version: specVersion,
    version: 1,
    expires: expiryAfter(founding.now, rootValidDays),
    consistent_snapshot: true,
    keys: Object.fromEntries([
      ...founding.offline.map((one) => [one.keyId, one.key] as const),
      [keyIdOf(online), online],
    ]),
    roles: { root: offlineRole, targets: offlineRole, snapshot: onlineRole, timestamp: onlineRole },
  };
}

function publicKeyTarget(folder: string, key: PublicKeyTarget): { length: number; hashes: { sha256: string } } {
  const text = canonicalJson(publicKeyTargetSchema.parse(key) as Json);
  const { sha256, length } = writeTarget(folder, `keys/${key.purpose}.json`, text);
  return { length, hashes: { sha256 } };
}

function firstTargets(founding: Founding): TargetsSigned {
  const online = tufKey(founding.publicKeys.online);
  const { receipt, sealing } = founding.publicKeys;
  return {
    _type: 'targets',
    spec_version: specVersion,
    version: 1,
    expires: expiryAfter(founding.now, targetsValidDays),
    targets: {
      'keys/receipt.json': publicKeyTarget(founding.folder, {
        format: 'outpost.public-key/1',
        purpose: 'receipt',
        key: receipt,
      }),
      'keys/sealing.json': publicKeyTarget(founding.folder, {
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
export function createRepository(founding: Founding): void {
  if (founding.offline.length < offlineThreshold)
    throw new OutpostError('BAD_INPUT', `At least ${offlineThreshold} offline keys are needed.`);
  const root = signAll(founding, firstRoot(founding));
  writeMetadata(founding.folder, 'root', root);
  // The name under which a laptop asks for its first trust; it stays the first version for good.
  writeAtomic(join(metadataFolder(founding.folder), 'root.json'), metadataText(root));
  const empty: TargetsSigned = {
    _type: 'targets',
    spec_version: specVersion,
    version: 1,
    expires: root.signed.expires,
    targets: {},
  };
  publish(
    { folder: founding.folder, onlineKey: founding.onlineKey, now: founding.now },
    {
      targets: signAll(founding, firstTargets(founding)),
      channel: { signatures: [], signed: { ...empty, version: 0 } },
      snapshotVersion: 0,
      timestampVersion: 0,
    },
    {},
  );
}
