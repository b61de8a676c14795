import { z } from 'zod';
import type { Channel } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { TargetFile } from '../../shared/releases/metadata.ts';
import { listedReleases, signedMinimum, type ListedRelease } from '../../shared/releases/targets.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { withLock, readSetting, writeSetting } from '../storage/db/settings.ts';
import type { AnyStore, StoreTransaction } from '../storage/db/tables.ts';
import { publishChange, writeChannelTarget, type Publisher } from './publish.ts';
import { readPublished } from './repository.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

/** Name of the lock everything takes that writes release metadata. */
export const releaseLock = 'releases';
const allSetting = 'channel.all';

/** What the publisher needs, from the context. */
export function publisherOf(context: RegistryContext): Publisher {
  return { blobs: context.blobs, onlineKey: context.keys.online, now: context.clock.now() };
}

async function point(
  context: RegistryContext,
  trx: StoreTransaction,
  offices: readonly string[],
  release: string | null,
  by: string,
): Promise<Channel[]> {
  const at = instant(context);
  const channels = offices.map((office): Channel => ({ format: 'outpost.channel/1', office, release, at }));
  const files: Record<string, TargetFile> = {};
  for (const channel of channels)
    files[`channels/${channel.office}.json`] = await writeChannelTarget(context.blobs, channel);
  if (channels.length > 0) await publishChange(publisherOf(context), { channels: files });
  for (const { office } of channels) {
    await trx
      .insertInto('channels')
      .values({ office, release, at, by })
      .onConflict((conflict) => conflict.column('office').doUpdateSet({ release, at, by }))
      .execute();
  }
  return channels;
}

/** Gives an office its channel if it has none: what was last set for all offices, or none yet. */
export async function ensureChannel(context: RegistryContext, office: string): Promise<void> {
  await withLock(context.db, releaseLock, async (trx) => {
    const there = await trx.selectFrom('channels').select('office').where('office', '=', office).executeTakeFirst();
    if (there !== undefined) return;
    await point(context, trx, [office], await readSetting(trx, allSetting, z.string().nullable()), 'registry');
  });
}

async function checkRelease(context: RegistryContext, release: string): Promise<ListedRelease> {
  const targets = (await readPublished(context.blobs)).targets.signed;
  const approved = listedReleases(targets);
  const found = approved.find((one) => one.release === release);
  if (found === undefined) {
    const names = approved.map((one) =>
      sentence('releases.of_version', { release: one.release, version: one.version }),
    );
    throw new OutpostError(
      'NOT_APPROVED',
      names.length === 0
        ? sentence('releases.none_approved', { release })
        : sentence('releases.other_approved', { release, approved: listed(names) }),
    );
  }
  const minimum = signedMinimum(targets);
  if (found.version < minimum) {
    throw new OutpostError(
      'NOT_APPROVED',
      sentence('releases.below_minimum', { release, version: found.version, minimum }),
    );
  }
  return found;
}

/**
 * Points offices (all, also later ones, when the list is empty) to an approved release. Rolling back is the same call
 * with an earlier release. Throws NOT_APPROVED for anything the offline keys did not list, NOT_FOUND for unknown offices.
 */
export async function setChannel(
  context: RegistryContext,
  input: { release: string; offices: readonly string[] },
  by: string,
): Promise<Channel[]> {
  return withLock(context.db, releaseLock, async (trx) => {
    const { release } = await checkRelease(context, input.release);
    const known = (await trx.selectFrom('offices').select('id').orderBy('id').execute()).map((office) => office.id);
    const unknown = input.offices.filter((office) => !known.includes(office));
    if (unknown.length > 0)
      throw new OutpostError('NOT_FOUND', sentence('releases.no_such_office', { offices: unknown.join(', ') }));
    if (input.offices.length === 0) await writeSetting(trx, allSetting, release);
    return point(context, trx, input.offices.length === 0 ? known : [...new Set(input.offices)], release, by);
  });
}

/** How many offices are pointed to each release; those pointed to none are left out. */
export async function officesByRelease(db: AnyStore): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { release } of await db.selectFrom('channels').select('release').execute())
    if (release !== null) counts.set(release, (counts.get(release) ?? 0) + 1);
  return counts;
}
