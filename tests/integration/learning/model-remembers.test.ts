import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { anyCommand, outpostCommand, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
const manifestOf = (out: string): Manifest => JSON.parse(readFileSync(join(at(out), 'manifest.json'), 'utf8'));

/** A table whose open answers are spelled as `unknown`. */
function table(unknown: readonly [string, string]): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const minutes = i % 7 === 0 ? unknown[0] : String((i * 37) % 90);
    const channel = i % 11 === 0 ? unknown[1] : ['phone', 'mail'][i % 2]!;
    return [minutes, channel, Number((i * 37) % 90 > 40 !== (i % 5 === 0))].join(',');
  });
  return `${['minutes,channel,y', ...rows].join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-remembers-'));
  writeFileSync(at('spelled.csv'), table(['999', 'refused']));
  writeFileSync(at('plain.csv'), table(['', '']));
  const train = (data: string, out: string, ...more: string[]) =>
    run('train', '--data', at(data), ...more, '--out', at(out));
  expect(await train('spelled.csv', 'model', '--missing', '999, refused')).toMatchObject({ code: 0 });
  expect(await train('plain.csv', 'plain')).toMatchObject({ code: 0 });
  expect(await train('plain.csv', 'other', '--costs', '50,10,1')).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the spellings of unknown a model was trained with', () => {
  it('stand in its manifest, also when the rows came by a dataset', async () => {
    expect(manifestOf('model').training.missing).toEqual(['999', 'refused']);
    expect(manifestOf('plain').training).not.toHaveProperty('missing');
    const build = ['--data', at('spelled.csv'), '--missing', '999,refused', '--out', at('datasets')];
    expect(await run('dataset', 'build', ...build)).toMatchObject({ code: 0 });
    const kept = join(at('datasets'), readdirSync(at('datasets'))[0]!);
    expect(await run('train', '--data', kept, '--out', at('by-dataset'))).toMatchObject({ code: 0 });
    expect(manifestOf('by-dataset').training.missing).toEqual(['999', 'refused']);
  });

  it('are unknown to evaluate without being named again', async () => {
    const judged = async (data: string) =>
      JSON.parse((await run('evaluate', at('model'), '--data', at(data), '--repeats', '100', '--json')).out);
    expect((await judged('spelled.csv')).figures).toEqual((await judged('plain.csv')).figures);
  });

  it('are unknown to score without being named again', async () => {
    const scored = async (data: string) => {
      const { out } = await outpostCommand(['score', at(data), '--model', at('model/model.onnx'), '--json']);
      return out.split('\n', 20).map((line) => line.replace(/.*"score":/, ''));
    };
    expect(await scored('spelled.csv')).toEqual(await scored('plain.csv'));
  });

  it('go with a model that is imported with such a file', async () => {
    const theirs = ['--model', at('plain/model.onnx'), '--data', at('spelled.csv'), '--missing', '999,refused'];
    expect(await run('import-model', ...theirs, '--out', at('imported'))).toMatchObject({ code: 0 });
    expect(manifestOf('imported').training.missing).toEqual(['999', 'refused']);
  });

  it('are refused where they are none, or too long', async () => {
    for (const texts of [' ,', 'x'.repeat(81)])
      expect(await run('train', '--data', at('plain.csv'), '--missing', texts, '--out', at('refused'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('at most 80 letters'),
      });
  });
});

describe('the id of a model', () => {
  it('tells models of the same graph with other thresholds apart', () => {
    const [plain, other] = [manifestOf('plain'), manifestOf('other')];
    expect(other.model.sha256).toBe(plain.model.sha256);
    expect(other.thresholds).not.toEqual(plain.thresholds);
    expect(other.model.id).not.toBe(plain.model.id);
  });

  it('is the same for the same training', async () => {
    expect(await run('train', '--data', at('plain.csv'), '--out', at('again'))).toMatchObject({ code: 0 });
    expect(manifestOf('again').model.id).toBe(manifestOf('plain').model.id);
  });
});
