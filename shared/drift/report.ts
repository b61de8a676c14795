import { textSchema } from '../language/sentence.ts';
import { z } from 'zod';
import { dateSchema } from '../log/event.ts';

const week = z.strictObject({ start: dateSchema, received: z.int(), counts: z.record(z.string(), z.int()) });

/** Before there were several statistics, the effect of an attribute was named after the only one. */
function withEffect(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('psi' in value)) return value;
  const { psi, ...rest } = value;
  return { ...rest, statistic: 'psi', effect: psi };
}

/** One thing the monitor found. `e` is the evidence (e-value) and `chance` the largest chance of it arising by accident. */
const currentFindingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tactic'),
    tag: z.string(),
    cases: z.int(),
    offices: z.int(),
    firstSeen: dateSchema,
    e: z.number(),
    chance: z.number(),
    alarm: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('missed'),
    missed: z.int(),
    checked: z.int(),
    expectedLow: z.int(),
    expectedHigh: z.int(),
    e: z.number(),
    chance: z.number(),
    alarm: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('attribute'),
    name: z.string(),
    label: textSchema,
    /** Which statistic found it, and its effect size. */
    statistic: z.string(),
    effect: z.number(),
    p: z.number(),
    from: z.number(),
    to: z.number(),
    what: textSchema,
  }),
]);
export const findingSchema = z.preprocess(withEffect, currentFindingSchema);
export type Finding = z.infer<typeof findingSchema>;

/** What the monitor says about a set of first-scored cases. */
export const monitorReportSchema = z.strictObject({
  kind: z.enum(['too_little', 'calm', 'watch', 'alarm']),
  cases: z.int(),
  offices: z.int(),
  from: dateSchema.nullable(),
  to: dateSchema.nullable(),
  findings: z.array(findingSchema),
  /** Promised ceiling of missed scams among checked not-scam cases. */
  ceiling: z.number(),
  months: z.array(
    z.strictObject({
      month: z.string(),
      checked: z.int(),
      missed: z.int(),
      share: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
  /** Cases per ISO week, in total and per tactic tag (the most frequent and the newest). */
  weeks: z.array(week),
  tactics: z.array(z.strictObject({ tag: z.string(), label: z.string(), understood: z.boolean(), cases: z.int() })),
  openAudits: z.int(),
  inconclusiveShare: z.number().nullable(),
  /** Expected number of further checked cases until a doubling of the miss rate would raise the alarm. */
  doublingShownAfter: z.int().nullable(),
});
export type MonitorReport = z.infer<typeof monitorReportSchema>;
