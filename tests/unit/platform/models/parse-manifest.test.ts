import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../../platform/models/parse-manifest.ts';
import type { Manifest } from '../../../../shared/encoding/manifest.ts';
import { toyModel, toyRows } from '../../../support/models.ts';

const { manifest } = toyModel();

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

function fieldOf(changes: Record<string, unknown>): unknown {
  try {
    parseManifest(bytesOf({ ...manifest, ...changes }));
  } catch (error) {
    expect(error).toMatchObject({
      code: 'BAD_MANIFEST',
      message: expect.stringContaining('current model stays active'),
    });
    return (error as { data: { field: string } }).data.field;
  }
  return null;
}

describe('reading a manifest', () => {
  it('reads what it is given, and the bundled one', () => {
    expect(parseManifest(bytesOf(manifest))).toEqual(manifest);
    const bundled = parseManifest(readFileSync(new URL('../../../../models/manifest.json', import.meta.url)));
    expect(bundled.model.simulated).toBe(true);
  });

  const columns = manifest.binding.layout === 'columns' ? manifest.binding.columns : [];
  it.each<[string, Partial<Record<keyof Manifest | 'extra', unknown>>]>([
    ['thresholds', { thresholds: { notScamBelow: 0.9, scamFrom: 0.1 } }],
    ['model.sha256', { model: { ...manifest.model, sha256: 'abc' } }],
    ['extra', { extra: 1 }],
    ['output.column', { output: { name: 'probability', column: 2 } }],
    [
      'binding.columns.0',
      { binding: { layout: 'columns', columns: [{ attribute: 'unknown', input: 'asked', type: 'float' }] } },
    ],
    ['binding.columns.1', { binding: { layout: 'columns', columns: [columns[0], columns[0]] } }],
    [
      'binding.columns.1.input',
      { binding: { layout: 'columns', columns: [columns[0], { ...columns[1], input: columns[0]?.input }] } },
    ],
    [
      'binding.columns.0',
      { binding: { layout: 'columns', columns: [{ attribute: 'channel', input: 'channel', type: 'float' }] } },
    ],
    ['binding.columns.0', { binding: { layout: 'matrix', input: 'x', columns: ['channel'] } }],
    ['background.0', { background: [{ asked: 1 }] }],
    ['golden.0.row.asked', { golden: [{ row: { ...toyRows[0], asked: 'yes' }, score: 0.5 }] }],
    ['reference.schema', { reference: { ...manifest.reference, schema: { id: 'other', version: 1 } } }],
  ])('names the field %s when it is wrong', (field, changes) => {
    expect(fieldOf(changes)).toBe(field);
  });

  it('says the sentence of a check of our own by its code', () => {
    const crossed = { ...manifest, thresholds: { notScamBelow: 0.9, scamFrom: 0.1 } };
    const what = { code: 'domain.thresholds_crossed', args: {} };
    expect(() => parseManifest(bytesOf(crossed), null)).toThrowError(
      expect.objectContaining({ sentence: expect.objectContaining({ args: expect.objectContaining({ what }) }) }),
    );
    expect(() => parseManifest(bytesOf(crossed))).toThrow(/thresholds: notScamBelow must not exceed scamFrom/);
  });

  it('refuses a binding to an attribute that never feeds a model', () => {
    const attributes = manifest.schema.attributes.map((a) => (a.name === 'asked' ? { ...a, shareable: false } : a));
    expect(fieldOf({ schema: { ...manifest.schema, attributes } })).toBe('binding.columns.0');
  });

  it.each(['', '{', '[]', '\u0000', 'null'])('refuses the text %j', (text) => {
    expect(() => parseManifest(bytesOf(text))).toThrowError(expect.objectContaining({ code: 'BAD_MANIFEST' }));
  });
});
