import { z } from 'zod';
import { sentenceSchema } from '../../../shared/language/sentence.ts';
import { hashSchema } from '../../../shared/log/event.ts';

const id = z.int().min(1);
/** Under which name the child keeps a model: the hash of its manifest, since that says how its output is read. */
const key = hashSchema;
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const scores = z.custom<Float64Array>((value) => value instanceof Float64Array).nullable();
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);

/** One input of the graph for a batch: `rows x width` floats in row order, or `rows` strings. */
const tensorSchema = z.strictObject({
  name: z.string(),
  width: z.int().min(1),
  data: z.union([floats, z.array(z.string())]),
});

/** What the supervisor asks of the child. Sent by structured clone, so bytes and NaN arrive as they are. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('load'),
    id,
    key,
    bytes,
    sha256: key,
    output: z.strictObject({ name: z.string(), column: z.int().min(0).max(1) }),
  }),
  z.strictObject({ kind: z.literal('unload'), id, key }),
  z.strictObject({
    kind: z.literal('run'),
    id,
    key,
    rows: z.int().min(1),
    inputs: z.array(tensorSchema).min(1),
    /** Also run the batch with each of its columns unknown, one after the other. */
    without: z.boolean().default(false),
  }),
]);
export type Request = z.infer<typeof requestSchema>;

/** What the child answers: scores of a run, then those without each column when asked for (null for the other requests), or why it could not. */
export const replySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), id, scores }),
  z.strictObject({
    kind: z.literal('failed'),
    id,
    code: z.enum(['BAD_MODEL', 'MODEL_FAILED']),
    sentence: sentenceSchema,
  }),
]);
export type Reply = z.infer<typeof replySchema>;
