import { z } from 'zod';
import { inconclusiveReasonSchema, outcomeSchema } from '../domain/verdict.ts';
import { attributeValueSchema } from '../domain/facts.ts';

/** In which order a column's dates with strokes or dots are; dates such as 2026-03-01 need none. */
const dateOrderSchema = z.enum(['day_first', 'month_first']);
export type DateOrder = z.infer<typeof dateOrderSchema>;

const textTargets = ['reference', 'resident', 'contact', 'place', 'safeContact', 'narrative', 'note'] as const;
const indicatorTargets = ['phone', 'handle', 'web', 'session'] as const;

/** The outcome that a cell means. */
export const outcomeMeaningSchema = z.union([
  outcomeSchema.exclude(['inconclusive']),
  z.strictObject({ inconclusive: inconclusiveReasonSchema }),
]);
export type OutcomeMeaning = z.infer<typeof outcomeMeaningSchema>;

/** What a column of a CSV file is taken for. Several columns may go to one text: each then stands under its header. */
const columnTargetSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('ignore') }),
  z.strictObject({ to: z.literal('received'), order: dateOrderSchema.optional() }),
  z.strictObject({ to: z.enum(textTargets) }),
  z.strictObject({ to: z.enum(indicatorTargets) }),
  /** Tactics separated by `;`; `values` gives the tactic for a cell, null for none. */
  z.strictObject({ to: z.literal('tactics'), values: z.record(z.string(), z.string().nullable()).optional() }),
  /** An attribute of the feature schema; `values` gives what stands for a cell, null for unknown. */
  z.strictObject({
    to: z.literal('attribute'),
    name: z.string().min(1),
    values: z.record(z.string(), z.string().nullable()).optional(),
  }),
  /** `values` says what each cell means, null that there is no outcome yet. */
  z.strictObject({ to: z.literal('outcome'), values: z.record(z.string(), outcomeMeaningSchema.nullable()) }),
]);
export type ColumnTarget = z.infer<typeof columnTargetSchema>;

/** How the columns of a CSV file become cases. A header that is not named here is ignored. */
export const importMappingSchema = z.strictObject({
  format: z.literal('outpost.import-mapping/1'),
  columns: z.record(z.string(), columnTargetSchema),
  /** Answers that hold for every row, as that all complaints of a list are about calls. */
  constants: z.record(z.string(), attributeValueSchema).default({}),
});
export type ImportMapping = z.infer<typeof importMappingSchema>;
