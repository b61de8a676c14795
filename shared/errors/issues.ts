import { z } from 'zod';
import { sentenceSchema, type Sentence } from '../language/sentence.ts';
import { inEnglish } from './in-english.ts';
import { foreign } from './index.ts';

/** Options of a check of a schema (`refine`) that says a sentence of the catalogue where a value does not stand it. */
export function saying(sentence: Sentence): {
  readonly error: () => string;
  readonly params: { readonly sentence: Sentence };
} {
  return { error: () => inEnglish(sentence), params: { sentence } };
}

const ownCheckSchema = z.looseObject({ params: z.looseObject({ sentence: sentenceSchema }) });

/** What to say of a value that a schema does not take: the sentence of our own check, else the words of the library. */
export function sentenceOfIssue(issue: { readonly message: string } | undefined): Sentence {
  const read = ownCheckSchema.safeParse(issue);
  return read.success ? read.data.params.sentence : foreign(issue?.message ?? '');
}
