import { instant, type RegistryContext } from '../identity/context.ts';
import { withLock } from '../storage/db/settings.ts';
import { publisherOf, releaseLock } from './channels.ts';
import { onlineValidDays } from '../../shared/releases/clock.ts';
import { resign } from './publish.ts';
import { readPublished } from './repository.ts';

const DAY_MS = 86_400_000;

/** True when the online documents were signed more than a day ago. */
function needsResigning(expires: string, now: number): boolean {
  return Date.parse(expires) < now + (onlineValidDays - 1) * DAY_MS;
}

/**
 * Signs snapshot, timestamp and channels again, when they are older than a day or `always`. Answers what was done and the
 * new expiry. Throws BAD_CLOCK when the clock does not fit the newest signature, unless `clockIsRight`.
 */
export async function resignIfDue(
  context: RegistryContext,
  { always = false, clockIsRight = false }: { readonly always?: boolean; readonly clockIsRight?: boolean } = {},
): Promise<{ signed: boolean; expires: string; at: string }> {
  return withLock(context.db, releaseLock, async () => {
    const due =
      always || needsResigning((await readPublished(context.blobs)).timestamp.signed.expires, context.clock.now());
    if (due) await resign({ ...publisherOf(context), clockIsRight });
    return {
      signed: due,
      expires: (await readPublished(context.blobs)).timestamp.signed.expires,
      at: instant(context),
    };
  });
}
