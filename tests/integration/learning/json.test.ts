import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCommand, type Printed } from '../../support/commands.ts';
import { saying } from '../../support/saying.ts';

let folder: string;
let trained: Record<string, unknown>;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

/** What a command prints as JSON: one line on standard output, and nothing else there. */
async function json(...args: string[]): Promise<any> {
  const { code, out, err } = await run(...args, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  expect(out.endsWith('\n') && !out.trimEnd().includes('\n')).toBe(true);
  return JSON.parse(out);
}

/** Names that a value has; there may be more, but none of these may go away. */
function expectNames(value: object, names: string): void {
  expect(Object.keys(value)).toEqual(expect.arrayContaining(names.split(' ')));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-json-'));
  await run('simulate', '--cases', '500', '--seed', '3', '--out', at('cases.csv'));
  await run('simulate', '--cases', '300', '--seed', '4', '--out', at('new.csv'));
  trained = await json('train', '--data', at('cases.csv'), '--simulated', '--out', at('model'));
  await run('train', '--data', at('cases.csv'), '--simulated', '--l2', '50', '--out', at('other'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('--json', () => {
  it('of train names run, dataset, model, figures, and what became of columns and rows', () => {
    expectNames(trained, 'run dataset model metrics columns rejected findings afterToday warnings');
    expectNames(trained['model'] as object, 'id name version sha256 bytes created expires simulated');
    expectNames(
      trained['metrics'] as object,
      'trainer params calibration tried train holdOut thresholds thresholdRule basis figures baseline fit',
    );
  });

  it('of evaluate and compare has figures with their intervals, as the file it writes has', async () => {
    const few = ['--data', at('new.csv'), '--repeats', '100'];
    const evaluated = await json('evaluate', at('model'), ...few, '--out', at('evaluation.json'));
    expectNames(evaluated, 'model file figures baseline warnings curves queue rows thresholds costs slices');
    expectNames(evaluated.figures.auc, 'value low high n method');
    expect(JSON.parse(readFileSync(at('evaluation.json'), 'utf8'))).toEqual(evaluated);
    const compared = await json('compare', at('model'), at('other'), ...few);
    expectNames(compared, 'first second sentence onlyFirst onlySecond maybeSeen learned result reason');
  });

  it('of evaluate has null where there is no figure, never NaN', async () => {
    const [head, ...lines] = readFileSync(at('new.csv'), 'utf8').trimEnd().split('\n');
    const scams = lines.filter((line) => line.endsWith(',1')).slice(0, 40);
    writeFileSync(at('scams.csv'), `${[head, ...scams].join('\n')}\n`);
    const { code, out } = await run('evaluate', at('model'), '--data', at('scams.csv'), '--repeats', '100', '--json');
    expect(code).toBe(0);
    expect(out).not.toMatch(/NaN|Infinity/);
    const found = JSON.parse(out);
    expect(found).toMatchObject({
      baseline: null,
      queue: [],
      warnings: [saying(/^All cases are scams: /)],
    });
    expect(Object.keys(found.figures).filter((name) => /auc|precision|lift/.test(name))).toEqual([]);
  });

  it('of train and evaluate has what they warn of: few cases, and a model no better than the base rate', async () => {
    const apart = ['--runs', at('other-runs')];
    const labelled = (rows: number, scams: number): string =>
      Array.from({ length: rows }, (_, i) => `${(i * 37) % 101},${(i * 61) % 89},${Number(i < scams)}`).join('\n');
    writeFileSync(at('coin.csv'), `a,b,y\n${labelled(400, 180)}\n`);
    const made = await json(
      'train',
      '--data',
      at('coin.csv'),
      '--label',
      'y',
      '--trainer',
      'boosting',
      '--out',
      at('coin'),
      ...apart,
    );
    expect(made.metrics.fit).toMatchObject({ rows_watched: 400, parts_watched: 5 });
    expect(made.metrics.baseline.gain.low).toBeLessThanOrEqual(0);
    expect(made.warnings).toContainEqual(saying(/giving every case the base rate/));
    writeFileSync(at('few.csv'), `a,b,y\n${labelled(29, 7)}\n`);
    const few = ['--data', at('few.csv'), '--label', 'y'];
    const small = await json('train', ...few, '--out', at('small'), ...apart);
    expect(small.warnings).toContainEqual(saying(/^Only 7 cases of one label: too few/));
    const judged = await json('evaluate', at('coin'), ...few, '--repeats', '100');
    expect(judged.warnings).toContainEqual(saying(/^Only 7 scams among the cases: too few/));
    expect((await run('evaluate', at('coin'), ...few, '--repeats', '100')).out).toContain(
      'Only 7 scams among the cases',
    );
  });

  it('of runs has each run whole', async () => {
    const runs = await json('runs', 'list');
    expect(runs).toHaveLength(2);
    const names =
      'id parent kind trainer params settings seed dataset data rows codeVersion judgedOn figures metrics timings artefacts status reason notes simulated createdAt';
    for (const one of runs) expectNames(one, names);
    expectNames(await json('runs', 'show', runs[0].id), `${names} children`);
    const compared = await json('runs', 'compare', runs[0].id, runs[1].id);
    expectNames(compared, 'runs sameDataset comparable sentence differing figures');
    const again = await json('runs', 'reproduce', runs[1].id);
    expectNames(again, 'run same model manifest codeVersion sentence');
    expectNames(again.model, 'was now same');
    expectNames(await json('runs', 'note', runs[0].id, 'seen'), 'run notes');
    expect(await json('runs', 'export', runs[0].id, '--out', at('taken'))).toMatchObject({ run: runs[0].id });
    expect(await json('runs', 'list', '--trainer', 'boosting')).toEqual([]);
  });

  it('of dataset build and import-model names what was written and what it was made of', async () => {
    const built = await json('dataset', 'build', '--data', at('cases.csv'), '--out', at('sets'));
    expectNames(built, 'file hash rows scams weights provenance split findings afterToday');
    const imported = ['--model', at('model/model.onnx'), '--data', at('cases.csv'), '--out', at('imported')];
    expectNames(await json('import-model', ...imported), 'model binding output metrics');
  });

  it('leaves standard output empty when something fails', async () => {
    const failed = await run('evaluate', at('none'), '--data', at('new.csv'), '--json');
    expect(failed).toMatchObject({ code: 2, out: '', err: expect.stringContaining('cannot be read') });
  });
});

describe('--help', () => {
  it.each([
    ...['train', 'trainers', 'evaluate', 'compare', 'import-model'].map((name) => [name]),
    ...['build', 'import'].map((name) => ['dataset', name]),
    ...['list', 'show', 'compare', 'reproduce', 'note', 'export'].map((name) => ['runs', name]),
  ])('of %s %s gives an example that names the command, and has --json', async (...words: string[]) => {
    const { code, out } = await run(...words, '--help');
    expect(code).toBe(0);
    const program = words.join(' ') === 'dataset import' ? 'registry' : 'learn';
    expect(out).toContain(`Example: ${program} ${words.join(' ')} `);
    expect(out).toContain('--json');
  });
});
