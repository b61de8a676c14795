import { z } from 'zod';
import { OutpostError } from '../errors/index.ts';
import {
  expiryAfter,
  keyIdOf,
  metadataText,
  parseMetadata,
  rootSchema,
  targetsSchema,
  tufKey,
  type Metadata,
  type RootSigned,
  type TargetsSigned,
  type TufRole,
} from './metadata.ts';
import { sameSigned } from './targets.ts';
import { sentence, type Sentence } from '../language/sentence.ts';

/** Days a renewed root and list of releases stay valid. */
const renewalValidDays = 365;

/** A file that goes from signer to signer: the next root and the next list of targets, with the signatures so far. */
const renewalFileSchema = z.strictObject({
  format: z.literal('outpost.renewal/1'),
  root: z.string(),
  targets: z.string(),
});

export interface Renewal {
  readonly root: Metadata<RootSigned>;
  readonly targets: Metadata<TargetsSigned>;
}

/** What is trusted before a renewal, or what it makes of it. */
interface OfflineDocuments {
  readonly root: RootSigned;
  readonly targets: TargetsSigned;
}

/** Exchange of one offline key (its key id) for another (its hex public key). */
export interface KeyExchange {
  readonly from: string;
  readonly to: string;
}

/** Reads a renewal file; BAD_RELEASE for anything else. Signatures are not checked. */
export function readRenewal(text: string): Renewal {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_RELEASE', sentence('releases.renewal_file_not_json'), { cause });
  }
  const parsed = renewalFileSchema.safeParse(raw);
  if (!parsed.success)
    throw new OutpostError('BAD_RELEASE', sentence('releases.no_renewal_file'), { cause: parsed.error });
  return {
    root: parseMetadata(parsed.data.root, rootSchema),
    targets: parseMetadata(parsed.data.targets, targetsSchema),
  };
}

/** Text of a renewal file. */
export function renewalText({ root, targets }: Renewal): string {
  return JSON.stringify({ format: 'outpost.renewal/1', root: metadataText(root), targets: metadataText(targets) });
}

function exchanged(role: TufRole, from: string, to: string): TufRole {
  return { ...role, keyids: [...role.keyids.filter((id) => id !== from), to].toSorted() };
}

function exchangeKey(root: RootSigned, { from, to }: KeyExchange): RootSigned {
  const key = tufKey(to);
  const id = keyIdOf(key);
  const { root: own, targets } = root.roles;
  if (!own.keyids.includes(from)) throw new OutpostError('BAD_INPUT', sentence('releases.key_take_out_no_offline_key'));
  if (root.keys[id] !== undefined)
    throw new OutpostError('BAD_INPUT', sentence('releases.new_key_one_registry_already'));
  const { [from]: _, ...kept } = root.keys;
  return {
    ...root,
    keys: { ...kept, [id]: key },
    roles: { ...root.roles, root: exchanged(own, from, id), targets: exchanged(targets, from, id) },
  };
}

/**
 * The same root and list of releases with new expiry dates, and with one offline key exchanged when asked. `now` in
 * milliseconds. Throws BAD_INPUT when the exchange makes no sense.
 */
export function renew(trusted: OfflineDocuments, now: number, exchange?: KeyExchange): OfflineDocuments {
  const expires = expiryAfter(now, renewalValidDays);
  const root = exchange === undefined ? trusted.root : exchangeKey(trusted.root, exchange);
  return {
    root: { ...root, version: trusted.root.version + 1, expires },
    targets: { ...trusted.targets, version: trusted.targets.version + 1, expires },
  };
}

/** Offline keys taken out and brought in by a renewal, as public keys in hex. */
export function keyChanges(before: RootSigned, after: RootSigned): { removed: string[]; added: string[] } {
  const missing = (from: RootSigned, other: RootSigned): string[] =>
    from.roles.root.keyids
      .filter((id) => !other.roles.root.keyids.includes(id))
      .map((id) => from.keys[id]?.keyval.public ?? id);
  return { removed: missing(before, after), added: missing(after, before) };
}

/**
 * What a renewal does beyond new dates and at most one exchanged offline key, as sentences; empty when nothing. A
 * signer refuses anything else: roles, thresholds, online keys and the listed releases must stay what they are.
 */
export function renewalProblems(trusted: OfflineDocuments, next: OfflineDocuments, now: number): Sentence[] {
  const made = Date.parse(next.root.expires) - renewalValidDays * 86_400_000;
  if (Math.abs(made - now) > 60 * 86_400_000)
    return [sentence('releases.renewal_misdated', { expires: next.root.expires })];
  const { removed, added } = keyChanges(trusted.root, next.root);
  if (removed.length > 1 || added.length > 1) return [sentence('releases.renewal_several_keys')];
  const from = removed[0] === undefined ? undefined : keyIdOf(tufKey(removed[0]));
  const exchange = from === undefined || added[0] === undefined ? undefined : { from, to: added[0] };
  const expected = renew(trusted, made, exchange);
  const problems: Sentence[] = [];
  if (!sameSigned(expected.root, next.root)) problems.push(sentence('releases.renewal_other_root'));
  if (!sameSigned(expected.targets, next.targets)) problems.push(sentence('releases.renewal_other_list'));
  return problems;
}
