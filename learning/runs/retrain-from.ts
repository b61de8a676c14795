import { readSnapshot } from '../dataset/snapshot.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { trainInWorker } from '../train/train-in-worker.ts';
import { filesOf } from './record.ts';
import type { RetrainFrom } from './reproduce.ts';

/** Reads the bytes of a dataset snapshot; throws when they are none. */
type SnapshotReader = (bytes: Uint8Array) => Dataset | Promise<Dataset>;

/** Trains from dataset snapshots as `read` understands them, in a thread of its own. */
export function retrainWith(read: SnapshotReader): RetrainFrom {
  return async (snapshot, settings) => filesOf(await trainInWorker(await read(snapshot), settings));
}

/** What `learn runs reproduce` trains with. */
export const retrainFrom: RetrainFrom = retrainWith((bytes) => readSnapshot(bytes).dataset);
