import { z } from 'zod';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import type { RegistryContext } from '../identity/context.ts';
import { currentChampion, readManifest } from '../releases/candidates.ts';
import { readSetting, writeSetting } from '../storage/db/settings.ts';
import type { AnyStore } from '../storage/db/tables.ts';

const settingName = 'pipeline.simulated';

/** Remembers that invented cases are among those known: models made from now on say so. */
export async function markSimulated(db: AnyStore): Promise<void> {
  await writeSetting(db, settingName, true);
}

/** True when invented cases were taken in, or the current model was made from some. */
export async function isSimulated(context: RegistryContext): Promise<boolean> {
  if ((await readSetting(context.db, settingName, z.boolean())) === true) return true;
  const champion = await currentChampion(context);
  return champion !== null && readManifest(await readBlob(context.blobs, champion.manifest)).model.simulated;
}
