import { z } from 'zod';
import { describedSchemaSchema } from '../../shared/encoding/described-schema.ts';
import type { DescribedSchema } from '../../shared/encoding/schema-texts.ts';
import type { DecimalSign } from '../../shared/encoding/csv-numbers.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Kind } from './infer.ts';
import { sentence } from '../../shared/language/sentence.ts';

const shortForm = z.strictObject({
  columns: z.record(z.string(), z.enum(['boolean', 'number', 'category', 'ignore'])),
  decimal: z.enum(['.', ',']).optional(),
});

/** A whole feature schema, or kinds of columns by their headers. */
export type SchemaFile =
  | ({ readonly kind: 'schema' } & DescribedSchema)
  | {
      readonly kind: 'kinds';
      readonly kinds: ReadonlyMap<string, Kind>;
      /** The sign before the decimals of the file's numbers, where it says so. */
      readonly decimal?: DecimalSign | undefined;
    };

/**
 * Parses a schema file: a feature schema of either format, `{"schema": …, "texts": [{"language": "en", "attributes": …}]}`
 * for one with words for its attributes, or `{"columns": {"day": "category", …}}` with the kinds boolean, number, category,
 * ignore, and `"decimal": ","` beside them where decimals stand after a comma. Throws BAD_INPUT saying what is wrong.
 */
export function parseSchemaFile(text: string): SchemaFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', sentence('schema.schema_file_no_json_text'), { cause });
  }
  const whole = typeof value === 'object' && value !== null && ('format' in value || 'schema' in value);
  const parsed = whole ? describedSchemaSchema.safeParse(value) : shortForm.safeParse(value);
  if (!parsed.success) {
    const why = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    throw new OutpostError('BAD_INPUT', sentence('schema.schema_file_cannot_used', { why }), { cause: parsed.error });
  }
  if ('columns' in parsed.data) {
    const { columns, decimal } = parsed.data;
    return { kind: 'kinds', kinds: new Map(Object.entries(columns)), decimal };
  }
  return { kind: 'schema', ...parsed.data };
}
