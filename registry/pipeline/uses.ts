import { z } from 'zod';
import type { HeldOut } from '../../shared/contract/registry.ts';
import type { AnyStore } from '../store/tables.ts';
import { countIncidents, type LabelledCase } from './labelled.ts';

/** Runs judged on cases received from a cut on: what they say of their hold-out, also in versions that kept no more. */
const judgedSchema = z.object({ cut: z.string() });

interface Use {
  readonly cut: string;
  /** Instant the run began, UTC. */
  readonly at: string;
}

async function usesSoFar(db: AnyStore): Promise<Use[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['params', 'created_at'])
    .where('kind', '=', 'retraining')
    .where('status', '=', 'done')
    .execute();
  return rows.flatMap(({ params, created_at: at }) => {
    const parsed = judgedSchema.safeParse(JSON.parse(params));
    return parsed.success ? [{ cut: parsed.data.cut, at }] : [];
  });
}

/** True when a case was among those held out then: received since that cut, and its label known by that time. */
function served({ known }: LabelledCase, { cut, at }: Use): boolean {
  return known.received >= cut && known.received <= at.slice(0, 10) && (known.outcomeAt ?? '') <= at;
}

/**
 * What is told of held-out cases, with how many candidates were judged before on any of them (FORMATS 27). Counted from
 * the runs of earlier retrainings by their cut and time, so that hold-outs that overlap count too. Null without cases.
 */
export async function heldOutOf(db: AnyStore, holdOut: readonly LabelledCase[]): Promise<HeldOut | null> {
  const days = holdOut.map(({ known }) => known.received).toSorted();
  const [from, until] = [days[0], days.at(-1)];
  if (from === undefined || until === undefined) return null;
  const uses = await usesSoFar(db);
  return {
    from,
    until,
    cases: holdOut.length,
    incidents: countIncidents(holdOut),
    judgedBefore: uses.filter((use) => holdOut.some((one) => served(one, use))).length,
    casesReused: holdOut.filter((one) => uses.some((use) => served(one, use))).length,
  };
}
