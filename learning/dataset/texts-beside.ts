import { ownTexts } from '../../shared/encoding/companions.ts';
import type { DescribedSchema, SchemaTexts } from '../../shared/encoding/schema-texts.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

/**
 * The companions beside the schema of a file, which must be its own or those of one it descends from. Throws BAD_INPUT for
 * others: they would name attributes that they were not written for.
 */
export function textsBeside({ schema, texts }: DescribedSchema, what: 'dataset' | 'cases'): SchemaTexts[] {
  const own = ownTexts(schema, texts);
  if ('texts' in own) return own.texts;
  throw new OutpostError('BAD_INPUT', sentence('data.foreign_texts', { what, language: own.foreign }));
}
