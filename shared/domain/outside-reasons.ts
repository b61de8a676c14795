import { z } from 'zod';

/** Why a case is outside what the model knows. */
export const outsideReasonSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unseen_value'), attribute: z.string(), value: z.string().max(60) }),
  z.strictObject({ kind: z.literal('missing'), share: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('tactic'), tag: z.string().max(40) }),
]);
export type OutsideReason = z.infer<typeof outsideReasonSchema>;
