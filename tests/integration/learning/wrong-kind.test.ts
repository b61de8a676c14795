import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCommand, outpostCommand } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const models = fileURLToPath(new URL('../../../models/', import.meta.url));
const run = (...args: string[]) => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

const files: readonly (readonly [name: string, content: string | Uint8Array, looks: string])[] = [
  ['cases.csv', 'minutes,y\n5,1\n', 'looks like a CSV table'],
  ['notes.onnx', 'Model of October\n', 'looks like plain text'],
  ['manifest.onnx', '{"format": "outpost.manifest/2"}', 'looks like JSON'],
  ['model.pkl', Uint8Array.of(0x80, 4, 0x95, 1), 'looks like a Python pickle'],
  ['empty.onnx', '', 'is empty'],
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-kind-'));
  for (const [name, content] of files) writeFileSync(at(name), content);
  cpSync(models, at('model'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(files)('%s in place of a model', (name, _content, looks) => {
  it.each<[string, () => ReturnType<typeof run>]>([
    ['evaluate --model', () => run('evaluate', '--model', at(name), '--data', at('cases.csv'))],
    ['evaluate', () => run('evaluate', at(name), '--data', at('cases.csv'))],
    ['import-model', () => run('import-model', '--model', at(name), '--out', at('out'))],
    ['push', () => run('push', '--model', at(name), '--manifest', at('model/manifest.json'), '--folder', at('none'))],
    ['score', () => outpostCommand(['score', at('cases.csv'), '--model', at(name)])],
  ])('is told apart by %s', async (_command, given) => {
    const { code, err } = await given();
    expect([code, err]).toEqual([
      3,
      expect.stringContaining(`${at(name)} is no model in the ONNX format: it ${looks}`),
    ]);
  });
});

describe('a model in place of cases', () => {
  it.each<[string, () => ReturnType<typeof run>]>([
    ['train', () => run('train', '--data', at('model/model.onnx'), '--out', at('out'))],
    ['evaluate', () => run('evaluate', at('model'), '--data', at('model/model.onnx'))],
    ['score', () => outpostCommand(['score', at('model/model.onnx')])],
  ])('is told apart by %s', async (_command, given) => {
    expect(await given()).toMatchObject({ code: 2, err: expect.stringContaining('looks like a model in the ONNX') });
  });
});
