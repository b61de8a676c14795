import { z } from 'zod';
import { importMappingSchema } from '../case-import/mapping.ts';
import { sentenceSchema } from '../language/sentence.ts';
import { dateSchema, idSchema, instantSchema } from '../log/event.ts';
import { outcomeSchema } from '../domain/verdict.ts';

/** Largest CSV file that is taken in, in bytes. */
export const mostImportBytes = 512 * 1024 * 1024;

const rowProblemSchema = z.strictObject({ column: z.string().nullable(), why: sentenceSchema });

/** A row of the file that becomes no case, with its cells and everything that is wrong with it. */
export const refusedRowSchema = z.strictObject({
  line: z.int(),
  cells: z.array(z.string()),
  problems: z.array(rowProblemSchema),
});

/** A row as the case it would become. */
const previewRowSchema = z.strictObject({
  line: z.int(),
  received: dateSchema,
  reference: z.string(),
  resident: z.string(),
  place: z.string(),
  indicators: z.array(z.string()),
  tactics: z.array(z.string()),
  answers: z.int(),
  narrative: z.string(),
  outcome: outcomeSchema.nullable(),
});

/** How a file is written and how its columns are taken, known before its rows are read. */
const openedFileSchema = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
  separator: z.string(),
  /** Name of the public layout the headers are of, null for any other file. */
  layout: z.string().nullable(),
  header: z.array(z.string()),
  mapping: importMappingSchema,
  /** Columns nothing is done with. */
  ignored: z.array(z.string()),
});
export type OpenedFile = z.infer<typeof openedFileSchema>;

/** What a file holds, read and checked; nothing of it is a case yet. */
const stagedImportSchema = z.strictObject({
  ...openedFileSchema.shape,
  id: idSchema,
  rows: z.int(),
  new: z.int(),
  known: z.int(),
  refused: z.int(),
  /** The first rows that become cases, and the first that do not. */
  preview: z.array(previewRowSchema),
  problems: z.array(z.strictObject({ line: z.int(), problems: z.array(rowProblemSchema) })),
});
export type StagedImport = z.infer<typeof stagedImportSchema>;

/**
 * What is heard of an import while it works: how the file is taken, also when that turns out not to fit; rows done so far,
 * and which share of the file they are; at the end what came of it.
 */
export const stageNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), opened: openedFileSchema }),
  z.strictObject({ kind: z.literal('progress'), rows: z.int(), share: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('staged'), staged: stagedImportSchema }),
]);
export type StageNews = z.infer<typeof stageNewsSchema>;

export const importRowSchema = z.strictObject({
  id: idSchema,
  file: z.string(),
  at: instantSchema,
  state: z.enum(['done', 'undone']),
  /** Cases it brought that are still there. */
  cases: z.int(),
});
export type ImportRow = z.infer<typeof importRowSchema>;
