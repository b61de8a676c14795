import { schemaRefSchema } from '../domain/schema-ref.ts';
import { z } from 'zod';
import { factsSchema } from '../domain/facts.ts';
import { outcomeSchema, inconclusiveReasonSchema, verdictSchema } from '../domain/verdict.ts';
import { outsideReasonSchema } from '../domain/outside-reasons.ts';
import { dateSchema, hashSchema, idSchema } from './event.ts';
import { signatureSchema } from './signed.ts';

/** First entry of every log. `parent` names the head this log continues after a restore, copy or fork. */
const opened = z.strictObject({
  key: hashSchema,
  parent: z.strictObject({ log: idSchema, seq: z.int().min(0), hash: hashSchema }).nullable(),
  reason: z.enum(['first_start', 'restored_or_copied', 'fork']),
  /** Under another key than its parent's: that key's signature (`descentBody`). */
  proof: signatureSchema.optional(),
});

/** A model as events name it. */
export const modelRefSchema = z.strictObject({ id: idSchema, version: z.int().min(1), sha256: hashSchema });
export type ModelRef = z.infer<typeof modelRefSchema>;

/** Draw for the audit slice, made once at first score; `probability` is the chance this case had of being drawn. */
export const auditDrawSchema = z.strictObject({
  stratum: z.enum(['not_scam', 'near_threshold', 'outside', 'unclear', 'scam']),
  probability: z.number().min(0).max(1),
  drawn: z.boolean(),
});
export type AuditDraw = z.infer<typeof auditDrawSchema>;

const received = z.strictObject({
  case: idSchema,
  received: dateSchema,
  urgent: z.boolean(),
  facts: factsSchema,
  /** The import that brought the case, when it came in a file. */
  import: idSchema.optional(),
  /** Came with its outcome: for training only, without a first score, a draw or a place in any figure. */
  historical: z.literal(true).optional(),
});
/** Undoes the import of a case, which is then as if it had never been there. */
const withdrawn = z.strictObject({ case: idSchema, import: idSchema });
/** `urgent` is there when it changed: money is no longer leaving, or is now. */
const edited = z.strictObject({ case: idSchema, facts: factsSchema, urgent: z.boolean().optional() });
const scored = z.strictObject({
  case: idSchema,
  model: modelRefSchema,
  schema: schemaRefSchema,
  score: z.number().min(0).max(1),
  verdict: verdictSchema,
  outside: z.array(outsideReasonSchema),
  audit: auditDrawSchema,
});
/** `seen` says which score the person had before them; null when it was hidden or there was none. */
const outcomeRecorded = z.strictObject({
  case: idSchema,
  outcome: outcomeSchema,
  reason: inconclusiveReasonSchema.nullable(),
  seen: z.strictObject({ score: z.number(), model: modelRefSchema }).nullable(),
});
const activated = z.strictObject({
  model: modelRefSchema,
  manifest: hashSchema,
  previous: modelRefSchema.nullable(),
  /** `file`: chosen by hand on a laptop that is not enrolled. */
  source: z.enum(['bundled', 'registry', 'courier', 'rollback', 'file']),
});
const erased = z.strictObject({ case: idSchema, events: z.array(idSchema).min(1) });

/** Public payload of each event type. An unknown type is stored and chained, but not read. */
export const payloadSchemas = {
  'log.opened': opened,
  'case.received': received,
  'case.edited': edited,
  'case.scored': scored,
  'case.outcome': outcomeRecorded,
  'case.erased': erased,
  'case.withdrawn': withdrawn,
  'model.activated': activated,
} as const;
export type EventType = keyof typeof payloadSchemas;
export type PublicPayload<T extends EventType> = z.infer<(typeof payloadSchemas)[T]>;

/** What stays on the laptop about a person and their case. Never scored, never sent. */
export const privateCaseSchema = z.strictObject({
  reference: z.string().min(1).max(60),
  resident: z.string().max(200).default(''),
  contact: z.string().max(200).default(''),
  place: z.string().max(100).default(''),
  safeContact: z.string().max(500).default(''),
  atRisk: z.boolean().default(false),
  needs: z.array(z.enum(['interpreter', 'hearing', 'helper', 'other'])).default([]),
  narrative: z.string().max(20_000).default(''),
  /** Local time `HH:MM` at which money left, as said at intake. */
  paidAt: z
    .string()
    .regex(/^(?:\d{2}:\d{2})?$/)
    .default(''),
  indicators: z
    .array(
      z.strictObject({
        kind: z.enum(['phone', 'handle', 'web', 'session']),
        value: z.string().max(200),
        given: z.string().max(200),
      }),
    )
    .max(50)
    .default([]),
  tacticsGiven: z.array(z.string().max(200)).max(50).default([]),
  /** Answers that may not leave: attributes that are not shareable, and new values that did not pass the filter. */
  attributes: factsSchema.shape.attributes.optional(),
  /** Which row of a file the case was (SHA-256 of what identifies it), so that it is not taken in twice. */
  importRow: hashSchema.optional(),
});
export type PrivateCase = z.infer<typeof privateCaseSchema>;

/** Private payload of an outcome: how the investigator knows. */
export const privateOutcomeSchema = z.strictObject({ note: z.string().max(5_000) });

export const privateSchemas = {
  'case.received': privateCaseSchema,
  'case.edited': privateCaseSchema,
  'case.outcome': privateOutcomeSchema,
} as const;
