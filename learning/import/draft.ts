import { z } from 'zod';
import { bindingSchema, manifestFields, type Manifest } from '../../shared/encoding/manifest.ts';
import { describedSchemaSchema } from '../../shared/encoding/described-schema.ts';
import { OutpostError, sentenceOf } from '../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { checkManifest } from '../../platform/models/parse-manifest.ts';

const { model, training, texts, output, thresholds, maxMissingShare, figures, background, golden, reference } =
  manifestFields;

/**
 * A manifest as far as its author could write it: every part may be missing. Hash and size are those of the file and
 * cannot be given; scores of golden cases may be left out, and are compared where they are there.
 */
const draftSchema = z
  .strictObject({
    format: z.enum(['outpost.manifest/1', 'outpost.manifest/2']),
    model: z
      .strictObject({ ...model.shape })
      .omit({ sha256: true, bytes: true })
      .partial(),
    /** Of either format; words of one of the second may stand beside it, as in a manifest. */
    schema: describedSchemaSchema,
    texts,
    binding: bindingSchema,
    output,
    thresholds,
    maxMissingShare,
    training: z
      .strictObject({ ...training.shape })
      .omit({ imported: true })
      .partial(),
    figures,
    background,
    golden: z
      .array(z.strictObject({ row: golden.element.shape.row, score: z.number().optional() }))
      .min(1)
      .max(50),
    reference,
  })
  .partial();
export type Draft = z.infer<typeof draftSchema>;

function problemOf(error: z.ZodError): Sentence {
  const issue = error.issues[0]!;
  const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...extra].join('.');
  return sentence('import.draft_not_valid', {
    path: path === '' ? sentence('import.the_file') : path,
    why: issue.message,
  });
}

/** Reads a draft of a manifest; BAD_MANIFEST naming the part that is not valid. */
export function parseDraft(text: string): Draft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_MANIFEST', sentence('import.draft_manifest_no_json_text'), { cause });
  }
  const parsed = draftSchema.safeParse(value);
  if (!parsed.success) {
    throw new OutpostError('BAD_MANIFEST', problemOf(parsed.error), { cause: parsed.error });
  }
  return parsed.data;
}

/** A finished manifest, checked. BAD_INPUT when the values given fit no manifest. */
export function finished(manifest: Manifest): Manifest {
  try {
    return checkManifest(manifest, null);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('import.values_fit_no_manifest', { why: sentenceOf(cause) }), {
      cause,
    });
  }
}
