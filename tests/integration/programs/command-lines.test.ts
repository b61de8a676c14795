import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnProgram } from '../../../learning/commands/program.ts';
import { processIo } from '../../../platform/command-io.ts';
import { registryProgram } from '../../../registry/cli.ts';
import { languages, learnCommand, outpostCommand, registryCommand } from '../../support/commands.ts';

let folder: string;
const inFolder = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-lines-'));
  writeFileSync(inFolder('cases.csv'), 'a,y\n1,0\n2,1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is named and is not there', () => {
  it.each([
    ['runs', 'show', 'ffffffffffff'],
    ['runs', 'compare', 'ffffffffffff', 'eeeeeeeeeeee'],
    ['runs', 'reproduce', 'ffffffffffff'],
  ])('ends with exit code 2: learn %s %s %s', async (...args) => {
    expect(await learnCommand([...args, '--runs', inFolder('runs')])).toMatchObject({ code: 2 });
  });

  it.each([
    [['runs', 'list', '--folder', 'none']],
    [['train', '--data', 'none.csv', '--out', 'model']],
    [['evaluate', '--data', 'cases.csv', '--model', 'none.onnx']],
    [['compare', 'none', 'nothing', '--data', 'cases.csv']],
    [['import-model', '--model', 'none.onnx', '--out', 'model']],
    [['dataset', 'export', '--data', 'none', '--out', 'out.csv']],
  ])('ends with exit code 2: learn %j', async (args) => {
    const own = args.map((arg) => (/^(?:none|nothing|cases|model|out)\b/.test(arg) ? inFolder(arg) : arg));
    const { code, err } = await learnCommand(own, { OUTPOST_RUNS_FOLDER: inFolder('runs') });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('no') });
  });

  it.each([['proposals'], ['offices'], ['monitor'], ['retrain'], ['cycle'], ['resign'], ['serve']])(
    'ends with exit code 2: registry %s',
    async (name) => {
      expect(await registryCommand([name, '--folder', inFolder('none')])).toMatchObject({
        code: 2,
        err: expect.stringContaining('holds no registry'),
      });
    },
  );

  it('ends with exit code 2: outpost score, file and model', async () => {
    const missing = [[inFolder('none.csv')], [inFolder('cases.csv'), '--model', inFolder('none.onnx')]];
    for (const args of missing) expect(await outpostCommand(['score', ...args])).toMatchObject({ code: 2 });
  });
});

it('a folder where a file belongs, and the other way round, are refused by their own names', async () => {
  const cases = inFolder('cases.csv');
  const scored = await outpostCommand(['score', cases, '--out', folder]);
  expect(scored).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${folder} cannot be written: it is a folder`),
  });
  const kept = await learnCommand(['train', '--data', cases, '--out', inFolder('model'), '--runs', cases]);
  expect(kept).toMatchObject({ code: 2, err: expect.stringContaining(cases) });
  const renewal = await registryCommand(['renew', 'prepare', '--folder', folder, '--out', folder]);
  expect(renewal).toMatchObject({ code: 2, err: expect.stringContaining('it is a folder') });
});

it('a registry without any outcome says what to do before it can retrain', async () => {
  const [registry, keys, passphrase] = [inFolder('registry'), inFolder('keys'), inFolder('passphrase')];
  writeFileSync(passphrase, 'a long passphrase\n');
  const init = ['init', '--folder', registry, '--keys', keys, '--passphrase-file', passphrase];
  expect(await registryCommand(init)).toMatchObject({ code: 0 });
  expect(await registryCommand(['retrain', '--folder', registry])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/holds no case with an outcome .*dataset import/),
  });
});

describe('what commands say of themselves', () => {
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  const io = processIo(languages);
  const commands = [learnProgram(io), registryProgram(io)].flatMap(all);

  it('is what to do, in one mood and without a capital', () => {
    const first = commands.map((command) => command.description().split(/[\s,]/)[0]!);
    expect(first.filter((word) => !/^[a-z]+$/.test(word) || /[^s]s$/.test(word))).toEqual([]);
    const noVerbs = /^(?:the|a|which|who|what|everything|entries|labelled|enrolled|offline|courier|training)$/;
    expect(first.filter((word) => noVerbs.test(word))).toEqual([]);
  });
});
