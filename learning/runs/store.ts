import { sql } from 'kysely';
import { OutpostError } from '../../shared/errors/index.ts';
import type { RunsDb } from './tables.ts';
import { rowOfRun, runOfRow, shortId, type Run, type RunKind, type RunStatus } from './run.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

/** Keeps a new run. Throws BAD_DATABASE, and keeps nothing, when it could not be read back. */
export async function insertRun(db: RunsDb, run: Run): Promise<void> {
  const row = rowOfRun(run);
  runOfRow(row);
  await db
    .insertInto('runs')
    .values({ ...row, alive_at: null })
    .execute();
}

/** What becomes known of a run while it goes on and when it ends. Notes are left alone: people write them. */
export async function updateRun(db: RunsDb, run: Run): Promise<void> {
  const { id, notes: _notes, created_at: _created, ...changed } = rowOfRun(run);
  runOfRow(rowOfRun(run));
  await db.updateTable('runs').set(changed).where('id', '=', id).execute();
}

/** How often the program of a run says that it is still at it, and for how long it is then believed. */
export const aliveEveryMs = 30_000;
const believedMs = 4 * aliveEveryMs;

/** Says that the program of a run is still at it. */
export async function sayAlive(db: RunsDb, id: string, now: number): Promise<void> {
  const alive_at = new Date(now).toISOString();
  await db.updateTable('runs').set({ alive_at }).where('id', '=', id).where('status', '=', 'running').execute();
}

/** Marks runs as killed whose program has not been heard of for two minutes. One that goes on all the same ends as it does. */
export async function endKilledRuns(db: RunsDb, now: number): Promise<void> {
  const before = new Date(now - believedMs).toISOString();
  await db
    .updateTable('runs')
    .set({ status: 'killed', reason: JSON.stringify(sentence('runs.killed')) })
    .where('status', '=', 'running')
    .where(({ fn }) => fn.coalesce('alive_at', 'created_at'), '<', before)
    .execute();
}

/** Which runs are asked for; what is left out does not matter. */
export interface RunFilter {
  readonly trainer?: string | undefined;
  readonly kind?: RunKind | undefined;
  readonly status?: RunStatus | undefined;
  /** How the hash of the dataset begins, in hex. */
  readonly dataset?: string | undefined;
  /** First day, as a plain date. */
  readonly since?: string | undefined;
  readonly parent?: string | undefined;
  /** Part of what the rows came from, in any case. */
  readonly data?: string | undefined;
  readonly simulated?: boolean | undefined;
}

/** The runs that fit, newest first. */
export async function listRuns(db: RunsDb, filter: RunFilter = {}): Promise<Run[]> {
  let query = db.selectFrom('runs').selectAll();
  for (const name of ['trainer', 'kind', 'status', 'parent'] as const) {
    const wanted = filter[name];
    if (wanted !== undefined) query = query.where(name, '=', wanted);
  }
  if (filter.simulated !== undefined) query = query.where('simulated', '=', filter.simulated ? 1 : 0);
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
  const start = filter.dataset?.toLowerCase() ?? '';
  const part = filter.data?.toLowerCase() ?? '';
  const fits = rows.filter((row) => row.dataset.startsWith(start) && (row.data ?? '').toLowerCase().includes(part));
  return fits.map(runOfRow);
}

/** How many runs there are under each run that has any: the trials of a search, the training it led to. */
export async function countUnder(db: RunsDb): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('runs')
    .select(({ fn }) => ['parent', fn.countAll<number | string>().as('count')])
    .where('parent', 'is not', null)
    .groupBy('parent')
    .execute();
  return new Map(rows.map((row) => [row.parent!, Number(row.count)]));
}

/** A limit a figure has to keep to, both ends allowed. */
export interface FigureLimit {
  readonly figure: string;
  readonly min?: number;
  readonly max?: number;
}

/** Whether a run keeps to all limits; one without the figure does not. */
export function keepsTo({ figures }: Run, limits: readonly FigureLimit[]): boolean {
  return limits.every(({ figure, min = -Infinity, max = Infinity }) => {
    const value = figures[figure]?.value;
    return value !== undefined && value >= min && value <= max;
  });
}

