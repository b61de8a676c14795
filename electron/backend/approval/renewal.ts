import { OutpostError } from '../../../shared/errors/index.ts';
import {
  keyIdOf,
  signMetadata,
  tufKey,
  type Metadata,
  type MetadataSignature,
} from '../../../shared/releases/metadata.ts';
import { keyChanges, renewalProblems, type Renewal } from '../../../shared/releases/renewal.ts';
import { publicKeyOf } from '../../../shared/log/signed.ts';
import type { Trust } from './trust.ts';
import { inRow } from '../../../shared/releases/gate-sentence.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** Lines that say what a renewal changes. Throws NOT_APPROVED when it is more than dates and one offline key. */
export function reviewRenewal(renewal: Renewal, trust: Trust, now: number): Sentence[] {
  const next = { root: renewal.root.signed, targets: renewal.targets.signed };
  const problems = renewalProblems(trust, next, now);
  if (problems.length > 0)
    throw new OutpostError('NOT_APPROVED', sentence('approval.renewal_refused', { problems: inRow(problems) }));
  const { removed, added } = keyChanges(trust.root, next.root);
  const { root, targets } = next;
  return [
    sentence('approval.renewed_root', {
      from: trust.root.version,
      to: root.version,
      expires: root.expires,
      now: trust.root.expires,
    }),
    sentence('approval.renewed_list', { from: trust.targets.version, to: targets.version, expires: targets.expires }),
    ...removed.map((key) => sentence('approval.key_removed', { key })),
    ...added.map((key) => sentence('approval.key_added', { key })),
    ...(added.length === 0 ? [sentence('approval.keys_unchanged')] : []),
  ];
}

function withSignature<T extends object>(metadata: Metadata<T>, signature: MetadataSignature): Metadata<T> {
  return {
    signed: metadata.signed,
    signatures: [...metadata.signatures.filter((one) => one.keyid !== signature.keyid), signature],
  };
}

/** Adds this key's signatures. Throws BAD_SIGNATURE when the key is no offline key before or after the renewal. */
export function signRenewal(renewal: Renewal, privateKey: string, trust: Trust): Renewal {
  const keyId = keyIdOf(tufKey(publicKeyOf(privateKey)));
  const allowed = [...trust.root.roles.root.keyids, ...renewal.root.signed.roles.root.keyids];
  if (!allowed.includes(keyId))
    throw new OutpostError('BAD_SIGNATURE', sentence('approval.no_offline_key_of_registry'));
  return {
    root: withSignature(renewal.root, signMetadata(renewal.root.signed, privateKey)),
    targets: withSignature(renewal.targets, signMetadata(renewal.targets.signed, privateKey)),
  };
}
