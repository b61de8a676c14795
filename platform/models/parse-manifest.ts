import type { z } from 'zod';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { columnType } from '../../shared/encoding/encode.ts';
import { manifestSchema, type Manifest, type StoredRow } from '../../shared/encoding/manifest.ts';
import { isUnder, schemaHash } from '../../shared/encoding/schema-identity.ts';
import { sentenceOfIssue } from '../../shared/errors/issues.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { currentStaysActive, manifestRefusal, type Ending } from './refusal.ts';

/** Largest manifest that is read, in bytes. */
export const maxManifestBytes = 5 * 1024 * 1024;

type Refuse = ReturnType<typeof manifestRefusal>;
type ColumnType = 'float' | 'string';

function readJson(bytes: Uint8Array, refuse: Refuse): unknown {
  if (bytes.length > maxManifestBytes) throw refuse('file', sentence('manifest.too_large'));
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refuse('file', sentence('manifest.not_json'), cause);
  }
}

function firstIssue(error: z.ZodError): { field: string; what: Sentence } {
  const issue = error.issues[0];
  const extra = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...extra].join('.');
  return { field: path === '' ? 'file' : path, what: sentenceOfIssue(issue) };
}

/** Type of each bound column; BAD_MANIFEST when a column is unknown, not shareable, bound twice or of another type. */
function boundTypes({ binding, schema }: Manifest, refuse: Refuse): Map<string, ColumnType> {
  const listed =
    binding.layout === 'matrix'
      ? binding.columns.map((attribute) => ({ attribute, type: 'float' as const }))
      : binding.columns;
  const attributes = new Map(schema.attributes.map((a) => [a.name, a]));
  const types = new Map<string, ColumnType>();
  listed.forEach(({ attribute: column, type }, i) => {
    const field = `binding.columns.${i}`;
    const attribute = attributes.get(column);
    if (!attribute) throw refuse(field, sentence('manifest.no_attribute', { column }));
    if (!attribute.shareable) throw refuse(field, sentence('manifest.not_shareable', { column }));
    if (types.has(column)) throw refuse(field, sentence('manifest.bound_twice', { column }));
    const is = columnType(attribute);
    if (is !== type) throw refuse(field, sentence('manifest.column_type', { column, is, bound: type }));
    types.set(column, type);
  });
  return types;
}

function checkRow(field: string, row: StoredRow, types: ReadonlyMap<string, ColumnType>, refuse: Refuse): void {
  for (const [column, type] of types) {
    if (!Object.hasOwn(row, column)) throw refuse(field, sentence('manifest.column_missing', { column }));
    const value = row[column] ?? null;
    const fits =
      type === 'float' ? value === null || typeof value === 'number' : value === null || typeof value === 'string';
    if (!fits) throw refuse(`${field}.${column}`, sentence('manifest.cell_type', { type }));
  }
}

/** What says to be the app's own schema, of a version this program knows, has to be it. */
function checkIssuer({ schema }: Manifest, refuse: Refuse): void {
  const own = complaintsSchema;
  if (schema.issuer !== 'outpost' || schema.version > own.version || schemaHash(schema) === schemaHash(own)) return;
  throw refuse('schema.issuer', sentence('manifest.not_of_the_app'));
}

/** Companions are those of the schema beside them, one for each language. */
function checkTexts({ schema, texts }: Manifest, refuse: Refuse): void {
  const hash = schemaHash(schema);
  texts.forEach((one, i) => {
    if (one.schema !== hash) throw refuse(`texts.${i}.schema`, sentence('manifest.texts_of_other_schema'));
    const { language } = one;
    if (texts.findIndex((other) => other.language === language) !== i)
      throw refuse(`texts.${i}.language`, sentence('manifest.texts_twice', { language }));
  });
}

function checkInside(manifest: Manifest, refuse: Refuse): void {
  const types = boundTypes(manifest, refuse);
  if (manifest.binding.layout === 'columns') {
    const inputs = manifest.binding.columns.map((c) => c.input);
    const twice = inputs.findIndex((name, i) => inputs.indexOf(name) !== i);
    if (twice !== -1) throw refuse(`binding.columns.${twice}.input`, sentence('manifest.one_input'));
  }
  manifest.background.forEach((row, i) => checkRow(`background.${i}`, row, types, refuse));
  manifest.golden.forEach(({ row }, i) => checkRow(`golden.${i}.row`, row, types, refuse));
  checkIssuer(manifest, refuse);
  checkTexts(manifest, refuse);
  if (!isUnder(manifest.schema, manifest.reference.schema)) {
    throw refuse('reference.schema', sentence('manifest.other_schema'));
  }
}

/** `parseManifest` for a value that is no text: one made here, or read from JSON already. */
export function checkManifest(value: unknown, ending: Ending = currentStaysActive): Manifest {
  const refuse = manifestRefusal(ending);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const { field, what } = firstIssue(parsed.error);
    throw refuse(field, what, parsed.error);
  }
  checkInside(parsed.data, refuse);
  return parsed.data;
}

/**
 * Reads a manifest file and checks that its parts agree with each other. Throws BAD_MANIFEST naming the field that is
 * wrong (`data.field`). Whether a model file fits it is `checkModel`'s question.
 */
export function parseManifest(bytes: Uint8Array, ending: Ending = currentStaysActive): Manifest {
  return checkManifest(readJson(bytes, manifestRefusal(ending)), ending);
}
