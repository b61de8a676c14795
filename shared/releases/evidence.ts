import { z } from 'zod';
import { factsSchema } from '../domain/facts.ts';
import { OutpostError } from '../errors/index.ts';
import { dateSchema } from '../log/event.ts';
import { sentence } from '../language/sentence.ts';

/** One labelled case the candidate was judged on: its facts as they were at intake, and 1 scam or 0 genuine provider. */
const evidenceRowSchema = z.strictObject({
  facts: factsSchema,
  label: z.union([z.literal(0), z.literal(1)]),
  received: dateSchema,
  /** 1 / chance that the case was looked at. */
  weight: z.number().positive(),
  /** Cases of one incident, or of one scammer where that is known, share it; opaque. */
  incident: z.string().max(100),
});

/** The cases a candidate's gates were computed on, so that an admin's machine can compute them again. */
const evidenceSchema = z.strictObject({
  format: z.literal('outpost.evidence/1'),
  rows: z.array(evidenceRowSchema).max(50_000),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Parses the text of an evidence file; BAD_INPUT when it is none. */
export function parseEvidence(text: string): Evidence {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('releases.evidence_no_json_text'), { cause });
  }
  const parsed = evidenceSchema.safeParse(raw);
  if (!parsed.success)
    throw new OutpostError('BAD_INPUT', sentence('releases.evidence_not_form_evidence'), { cause: parsed.error });
  return parsed.data;
}
