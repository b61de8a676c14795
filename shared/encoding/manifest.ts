import { z } from 'zod';
import { thresholdsSchema } from '../domain/verdict.ts';
import { dateSchema, hashSchema, idSchema, instantSchema } from '../log/event.ts';
import { profileSchema } from './profile.ts';
import { featureSchemaSchema } from './schema.ts';
import { schemaOfFormat1Schema, upgradeSchema } from './schema-format-1.ts';
import { spellingsSchema } from './unknown-spellings.ts';
import { schemaTextsSchema } from './schema-texts.ts';

/** A raw column as stored in JSON: null stands for NaN. */
const storedValueSchema = z.union([z.number(), z.string(), z.null()]);
const storedRowSchema = z.record(z.string(), storedValueSchema);
export type StoredRow = z.infer<typeof storedRowSchema>;

/** How the raw columns reach the graph: one `[N,1]` tensor per column, or one float `[N,C]` matrix. */
export const bindingSchema = z.discriminatedUnion('layout', [
  z.strictObject({
    layout: z.literal('columns'),
    columns: z
      .array(z.strictObject({ attribute: z.string(), input: z.string(), type: z.enum(['float', 'string']) }))
      .min(1),
  }),
  z.strictObject({ layout: z.literal('matrix'), input: z.string(), columns: z.array(z.string()).min(1) }),
]);
export type Binding = z.infer<typeof bindingSchema>;

/** The attributes whose columns a graph reads. */
export function boundColumns(binding: Binding): readonly string[] {
  return binding.layout === 'matrix' ? binding.columns : binding.columns.map(({ attribute }) => attribute);
}

/** The file a model from another program came as; `model.sha256` is the hash of what was made of it. */
const importedSchema = z.strictObject({
  sha256: hashSchema,
  bytes: z.int().min(1),
  /** Name and version of the exporter, as the file tells. */
  producer: z.string().max(200),
  /** Versions of the operator sets, `ai.onnx` being the plain one. */
  opsets: z.record(z.string(), z.int()),
  /** Operators taken out, with what they gave: `ZipMap output_probability`. Empty when the file is as it came. */
  stripped: z.array(z.string().max(200)).max(20),
});
export type Imported = z.infer<typeof importedSchema>;

/**
 * What the figures of a manifest were computed on: held-out cases, scored by this very model (`held_out`) or by the same
 * recipe before it learned from them too (`held_out_before_refit`: this model was not judged itself); its training cases,
 * each scored by a model made without it (`out_of_fold`); cases given when a model from another program was imported, which it
 * may have learned from (`given_cases`); or nothing here, its maker states them (`stated`) or there are none (`none`).
 */
export const figureBasisSchema = z.enum([
  'held_out',
  'held_out_before_refit',
  'out_of_fold',
  'given_cases',
  'stated',
  'none',
]);
export type FigureBasis = z.infer<typeof figureBasisSchema>;

/** Fields of a manifest. */
export const manifestFields = {
  format: z.literal('outpost.manifest/2'),
  model: z.strictObject({
    id: idSchema,
    name: z.string().min(1).max(80),
    version: z.int().min(1),
    sha256: hashSchema,
    bytes: z.int().min(1),
    created: instantSchema,
    /** Installing is refused and age is shown in the strip after this; scoring goes on. */
    expires: dateSchema,
    simulated: z.boolean(),
  }),
  schema: featureSchemaSchema,
  /** What the attributes of the schema are called, one companion per language. */
  texts: z.array(schemaTextsSchema).max(50),
  binding: bindingSchema,
  /** Name of the float output `[N]`, `[N,1]` or `[N,2]` and the column of it that holds the probability of scam. */
  output: z.strictObject({ name: z.string(), column: z.int().min(0).max(1) }),
  thresholds: thresholdsSchema,
  /** Largest share of missing columns a case may have and still be inside what the model knows. */
  maxMissingShare: z.number().min(0).max(1),
  training: z.strictObject({
    run: z.string(),
    trainer: z.string(),
    seed: z.int(),
    dataset: hashSchema,
    rows: z.int().min(0),
    from: dateSchema.nullable(),
    cut: dateSchema.nullable(),
    baseRate: z.number().min(0).max(1),
    codeVersion: z.string(),
    /** What `figures` were computed on; absent where the version that made the manifest did not say. */
    basis: figureBasisSchema.optional(),
    /** Only for a model from another program: what came in. */
    imported: importedSchema.optional(),
    /** Further spellings of unknown in the file it was trained on: files it is judged on and scores are read by them too. */
    missing: spellingsSchema.optional(),
  }),
  /** Figures on cases the model has not seen: name -> value with an optional 95 % interval and the count behind it. */
  figures: z.record(
    z.string(),
    z.strictObject({ value: z.number(), low: z.number().optional(), high: z.number().optional(), n: z.int().min(0) }),
  ),
  /** Mean score of `background` is where explanations start. Simulated or pooled rows, never a person's. */
  background: z.array(storedRowSchema).min(1).max(200),
  /** Rows with the score the graph must give for them (within 1e-5) before it may be activated. */
  golden: z
    .array(z.strictObject({ row: storedRowSchema, score: z.number() }))
    .min(1)
    .max(50),
  reference: profileSchema,
};

const manifestOfFormat2Schema = z.strictObject(manifestFields);
export type Manifest = z.infer<typeof manifestOfFormat2Schema>;

const manifestOfFormat1Schema = z
  .strictObject({ ...manifestFields, format: z.literal('outpost.manifest/1'), schema: schemaOfFormat1Schema })
  .omit({ texts: true })
  .transform((manifest): Manifest => {
    const { schema, texts } = upgradeSchema(manifest.schema);
    return { ...manifest, format: 'outpost.manifest/2', schema, texts: [...texts] };
  });

/**
 * What has to be known about a model to run, show and watch it. The model's bytes are bound by `model.sha256`;
 * the manifest itself is bound by the release that lists both. One of the first format is read as one of the second.
 */
export const manifestSchema = z.discriminatedUnion('format', [
  manifestOfFormat2Schema,
  manifestOfFormat1Schema,
]) satisfies z.ZodType as z.ZodType<Manifest, Manifest>;

/**
 * Day (a plain date) before which a model may have learned from a case: its training cut, or the day it was made when it
 * names none, as after a refit.
 */
export function learnedBefore({ training, model }: Pick<Manifest, 'training' | 'model'>): string {
  return training.cut ?? model.created.slice(0, 10);
}
