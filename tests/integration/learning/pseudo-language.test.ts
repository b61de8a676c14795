import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { learnProgram } from '../../../learning/commands/program.ts';
import { processIo } from '../../../platform/command-io.ts';
import { languages, learnCommand, type Printed } from '../../support/commands.ts';
import { outside, pathsOf, strayWords } from '../../support/pseudo-language.ts';

const folder = mkdtempSync(join(tmpdir(), 'outpost-pseudo-learn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> =>
  learnCommand(args, { OUTPOST_LANGUAGE: 'en-XA', OUTPOST_RUNS_FOLDER: at('runs') });

/** Lines with words that do not come from the catalogue and are no names: of a file, or the id of a run. */
function strayLines(...printed: readonly Printed[]): string[] {
  const lines = printed.flatMap(({ out, err }) => `${out}${err}`.split('\n')).map(outside);
  return lines.filter((line) => /\p{L}{2}/u.test(line.replaceAll(/^[0-9a-f]{8} |\bcases\.csv\b/g, '')));
}

describe('what the learning core says to somebody who asks for the pseudo-language', () => {
  const ours = pathsOf(learnProgram(processIo(languages)));

  test.each(ours.map((path) => [path.join(' '), path] as const))('help of "%s"', async (_name, path) => {
    const { out, err, code } = await run(...path, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(strayWords(out)).toEqual([]);
  });

  test('why commands refuse', async () => {
    writeFileSync(at('one.csv'), 'a,y\n1,1\n2,1\n3,1\n');
    const refused = [
      await run('train', '--data', at('nowhere.csv'), '--out', at('model')),
      await run('train', '--data', at('one.csv'), '--label', 'y', '--out', at('model')),
      await run('train', '--data', at('one.csv'), '--label', 'y', '--l2', '1', '--params', 'p', '--out', at('model')),
      await run('simulate', '--cases', '2', '--seed', '1', '--json', '--out', '-'),
      await run('evaluate', '--data', at('one.csv')),
      await run('trainers', 'oracle'),
      await run('runs', 'show', 'ffffffff'),
      await run('runs', 'list', '--sort', 'beauty'),
    ];
    expect(refused.slice(0, -1).map(({ code }) => code)).not.toContain(0);
    expect(strayLines(...refused)).toEqual([]);
  });

  test('what commands print', async () => {
    const few = ['--data', at('cases.csv')];
    const printed = [
      await run('simulate', '--cases', '400', '--seed', '3', '--out', at('cases.csv')),
      await run('dataset', 'build', ...few, '--out', at('sets')),
      await run('train', ...few, '--out', at('model')),
      await run('runs', 'list'),
      await run('train', ...few, '--trainer', 'boosting', '--out', at('trees')),
      await run('evaluate', at('model'), ...few, '--repeats', '100'),
      await run('compare', at('model'), at('trees'), ...few, '--repeats', '100'),
    ];
    expect(printed.map(({ code }) => code)).toEqual(printed.map(() => 0));
    expect(strayLines(...printed)).toEqual([]);
  });
});
