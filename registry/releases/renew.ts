import { OutpostError } from '../../shared/errors/index.ts';
import { newestSigned, requireSigningClock } from '../../shared/releases/clock.ts';
import {
  keyIdOf,
  tufKey,
  validSignatures,
  type Metadata,
  type TufKey,
  type TufRole,
} from '../../shared/releases/metadata.ts';
import {
  readRenewal,
  renew,
  renewalProblems,
  renewalText,
  type KeyExchange,
  type Renewal,
} from '../../shared/releases/renewal.ts';
import { readInput, writeAtomic } from '../../platform/files.ts';
import type { RegistryContext } from '../identity/context.ts';
import { withLock } from '../storage/db/settings.ts';
import { publisherOf, releaseLock } from './channels.ts';
import { publishChange } from './publish.ts';
import { readPublished, writeMetadata } from './repository.ts';
import { inRow } from '../../shared/releases/gate-sentence.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** An unsigned renewal of root and list of releases, as the text of a file that goes from signer to signer. */
export async function prepareRenewal(context: RegistryContext, exchange?: KeyExchange): Promise<string> {
  const { root, targets, timestamp } = await readPublished(context.blobs);
  requireSigningClock(context.clock.now(), newestSigned([timestamp.signed]), 'say_so');
  const next = renew({ root: root.signed, targets: targets.signed }, context.clock.now(), exchange);
  return renewalText({
    root: { signed: next.root, signatures: [] },
    targets: { signed: next.targets, signatures: [] },
  });
}

/** Public keys (hex) of an offline key to take out and of the one that takes its place: both or none. */
export interface AskedExchange {
  readonly takeOut?: string | undefined;
  readonly bringIn?: string | undefined;
}

function exchangeOf({ takeOut, bringIn }: AskedExchange): KeyExchange | undefined {
  if (takeOut !== undefined && bringIn !== undefined) return { from: keyIdOf(tufKey(takeOut)), to: bringIn };
  if (takeOut === undefined && bringIn === undefined) return undefined;
  throw new OutpostError('BAD_INPUT', sentence('releases.exchange_needs_both_keys'));
}

/** Writes an unsigned renewal file. Throws as `renew`; BAD_INPUT for half an exchange. */
export async function writeRenewalFile(context: RegistryContext, out: string, asked: AskedExchange): Promise<void> {
  writeAtomic(out, await prepareRenewal(context, exchangeOf(asked)));
}

/** Reads a signed renewal file and publishes it. Throws as `readRenewal` and `publishRenewal`. */
export function publishRenewalFile(context: RegistryContext, file: string): ReturnType<typeof publishRenewal> {
  return publishRenewal(context, readRenewal(Buffer.from(readInput(file)).toString('utf8')));
}

function requireThreshold(
  what: 'root' | 'list',
  metadata: Metadata<object>,
  role: TufRole,
  keys: Readonly<Record<string, TufKey>>,
): void {
  const count = validSignatures(metadata, role, keys).length;
  if (count < role.threshold) {
    throw new OutpostError(
      'NOT_APPROVED',
      sentence('releases.too_few_signatures', { what, count, threshold: role.threshold }),
    );
  }
}

function trim<T extends object>(
  metadata: Metadata<T>,
  roles: readonly TufRole[],
  keys: Readonly<Record<string, TufKey>>,
): Metadata<T> {
  const all = roles.flatMap((role) => validSignatures(metadata, role, keys));
  return { signed: metadata.signed, signatures: [...new Map(all.map((one) => [one.keyid, one])).values()] };
}

/**
 * Publishes a signed renewal: the root needs the threshold of the present and of the next offline keys (clause 5.3.4 of
 * the specification), and so does the list. Throws NOT_APPROVED, or CONFLICT when the list moved on meanwhile.
 */
export async function publishRenewal(
  context: RegistryContext,
  renewal: Renewal,
): Promise<{ expires: string; rootVersion: number }> {
  return withLock(context.db, releaseLock, async () => {
    const now = await readPublished(context.blobs);
    const [before, next] = [now.root.signed, renewal.root.signed];
    if (next.version !== before.version + 1 || renewal.targets.signed.version !== now.targets.signed.version + 1) {
      throw new OutpostError('CONFLICT', sentence('releases.release_or_renewal_published_meantime'));
    }
    const trusted = { root: before, targets: now.targets.signed };
    const problems = renewalProblems(trusted, { root: next, targets: renewal.targets.signed }, context.clock.now());
    if (problems.length > 0)
      throw new OutpostError('NOT_APPROVED', sentence('releases.renewal_refused', { problems: inRow(problems) }));
    requireThreshold('root', renewal.root, before.roles.root, before.keys);
    requireThreshold('root', renewal.root, next.roles.root, next.keys);
    requireThreshold('list', renewal.targets, before.roles.targets, before.keys);
    requireThreshold('list', renewal.targets, next.roles.targets, next.keys);
    const keys = { ...before.keys, ...next.keys };
    // The list is valid under both roots, so that whatever a crash leaves behind is a state laptops accept.
    await publishChange(publisherOf(context), {
      targets: trim(renewal.targets, [before.roles.targets, next.roles.targets], keys),
    });
    await writeMetadata(context.blobs, 'root', trim(renewal.root, [before.roles.root, next.roles.root], keys));
    return { expires: next.expires, rootVersion: next.version };
  });
}

/** When the documents expire that only the offline keys can renew. */
export async function offlineExpiry(context: Pick<RegistryContext, 'blobs'>): Promise<string> {
  const { root, targets } = await readPublished(context.blobs);
  return Date.parse(root.signed.expires) < Date.parse(targets.signed.expires)
    ? root.signed.expires
    : targets.signed.expires;
}
