import { z } from 'zod';
import type { RegistryContext } from '../identity/context.ts';
import { candidateReportSchema, type HoldOut } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { sha256Hex } from '../../shared/log/canonical.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { artefactNames, artefactSchema } from '../../learning/runs/run.ts';
import { countIncidents, type LabelledCase } from '../../learning/data/labelled-cases.ts';

/** Which cases a run judged on, by hashes of their ids: kept with the run before any figure is seen. */
const heldOutFileSchema = z.strictObject({ format: z.literal('outpost.held-out/1'), cases: z.array(z.string()) });

function hashOf({ known }: LabelledCase): string {
  return sha256Hex(known.id).slice(0, 32);
}

/** What a run keeps of the cases it is about to judge on, as a file. */
export function heldOutFile(holdOut: readonly LabelledCase[]): string {
  const cases = holdOut.map(hashOf).toSorted();
  return JSON.stringify({ format: 'outpost.held-out/1', cases } satisfies z.infer<typeof heldOutFileSchema>);
}

/** Tells of a case whether a run was judged on it. */
type Use = (one: LabelledCase) => boolean;

/** Runs of versions that kept no cases: what they say of their hold-out. */
const olderSchema = z.object({ cut: z.string() });

/** Cases received since a day whose label was known by an instant. */
function labelledSince(day: string, at: string): Use {
  return ({ known }) => known.received >= day && known.received <= at.slice(0, 10) && (known.outcomeAt ?? '') <= at;
}

/**
 * What a finished run of such a version was judged on: cases received since its cut whose label was known by the time it
 * began. An outcome that was corrected since hides that it was known: this can count too few.
 */
function reckoned(params: string, at: string): Use | null {
  const { data } = olderSchema.safeParse(JSON.parse(params));
  if (data === undefined) return null;
  return labelledSince(data.cut, at);
}

/** What a run kept of the cases it judged on; null when it kept nothing, or its file is gone or damaged. */
async function kept(blobs: RegistryContext['blobs'], artefacts: string): Promise<Use | null> {
  const files = z.record(z.string(), artefactSchema).safeParse(JSON.parse(artefacts)).data;
  const file = files?.[artefactNames.heldOut];
  if (file === undefined) return null;
  try {
    const text = new TextDecoder().decode(await readBlob(blobs, file.sha256));
    const cases = new Set(heldOutFileSchema.parse(JSON.parse(text)).cases);
    return (one) => cases.has(hashOf(one));
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    return null;
  }
}

type Place = Pick<RegistryContext, 'db' | 'blobs'>;

async function usesSoFar({ db, blobs }: Place, own: string): Promise<Use[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['params', 'created_at', 'artefacts', 'status'])
    .where('kind', '=', 'retraining')
    .where('id', '!=', own)
    .execute();
  const uses: Use[] = [];
  for (const { params, created_at: at, artefacts, status } of rows) {
    const use = (await kept(blobs, artefacts)) ?? (status === 'done' ? reckoned(params, at) : null);
    if (use !== null) uses.push(use);
  }
  return [...uses, ...(await usesByPushed(db))];
}

/** What stands in a report in place of a run when another program made a model, before who pushed it. */
export const pushedBy = storedName`pushed by `;

/** Models from another program that were judged and proposed here: no run was made for them, so by first day and time. */
async function usesByPushed(db: Place['db']): Promise<Use[]> {
  const rows = await db.selectFrom('candidates').select('report').execute();
  return rows.flatMap(({ report }) => {
    const { run, heldOut, proposed } = candidateReportSchema.parse(JSON.parse(report));
    return run.startsWith(pushedBy) && heldOut ? [labelledSince(heldOut.from, proposed)] : [];
  });
}

/**
 * What a report says of held-out cases, with how many candidates beside that of the run `own` were judged on any of them (FORMATS
 * 27), also in runs that failed afterwards. Counted by the cases each run kept, so that hold-outs that overlap count, and
 * outcomes corrected since change nothing; of runs that kept none, by cut and time. Null without cases.
 */
export async function heldOutOf(place: Place, holdOut: readonly LabelledCase[], own: string): Promise<HoldOut | null> {
  const days = holdOut.map(({ known }) => known.received).toSorted();
  const [from, until] = [days[0], days.at(-1)];
  if (from === undefined || until === undefined) return null;
  const uses = await usesSoFar(place, own);
  return {
    from,
    until,
    cases: holdOut.length,
    incidents: countIncidents(holdOut),
    judgedBefore: uses.filter((use) => holdOut.some(use)).length,
    casesReused: holdOut.filter((one) => uses.some((use) => use(one))).length,
  };
}
