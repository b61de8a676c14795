import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readInput } from '../../platform/files.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

/** A dataset among the files of a folder, to be named to somebody who named the folder; null when there is none. */
function datasetIn(folder: string): string | null {
  const found = readdirSync(folder).find((name) => name.endsWith('.dataset'));
  return found === undefined ? null : join(folder, found);
}

/** Reads a dataset a person named. BAD_INPUT when it cannot be read, is a folder, or as `readSnapshot`. */
export function readDataset(file: string): Snapshot {
  const inside = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? datasetIn(file) : null;
  if (inside !== null) throw new OutpostError('BAD_INPUT', sentence('data.folder_with_dataset', { file, inside }));
  return readSnapshot(readInput(file));
}
