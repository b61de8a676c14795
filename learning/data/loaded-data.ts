import type { Text } from '../../shared/language/sentence.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Finding } from '../dataset/leakage.ts';
import type { SnapshotHead } from '../dataset/snapshot.ts';
import type { DatedAhead } from './future-dates.ts';

/** Labelled rows ready to learn from, with where they come from and what was noticed about them. */
export interface LoadedData {
  readonly dataset: Dataset;
  readonly head: SnapshotHead;
  readonly findings: readonly Finding[];
  readonly afterToday: DatedAhead;
  /** What a person should know about the file, as lines. */
  readonly lines: readonly Text[];
}
