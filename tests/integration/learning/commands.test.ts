import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../../shared/encoding/manifest.ts';
import { readModel } from '../../../shared/encoding/onnx/index.ts';
import { learnCommand, type Printed } from '../../support/commands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-learning-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Printed> => learnCommand(args, { OUTPOST_RUNS_FOLDER: join(folder, 'runs') });

const at = (name: string): string => join(folder, name);

async function simulated(name: string, ...more: string[]): Promise<string> {
  const done = await run('simulate', '--cases', '1500', '--seed', '3', '--out', at(name), ...more);
  expect(done).toMatchObject({ code: 0, out: '' });
  return at(name);
}

describe('registry simulate, train and evaluate', () => {
  it('make the same file from the same seed, and a model from it that is what its manifest says', async () => {
    const data = await simulated('a.csv');
    expect(readFileSync(await simulated('b.csv'))).toEqual(readFileSync(data));
    const trained = await run('train', '--data', data, '--seed', '5', '--out', at('run'), '--simulated', '--json');
    expect(trained.code).toBe(0);
    expect(readdirSync(at('run')).toSorted()).toEqual(['manifest.json', 'metrics.json', 'model-card.md', 'model.onnx']);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(at('run/manifest.json'), 'utf8')));
    expect(JSON.parse(trained.out).model).toEqual(manifest.model);
    expect(manifest.model).toMatchObject({
      created: '2026-11-01T00:00:00.000Z',
      expires: '2027-11-01',
      simulated: true,
    });
    expect(readModel(readFileSync(at('run/model.onnx'))).outputs[0]!.name).toBe(manifest.output.name);
  });

  it('give through the graph the figures that training gave without it', async () => {
    const data = await simulated('a.csv');
    await run('train', '--data', data, '--seed', '5', '--out', at('run'), '--cut', '2026-09-01');
    const lines = readFileSync(data, 'utf8').trimEnd().split('\n');
    const received = lines[0]!.split(',').indexOf('received');
    // No two complaints of one event lie on both sides of the cut here: the file names no incidents.
    writeFileSync(
      at('held.csv'),
      [lines[0], ...lines.slice(1).filter((l) => l.split(',')[received]! >= '2026-09-01')].join('\n'),
    );
    const evaluated = await run(
      'evaluate',
      '--data',
      at('held.csv'),
      '--model',
      at('run/model.onnx'),
      '--manifest',
      at('run/manifest.json'),
      '--json',
    );
    const figures = JSON.parse(evaluated.out).figures;
    const wanted = JSON.parse(readFileSync(at('run/metrics.json'), 'utf8')).figures;
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(Object.keys(wanted)));
    for (const [name, figure] of Object.entries<{ value: number; n: number }>(wanted)) {
      expect(figures[name].n).toBe(figure.n);
      expect(figures[name].value).toBeCloseTo(figure.value, 5);
    }
  });

  it('leave out a row with a cell that cannot be read, and say which and why', async () => {
    const data = await simulated('a.csv');
    const lines = readFileSync(data, 'utf8').split('\n');
    const column = lines[0]!.split(',').indexOf('has_contract');
    const cells = lines[41]!.split(',');
    cells[column] = 'perhaps';
    lines[41] = cells.join(',');
    writeFileSync(data, lines.join('\n'));
    const done = await run('train', '--data', data, '--seed', '1', '--out', at('run'));
    expect(done.code).toBe(0);
    expect(done.err).toContain('1 row left out:');
    expect(done.err).toContain('line 42: has_contract is neither yes nor no');
    expect(done.err).not.toContain('perhaps');
  });

  it.each([
    ['no label column', 'received,has_contract\n2026-01-01,yes\n', /no column y/],
    ['two columns of one name', 'y,received,y\n1,2026-01-01,0\n', /two columns named y/],
    ['a ragged row', 'y,received\n1,2026-01-01,3\n', /it has 3 cells where the header has 2/],
    ['a label that is none', 'y,received\n7,2026-01-01\n', /y is neither 1 \(scam\) nor 0/],
    ['a date that is none', 'y,received\n1,2026-13-01\n', /received is no date/],
    ['no rows', 'y,received\n', /no labelled rows/],
    [
      'one class only',
      'y,received,has_contract\n1,2026-01-01,yes\n1,2026-01-02,no\n1,2026-01-03,no\n',
      /both confirmed scams and genuine/,
    ],
  ])('refuse a file with %s', async (_what, text, message) => {
    writeFileSync(at('bad.csv'), text);
    const failed = await run('train', '--data', at('bad.csv'), '--time', 'received', '--out', at('run'));
    expect(failed.code).toBe(2);
    expect(failed.err).toMatch(message);
  });

  it('refuse a file that is not there, and a model the manifest does not name', async () => {
    expect((await run('train', '--data', at('none.csv'), '--seed', '1', '--out', at('run'))).err).toContain(
      'cannot be read',
    );
    const data = await simulated('a.csv');
    await run('train', '--data', data, '--seed', '5', '--out', at('run'));
    writeFileSync(at('other.onnx'), readFileSync(join(import.meta.dirname, '../../../models/model.onnx')));
    const failed = await run(
      'evaluate',
      '--data',
      data,
      '--model',
      at('other.onnx'),
      '--manifest',
      at('run/manifest.json'),
    );
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('manifest.json names. Another one was put beside it');
  });
});
