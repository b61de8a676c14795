import type { BlobStore } from '../../../platform/blobs/blob-store.ts';
import { folderBlobs } from '../../../platform/blobs/folder-blobs.ts';

/** Where a registry keeps models, evidence, files of runs and release files. What else keeps them is chosen here. */
export function openBlobs(folder: string): BlobStore {
  return folderBlobs(folder);
}
