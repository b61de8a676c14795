import { z } from 'zod';
import { quoted, sentenceSchema, type Sentence } from '../language/sentence.ts';
import type { OutpostError } from './index.ts';

const wireSchema = z.looseObject({ sentence: sentenceSchema });

/** The data of an error as every transport sends it: what callers read by machine, and the sentence. */
export function wireData(error: OutpostError): Record<string, unknown> {
  return { ...error.data, sentence: error.sentence };
}

/** The sentence in the data of an error that was received. One from an earlier version has words only: they are quoted. */
export function sentenceIn(data: unknown, message: string): Sentence {
  const read = wireSchema.safeParse(data);
  return read.success ? read.data.sentence : quoted(message);
}
