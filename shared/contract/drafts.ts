import { z } from 'zod';
import { hashSchema, idSchema, instantSchema } from '../log/event.ts';

/** Most characters of a draft as JSON: a long narrative and all else that fits into a form. */
const longestDraft = 400_000;

/** The forms whose half-written contents are kept. */
const draftFormSchema = z.enum(['new_case', 'edit_case', 'outcome']);

/** Whose draft, of which form, about which case (null: none yet). */
export const draftKeySchema = z.strictObject({
  person: idSchema.nullable(),
  form: draftFormSchema,
  subject: idSchema.nullable(),
});
export type DraftKey = z.infer<typeof draftKeySchema>;

/** What is kept of a form. `base` is the entry it was filled from, `schema` the hash of the questions it answers. */
export const draftSchema = z.strictObject({
  base: idSchema.nullable(),
  schema: hashSchema,
  /** As the form has it; only the form understands it. */
  content: z.json().refine((value) => JSON.stringify(value).length <= longestDraft, 'too_long'),
  savedAt: instantSchema,
});
export type Draft = z.infer<typeof draftSchema>;
