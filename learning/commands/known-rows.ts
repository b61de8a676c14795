import { readDataset } from '../dataset/dataset-file.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { kindOfFile } from '../data/file-kind.ts';

import { countLearned, type Learned } from '../evaluation/known-rows.ts';
import { maybeSeen, type CasesFile } from '../evaluation/read-cases.ts';
import { learnedByManifest, learnedByRuns } from '../runs/learned-rows.ts';
import type { CommandIo } from '../../platform/command-io.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { inRunsIfThere, type RunsOptions } from './open-runs.ts';

/** What is known of whether a model learned from the rows it is judged on. */
interface Seen {
  /** Counted; null when the rows it learned from are not kept here. */
  readonly learned: Learned | null;
  /** By their dates; null when they carry none. */
  readonly maybe: ReturnType<typeof maybeSeen>;
  readonly cases: number;
}

/**
 * Finds out which of the judged rows (all, or those given) a model learned from: from the dataset itself where it is
 * judged on that, else from the run that made the model, where that is kept.
 */
export async function seenOf(
  io: CommandIo,
  options: RunsOptions & { readonly data: string },
  file: CasesFile,
  manifest: Manifest,
  among?: Uint32Array,
): Promise<Seen> {
  const own =
    (await kindOfFile(options.data)) === 'dataset'
      ? learnedByManifest(readDataset(options.data).dataset, manifest)
      : null;
  const rows = own ?? (await inRunsIfThere(io, options, (place) => learnedByRuns(place, manifest)));
  return {
    learned: rows === null ? null : countLearned(file, manifest, rows, among),
    maybe: maybeSeen(file, manifest, among),
    cases: among?.length ?? file.rows,
  };
}

/** From so large a share of rows that chance alone repeats, it is said. */
const tellChance = 0.01;

/** The share of rows a model learned from above which they prove nothing. */
const tooManyLearned = 0.1;

/** How many of the judged rows a model learned from; null when none beyond chance. `few`: chance alone repeats next to none of them. */
function learnedOf(learned: Learned | null) {
  if (learned === null || !learned.beyondChance) return null;
  const { rows, of, byChance } = learned;
  const few = byChance < tellChance * of;
  return { few, rows: { all: rows === of, rows, of }, chance: Math.round(byChance) };
}

/** Why a comparison proves nothing: more than a tenth of its rows are ones a model learned from. Null when they are not. */
export function tooMuchLearned(name: string, { learned }: Seen): Sentence | null {
  if (learned === null || learned.rows - learned.byChance <= tooManyLearned * learned.of) return null;
  const seenBefore = learnedOf(learned);
  if (seenBefore === null) return null;
  const { few, rows, chance } = seenBefore;
  if (few) return sentence('compare.too_many_learned', { name, ...rows });
  return sentence('compare.too_many_equal', { name, ...rows, chance });
}

/** The arguments that name a model; null: there is no other one. */
function nameOf(name: string | null) {
  return { named: name !== null, name: name ?? '' };
}

function maybeLines(name: string | null, { maybe, cases }: Seen): Sentence[] {
  if (maybe === null) return [sentence('seen.not_known', nameOf(name))];
  const { rows, before } = maybe;
  if (rows === 0) return [];
  return [sentence('seen.may_have', { ...nameOf(name), all: rows === cases, rows, cases, before })];
}

/** What has to be said before any figure: which rows a model (with its name beside another one) learned from, or may have. */
export function seenLines(name: string | null, seen: Seen): Sentence[] {
  if (seen.learned === null) return maybeLines(name, seen);
  const seenBefore = learnedOf(seen.learned);
  if (seenBefore === null) return [];
  const { few, rows, chance } = seenBefore;
  if (few) return [sentence('seen.learned', { ...nameOf(name), ...rows })];
  return [sentence('seen.equal', { ...nameOf(name), ...rows, chance })];
}
