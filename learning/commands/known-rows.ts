import { readFileSync } from 'node:fs';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { counted } from '../../shared/encoding/phrases.ts';
import { kindOfFile } from '../data/file-kind.ts';
import { readSnapshot } from '../dataset/snapshot.ts';
import { countLearned, type Learned } from '../evaluation/known-rows.ts';
import { maybeSeen, type CasesFile } from '../evaluation/read-cases.ts';
import { learnedByManifest, learnedByRuns } from '../runs/learned.ts';
import type { CommandIo } from '../../platform/command-io.ts';
import { inRunsIfThere, type RunsOptions } from './open-runs.ts';

/** What is known of whether a model learned from the rows it is judged on. */
export interface Seen {
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
      ? learnedByManifest(readSnapshot(readFileSync(options.data)).dataset, manifest)
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

/** The share of rows a model learned from above which nothing is told by them. */
const tooManyLearned = 0.1;

/** Which rows a model learned from, as the beginning of a sentence; null when none beyond chance. */
function learnedClause(name: string, learned: Learned | null): string | null {
  if (learned === null || !learned.beyondChance) return null;
  const { rows, of, byChance } = learned;
  const number = (n: number): string => n.toLocaleString('en-GB');
  const some = rows === of ? `all of these ${counted(of, 'row')}` : `${number(rows)} of these ${counted(of, 'row')}`;
  if (byChance < tellChance * of) return `${some} are ones ${name} learned from`;
  return `${some} are equal to ones ${name} learned from, where about ${number(Math.round(byChance))} would be by chance`;
}

/** Why a comparison tells nothing: more than a tenth of its rows are ones a model learned from. Null when they are not. */
export function tooMuchLearned(name: string, { learned }: Seen): string | null {
  if (learned === null || learned.rows - learned.byChance <= tooManyLearned * learned.of) return null;
  return learnedClause(name, learned);
}

function maybeLines(name: string, { maybe, cases }: Seen): string[] {
  if (maybe === null)
    return [
      `Whether ${name} learned from any of these cases cannot be told: they carry no dates, and its run is not kept here (see --runs).`,
    ];
  if (maybe.rows === 0) return [];
  const some =
    maybe.rows === cases ? 'All cases' : `${maybe.rows.toLocaleString('en-GB')} of ${counted(cases, 'case')}`;
  return [
    `${some} were received before ${maybe.before}: ${name} may have learned from them, and its figures on them are then too good.`,
  ];
}

/** What has to be said before any figure: which rows a model learned from, or that it may have. */
export function seenLines(name: string, seen: Seen): string[] {
  if (seen.learned === null) return maybeLines(name, seen);
  const clause = learnedClause(name, seen.learned);
  if (clause === null) return [];
  return [`${clause[0]!.toUpperCase()}${clause.slice(1)}: these figures flatter it.`];
}
