import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { processIo } from '../../../platform/command-io.ts';
import { registryProgram } from '../../../registry/cli.ts';
import { csvOf } from '../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../learning/simulate/index.ts';
import { languages, registryCommand, type Printed } from '../../support/commands.ts';
import { outside, pathsOf, strayWords } from '../../support/pseudo-language.ts';

const folder = mkdtempSync(join(tmpdir(), 'outpost-pseudo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = { OUTPOST_LANGUAGE: 'en-XA' };
const run = (...args: string[]): Promise<Printed> => registryCommand(args, asked);

describe('what the registry says to somebody who asks for the pseudo-language', () => {
  const ours = pathsOf(registryProgram(processIo(languages)));

  test.each(ours.map((path) => [path.join(' '), path] as const))('help of "%s"', async (_name, path) => {
    const { out, err, code } = await run(...path, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(strayWords(out)).toEqual([]);
  });

  test('what commands print, and why they refuse', async () => {
    const [registry, keys, csv] = ['registry', 'keys', 'cases.csv'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const here = (...args: string[]): Promise<Printed> => run(...args, '--folder', registry);
    writeFileSync(join(folder, 'secret'), 'correct horse\n');
    writeFileSync(csv, [...csvOf(simulateCases({ cases: 40, seed: 3, from: '2026-01-01', days: 180 }))].join(''));
    const printed = [
      await here('init', '--keys', keys, '--passphrase-file', join(folder, 'secret')),
      await here('proposals'),
      await here('offices'),
      await here('enrol', '--office', 'North', '--address', 'https://centre.example', '--out', join(folder, 'code')),
      await here('offices'),
      await here('device', 'list'),
      await here('quarantine', 'list'),
      await here('quarantine', 'replay'),
      await here('integrate'),
      await here('monitor'),
      await here('cycle'),
      await here('resign'),
      await here('dataset', 'import', csv),
      await here('dataset', 'export', '--out', join(folder, 'cases.jsonl')),
      await here('admin', 'revoke', '--name', 'Nobody'),
      await here('channel', 'set', '--release', 'releases/none'),
      await here('renew', 'prepare', '--out', join(folder, 'renewal')),
      await here('retrain'),
    ];
    const words = printed.flatMap(({ out, err }) => `${out}${err}`.split('\n')).map(outside);
    const left = words.filter((line) => /\p{L}/u.test(line) && !line.includes(folder));
    expect(left).toEqual([]);
  });
});
