import { z } from 'zod';
import { factsSchema, type Facts } from '../../../shared/domain/facts.ts';
import { outsideReasonSchema } from '../../../shared/domain/outside-reasons.ts';
import { outcomeSchema, verdictSchema } from '../../../shared/domain/verdict.ts';
import { auditDrawSchema } from '../../../shared/log/payloads.ts';
import type { Db } from './db.ts';

const json = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text): z.output<T> => schema.parse(JSON.parse(text)));

const rowSchema = z.object({
  number: z.int(),
  received: z.string(),
  facts: json(factsSchema),
  /** Tactic tags as they are noted now. */
  noted: json(factsSchema.shape.tactics),
  outside: json(z.array(outsideReasonSchema)),
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
export type MonitoredCase = Omit<z.output<typeof rowSchema>, 'number' | 'noted'>;

/** Facts as at intake with every tactic noted then or now: the registry counts those noted later too. */
function withNoted(facts: Facts, noted: readonly string[]): Facts {
  return { ...facts, tactics: [...new Set([...facts.tactics, ...noted])] };
}

/**
 * First-scored cases with their facts as at intake and the tactics noted since, at most `limit` of them in the order of
 * intake: those after the number given. Erased cases are among them: what is read here are public facts, and figures must
 * not change because somebody's data was erased.
 */
export function monitoredCases(
  db: Db,
  after: number,
  limit: number,
): { readonly cases: MonitoredCase[]; readonly last: number } {
  const rows = db
    .prepare(
      `SELECT number, received, intake_facts AS facts, json_extract(facts, '$.tactics') AS noted, outside, score, verdict,
         model_id AS modelId, audit_stratum AS stratum, audit_probability AS probability, audit_drawn AS drawn, outcome, urgent
       FROM cases WHERE score IS NOT NULL AND number > ? ORDER BY number LIMIT ?`,
    )
    .all(after, limit);
  const parsed = z.array(rowSchema).parse(rows);
  return {
    cases: parsed.map(({ number: _number, noted, facts, ...row }) => ({ ...row, facts: withNoted(facts, noted) })),
    last: parsed.at(-1)?.number ?? after,
  };
}

const activationSchema = z.object({ version: z.int(), at: z.string() });

/** Which model version was made active when, oldest first. */
export function activations(db: Db): z.infer<typeof activationSchema>[] {
  const rows = db
    .prepare(
      `SELECT json_extract(CAST(m.manifest AS TEXT), '$.model.version') AS version, a.at
       FROM activations a JOIN models m ON m.id = a.model_id ORDER BY a.position`,
    )
    .all();
  return z.array(activationSchema).parse(rows);
}

/** Changes with every entry written: what was worked out before is then out of date. */
export function lastPosition(db: Db): number {
  return db.prepare<[], { n: number | null }>('SELECT max(position) AS n FROM events').get()?.n ?? 0;
}
