import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSchemaFile } from '../../../../learning/schema/schema-file.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { schemaHash } from '../../../../shared/encoding/schema-identity.ts';

const first = readFileSync(new URL('../../../support/complaints-format-1.json', import.meta.url), 'utf8');
const words = { label: 'Paid', question: 'Paid?', name: 'paid', yes: 'paid', no: 'not paid' };

describe('a schema file', () => {
  it('of the first format is read as definitions with their English words', () => {
    const read = parseSchemaFile(first);
    expect(read).toMatchObject({ kind: 'schema', schema: complaintsSchema });
    expect(read).toMatchObject({ texts: [{ language: 'en', schema: schemaHash(complaintsSchema) }] });
  });

  it('may hold the words of its attributes in several languages', () => {
    const texts = ['en', 'hi'].map((language) => ({ language, attributes: { money_paid: words } }));
    const read = parseSchemaFile(JSON.stringify({ schema: complaintsSchema, texts }));
    expect(read).toEqual({
      kind: 'schema',
      schema: complaintsSchema,
      texts: texts.map((one) => ({ format: 'outpost.schema-texts/1', schema: schemaHash(complaintsSchema), ...one })),
    });
  });

  it('is refused with the place that is wrong', () => {
    const [attribute] = complaintsSchema.attributes;
    const twice = { ...complaintsSchema, attributes: [attribute, attribute] };
    expect(() => parseSchemaFile(JSON.stringify(twice))).toThrow(/attributes\[1\]\.name/);
    const old = { ...JSON.parse(first), version: 0 };
    expect(() => parseSchemaFile(JSON.stringify(old))).toThrow(/version/);
    const texts = [{ language: 'en', attributes: { money_paid: { ...words, label: '' } } }];
    expect(() => parseSchemaFile(JSON.stringify({ schema: complaintsSchema, texts }))).toThrow(/money_paid\.label/);
    expect(() => parseSchemaFile('{"format":"outpost.feature-schema/9"}')).toThrow(/format/);
  });
});
