import { z } from 'zod';
import { attributeNameSchema } from '../encoding/schema.ts';
import { textSchema } from '../language/sentence.ts';
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

/**
 * A draft as it is read again. `asked` is null when it answers the form of today; else it says of each question of its own
 * form what that is called, and the name under which the form of today asks it in the same meaning, null for one it does not ask.
 */
export const keptDraftSchema = draftSchema.extend({
  asked: z
    .record(attributeNameSchema, z.strictObject({ label: textSchema, now: attributeNameSchema.nullable() }))
    .nullable(),
});
export type KeptDraft = z.infer<typeof keptDraftSchema>;