/** Figures of which more is better; of all others less is. */
const higherIsBetter = /^(auc|average_precision|recall|accuracy|lift)/;

/** Runs with the best value of a figure first; those without it keep their order at the end. */
export function sortedByFigure(runs: readonly Run[], figure: string): Run[] {
  const sign = higherIsBetter.test(figure) ? -1 : 1;
  const of = (run: Run): number => sign * (run.figures[figure]?.value ?? sign * Infinity);
  const rank = (run: Run): number => (run.figures[figure] === undefined ? 1 : 0);
  return runs.toSorted((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? of(a) - of(b) : 0));
}

function ambiguous(part: string, ids: readonly string[]): OutpostError {
  const shown = ids.slice(0, 10).map((id) => `${shortId(id)} (${id})`);
  const more = ids.length - shown.length;
  const runs = more === 0 ? listed(shown) : sentence('runs.runs_and_more', { runs: listed(shown), more });
  return new OutpostError('BAD_INPUT', sentence('runs.several_runs', { part, runs }), { data: { ids } });
}

/**
 * The run a person means by its id, the last characters of it that lists show, or any part that only one id has. The
 * end of an id is looked at first. Throws NOT_FOUND, and BAD_INPUT naming the ids when several fit.
 */
export async function findRun(db: RunsDb, part: string): Promise<Run> {
  const wanted = part.trim().toLowerCase();
  if (!/^[0-9a-f-]+$/.test(wanted)) throw new OutpostError('BAD_INPUT', sentence('runs.no_run_id', { part }));
  const ids = (await db.selectFrom('runs').select('id').orderBy('id', 'desc').execute()).map((row) => row.id);
  const tail = (id: string): string => id.slice(-12);
  const fits = [
    ids.filter((id) => id === wanted),
    ids.filter((id) => shortId(id).startsWith(wanted)),
    ids.filter((id) => tail(id).startsWith(wanted) || id.endsWith(wanted)),
    ids.filter((id) => id.includes(wanted)),
  ].find((found) => found.length > 0);
  if (fits === undefined) throw new OutpostError('NOT_FOUND', sentence('runs.no_such_run', { part }));
  if (fits.length > 1) throw ambiguous(part, fits);
  return runOfRow(await db.selectFrom('runs').selectAll().where('id', '=', fits[0]!).executeTakeFirstOrThrow());
}

/** Id of the newest run that made a model, by the SHA-256 of its bytes; null when none is kept here. */
export async function runOfModel(db: RunsDb, sha256: string): Promise<string | null> {
  const like = `%${sha256}%`;
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where((where) => where.or([where('artefacts', 'like', like), where('metrics', 'like', like)]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .execute();
  return rows[0]?.id ?? null;
}

/** How many other runs were judged on the very rows a run was; 0 when it is not known which these are. */
export async function countJudgedAlike(db: RunsDb, { id, judgedOn }: Pick<Run, 'id' | 'judgedOn'>): Promise<number> {
  if (judgedOn === null) return 0;
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('judged_on', '=', judgedOn)
    .where('id', '!=', id)
    .execute();
  return rows.length;
}

const longestNote = 2000;

/** Adds a line to the notes of a run. BAD_INPUT for an empty note or one longer than 2,000 characters. */
export async function noteRun(db: RunsDb, id: string, text: string): Promise<void> {
  // What a note says must not move the cursor of whoever lists it.
  const note = text.replaceAll(/\p{Cc}+/gu, ' ').trim();
  if (note === '') throw new OutpostError('BAD_INPUT', sentence('runs.note_empty'));
  if (note.length > longestNote)
    throw new OutpostError('BAD_INPUT', sentence('runs.note_too_long', { characters: longestNote }));
  // One statement: two people may note something at the same time.
  await db
    .updateTable('runs')
    .set({
      notes: sql<string>`case when notes = '' then cast(${note} as text) else notes || cast(${`\n${note}`} as text) end`,
    })
    .where('id', '=', id)
    .execute();
}
