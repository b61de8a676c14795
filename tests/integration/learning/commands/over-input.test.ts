import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outpostCommand, anyCommand, type Printed } from '../../../support/commands.ts';

const top = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-over-input-'));
  await run('simulate', '--cases', '300', '--seed', '3', '--out', at('new.csv'));
  for (const name of ['model.onnx', 'manifest.json']) copyFileSync(join(top, 'models', name), at(name));
  symlinkSync(at('new.csv'), at('link.csv'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

/** Expects a command to be refused with a sentence that names --out, and the files it reads to stay as they are. */
async function refused(command: () => Promise<Printed>, read: string): Promise<void> {
  const before = readFileSync(at(read));
  const done = await command();
  expect(done).toMatchObject({ code: 2, out: '' });
  expect(done.err).toMatch(/--out \S+ would write over \S+, which is read here\. Nothing was written/);
  expect(readFileSync(at(read))).toEqual(before);
}

describe('--out never writes over what a command reads', () => {
  it('the labelled data of evaluate and compare, also by another path or a link', async () => {
    for (const out of [at('new.csv'), `${folder}/./new.csv`, at('link.csv')]) {
      await refused(() => run('evaluate', folder, '--data', at('new.csv'), '--out', out), 'new.csv');
      await refused(() => run('compare', folder, folder, '--data', at('new.csv'), '--out', out), 'new.csv');
    }
    await refused(() => run('evaluate', folder, '--data', at('link.csv'), '--out', at('new.csv')), 'new.csv');
  });

  it('the model that is judged', async () => {
    const [data, out] = [at('new.csv'), at('manifest.json')];
    await refused(() => run('evaluate', folder, '--data', data, '--out', out), 'manifest.json');
    await refused(() => run('compare', folder, folder, '--data', data, '--out', out), 'manifest.json');
  });

  it('the cases and the model of outpost score', async () => {
    await refused(() => outpostCommand(['score', at('new.csv'), '--out', at('link.csv')]), 'new.csv');
    await refused(() => outpostCommand(['score', at('new.csv'), '--json', '--out', at('new.csv')]), 'new.csv');
    const own = ['--model', at('model.onnx'), '--out', at('manifest.json')];
    await refused(() => outpostCommand(['score', at('new.csv'), ...own]), 'manifest.json');
  });

  it('the model that is imported, and the database of a registry', async () => {
    await refused(() => run('import-model', '--model', at('model.onnx'), '--out', folder, '--force'), 'model.onnx');
    copyFileSync(at('new.csv'), at('registry.sqlite'));
    const out = ['--folder', folder, '--out', at('registry.sqlite')];
    await refused(() => run('dataset', 'export', ...out), 'registry.sqlite');
  });
});
