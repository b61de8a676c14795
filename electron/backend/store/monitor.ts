import { z } from 'zod';
import type { Facts } from '../../../shared/domain/facts.ts';
import type { OutsideReason } from '../../../shared/domain/outside.ts';
import { outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import { auditDrawSchema } from '../../../shared/log/payloads.ts';
import type { Db } from '../types.ts';

// Facts and reasons are read by the thousand at each look; they were parsed when their entry was written.
const facts = z.string().transform((text) => JSON.parse(text) as Facts);
const outside = z.string().transform((text) => JSON.parse(text) as OutsideReason[]);

const rowSchema = z.object({
  received: z.string(),
  facts,
  outside,
  score: z.number(),
  verdict: verdictSchema,
  modelId: z.string(),
  stratum: auditDrawSchema.shape.stratum,
  probability: z.number(),
  drawn: z.int().transform(Boolean),
  outcome: outcomeSchema.nullable(),
  urgent: z.int().transform(Boolean),
});
/** A first-scored case as the monitor reads it. */
export type MonitoredCase = z.output<typeof rowSchema>;

/**
 * Every first-scored case with its facts as at intake, oldest first. Erased cases are among them: what is read here are
 * public facts, and figures must not change because somebody's data was erased.
 */
export function monitoredCases(db: Db): MonitoredCase[] {
  const rows = db
    .prepare(
      `SELECT received, intake_facts AS facts, outside, score, verdict, model_id AS modelId, audit_stratum AS stratum,
         audit_probability AS probability, audit_drawn AS drawn, outcome, urgent
       FROM cases WHERE score IS NOT NULL ORDER BY received, number`,
    )
    .all();
  return z.array(rowSchema).parse(rows);
}

/** Which model version was made active when, oldest first. */
export function activations(db: Db): { version: number; at: string }[] {
  return db
    .prepare<[], { version: number; at: string }>(
      `SELECT json_extract(CAST(m.manifest AS TEXT), '$.model.version') AS version, a.at
       FROM activations a JOIN models m ON m.id = a.model_id ORDER BY a.position`,
    )
    .all();
}

/** Changes with every entry written: what was worked out before is then out of date. */
export function lastPosition(db: Db): number {
  return db.prepare<[], { n: number | null }>('SELECT max(position) AS n FROM events').get()?.n ?? 0;
}
