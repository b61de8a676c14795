import { z } from 'zod';
import { sentenceSchema } from '../language/sentence.ts';

const id = z.int().min(1);
const base64 = z.base64().max(100_000);

/**
 * What the main process of the desktop shell tells the backend process. Ports travel beside the message: `window`
 * brings the line to a window, `inference_started` the line to the inference process.
 */
export const toBackendSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    dataDir: z.string().min(1),
    modelsDir: z.string().min(1),
    appVersion: z.string().min(1),
    /** Whether the operating system can protect a key. */
    canWrap: z.boolean(),
    demo: z.boolean(),
    logLevel: z.string(),
  }),
  z.strictObject({ kind: z.literal('window') }),
  z.strictObject({ kind: z.literal('key'), id, bytes: base64 }),
  z.strictObject({ kind: z.literal('key_failed'), id, message: z.string() }),
  z.strictObject({ kind: z.literal('inference_started'), id, pid: z.int().optional() }),
  z.strictObject({ kind: z.literal('inference_exited'), id, code: z.int().nullable() }),
  /** Somebody else may sit there now: the machine slept, or its screen was locked. */
  z.strictObject({ kind: z.literal('lock') }),
  z.strictObject({ kind: z.literal('close') }),
]);
export type ToBackend = z.infer<typeof toBackendSchema>;

/** What the backend process tells the main process. */
export const fromBackendSchema = z.discriminatedUnion('kind', [
  /** `notice` is for who started the program. */
  z.strictObject({ kind: z.literal('ready'), notice: sentenceSchema.nullable() }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), sentence: sentenceSchema }),
  z.strictObject({ kind: z.literal('wrap'), id, bytes: base64 }),
  z.strictObject({ kind: z.literal('unwrap'), id, bytes: base64 }),
  z.strictObject({ kind: z.literal('spawn_inference'), id }),
  z.strictObject({ kind: z.literal('kill_inference'), id }),
]);
export type FromBackend = z.infer<typeof fromBackendSchema>;
