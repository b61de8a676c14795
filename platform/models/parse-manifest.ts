import type { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { columnType } from '../../shared/encoding/encode.ts';
import { manifestSchema, type Manifest, type StoredRow } from '../../shared/encoding/manifest.ts';

/** Largest manifest that is read, in bytes. */
export const maxManifestBytes = 5 * 1024 * 1024;

function refuse(field: string, what: string, cause?: unknown): OutpostError {
  return new OutpostError(
    'BAD_MANIFEST',
    `The manifest was refused: ${field}: ${what}. The current model stays active.`,
    {
      cause,
      data: { field },
    },
  );
}

function readJson(bytes: Uint8Array): unknown {
  if (bytes.length > maxManifestBytes) throw refuse('file', 'it is larger than a manifest may be');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refuse('file', 'it is no JSON text', cause);
  }
}

function firstIssue(error: z.ZodError): { field: string; what: string } {
  const issue = error.issues[0];
  const extra = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...extra].join('.');
  return { field: path === '' ? 'file' : path, what: issue?.message ?? 'it is not valid' };
}

/** Type of each bound column; BAD_MANIFEST when a column is unknown, not shareable, bound twice or of another type. */
function boundTypes({ binding, schema }: Manifest): Map<string, 'float' | 'string'> {
  const listed =
    binding.layout === 'matrix'
      ? binding.columns.map((attribute) => ({ attribute, type: 'float' as const }))
      : binding.columns;
  const attributes = new Map(schema.attributes.map((a) => [a.name, a]));
  const types = new Map<string, 'float' | 'string'>();
  listed.forEach(({ attribute: name, type }, i) => {
    const field = `binding.columns.${i}`;
    const attribute = attributes.get(name);
    if (!attribute) throw refuse(field, `the feature schema has no attribute ${name}`);
    if (!attribute.shareable) throw refuse(field, `${name} never feeds a model`);
    if (types.has(name)) throw refuse(field, `${name} is bound twice`);
    if (columnType(attribute) !== type)
      throw refuse(field, `${name} is a ${columnType(attribute)} column, bound as ${type}`);
    types.set(name, type);
  });
  return types;
}

function checkRow(field: string, row: StoredRow, types: ReadonlyMap<string, 'float' | 'string'>): void {
  for (const [name, type] of types) {
    if (!Object.hasOwn(row, name)) throw refuse(field, `the column ${name} is missing`);
    const value = row[name] ?? null;
    const fits =
      type === 'float' ? value === null || typeof value === 'number' : value === null || typeof value === 'string';
    if (!fits) throw refuse(`${field}.${name}`, `it should be ${type === 'float' ? 'a number' : 'a text'}`);
  }
}

function checkInside(manifest: Manifest): void {
  const types = boundTypes(manifest);
  if (manifest.binding.layout === 'columns') {
    const inputs = manifest.binding.columns.map((c) => c.input);
    const twice = inputs.findIndex((name, i) => inputs.indexOf(name) !== i);
    if (twice !== -1) throw refuse(`binding.columns.${twice}.input`, 'two columns are bound to one input');
  }
  manifest.background.forEach((row, i) => checkRow(`background.${i}`, row, types));
  manifest.golden.forEach(({ row }, i) => checkRow(`golden.${i}.row`, row, types));
  const { schema } = manifest.reference;
  if (schema.id !== manifest.schema.id || schema.version !== manifest.schema.version) {
    throw refuse('reference.schema', 'it is not the schema of the manifest');
  }
}

/**
 * Reads a manifest file and checks that its parts agree with each other. Throws BAD_MANIFEST naming the field that is
 * wrong (`data.field`). Whether a model file fits it is `checkModel`'s question.
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const parsed = manifestSchema.safeParse(readJson(bytes));
  if (!parsed.success) {
    const { field, what } = firstIssue(parsed.error);
    throw refuse(field, what, parsed.error);
  }
  checkInside(parsed.data);
  return parsed.data;
}
