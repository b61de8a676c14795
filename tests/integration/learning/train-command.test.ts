import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTurn } from '../../../shared/language/sentence.ts';
import { parametersOf } from '../../../learning/trainers/base/parameters.ts';
import { trainers } from '../../../learning/trainers/index.ts';
import { anyCommand, english, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

function put(name: string, value: unknown): string {
  writeFileSync(at(name), typeof value === 'string' ? value : JSON.stringify(value));
  return at(name);
}

async function runsKept(): Promise<{ status: string; kind: string }[]> {
  return JSON.parse((await run('runs', 'list', '--json')).out);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-train-'));
  await run('simulate', '--cases', '400', '--seed', '3', '--out', at('cases.csv'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is wrong with the options of train', () => {
  // The data is not there: whatever is reported, it was found before anything was read.
  const early = (...args: string[]) => run('train', '--data', at('none.csv'), '--out', at('early'), ...args);

  it.each<[string, unknown, string[], RegExp]>([
    ['a slip', { maxDept: 3 }, ['boosting'], /boosting trainer has no parameter maxDept\. Did you mean maxDepth\?/],
    ['another spelling', { max_depth: 3 }, ['boosting'], /no parameter max_depth\. Did you mean maxDepth\?/],
    ['a name of another program', { n_estimators: 9 }, ['boosting'], /Did you mean rounds\?/],
    ['a part without its whole', { patience: 9 }, ['boosting'], /Did you mean earlyStopping\.patience\?/],
    ['a name like none', { colour: 1 }, ['logistic'], /no parameter colour\. It has l2\./],
    [
      'a value out of range',
      { maxDepth: 0 },
      ['boosting'],
      /maxDepth of the boosting trainer is 0, but must be a whole number from 1 to 64 \(default 6\)/,
    ],
    ['a text for a number', { l2: '1' }, ['logistic'], /l2 .* is "1", but must be a number above 0 and at most/],
    [
      'a part out of range',
      { earlyStopping: { share: 0.9 } },
      ['boosting'],
      /earlyStopping\.share .* is 0\.9, but must be a number above 0 and at most 0\.5 \(default 0\.1\)/,
    ],
    ['one leaf', { maxLeaves: 1 }, ['boosting'], /must be 0 or a whole number from 2 to 65,536/],
    ['parameters of no trainer', { trees: {} }, ['auto'], /There is no trainer trees\. For the trainer auto/],
    ['parameters of one of them', { boosting: { depth: 2 } }, ['auto'], /Did you mean maxDepth\?/],
    ['no JSON', '{', ['boosting'], /is no JSON/],
  ])('is reported at once, and no run is kept: %s', async (_what, params, [trainer], message) => {
    const file = put('params.json', params);
    const failed = await early('--trainer', trainer!, '--params', file);
    expect(failed).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(await runsKept()).toEqual([]);
    expect(existsSync(at('early'))).toBe(false);
  });

  it.each<[string, string[] | (() => string[]), RegExp]>([
    ['a parameters file that is not there', ['--params', '/none.json'], /none\.json cannot be read/],
    ['two rules for thresholds', ['--recall', '0.9', '--costs', '1,2,3'], /not by both/],
    ['a cut with a split by chance', ['--split', 'random', '--cut', '2026-01-01'], /--cut goes with/],
    ['the penalty of another trainer', ['--trainer', 'boosting', '--l2', '2'], /--l2 is for the logistic trainer/],
    [
      'a space with a wrong name',
      () => ['--search', put('space.json', { trainer: ['boosting'], params: { depht: { int: [1, 2] } } })],
      /no parameter depht/,
    ],
    [
      'a space with a wrong value',
      () => ['--search', put('space.json', { trainer: ['boosting'], params: { maxDepth: { int: [0, 2] } } })],
      /maxDepth the value 0, .* it must be a whole number from 1 to 64/,
    ],
    [
      'parameters beside a space',
      () => ['--search', put('space.json', { trainer: ['logistic'] }), '--l2', '3'],
      /parameters come from the space/,
    ],
    ['a name that is too long', ['--name', 'x'.repeat(81)], /1 to 80 characters/],
  ])('is reported at once too for %s', async (_what, args, message) => {
    const failed = await early(...(typeof args === 'function' ? args() : args));
    expect(failed).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(await runsKept()).toEqual([]);
  });

  it('is also where nothing can be written', async () => {
    const file = put('file.txt', 'a file');
    for (const out of [file, join(file, 'deeper'), '/proc/outpost']) {
      const failed = await run('train', '--data', at('none.csv'), '--out', out);
      expect(failed).toMatchObject({ code: 2, err: expect.stringContaining(`${out} cannot be used: it`) });
    }
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });
});

describe('a cut that leaves one side empty', () => {
  it.each(['2000-01-01', '2099-01-01'])('is refused with the first and the last day: %s', async (cut) => {
    const data = ['--data', at('cases.csv'), '--cut', cut];
    const trained = await run('train', ...data, '--out', at('no-side'));
    const days = /leaves no case to \w+( by| from): the cases were received from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\./;
    expect(trained).toMatchObject({ code: 2, out: '', err: expect.stringMatching(days) });
    expect(existsSync(at('no-side'))).toBe(false);
    expect(await runsKept()).toEqual([]);
    const built = await run('dataset', 'build', ...data, '--out', at('no-side.snapshot'));
    expect(built).toMatchObject({ code: 2, err: expect.stringMatching(days) });
  });
});

describe('the list of runs', () => {
  const inPlace = (...args: string[]) => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('listed') });
  const ids = async (...args: string[]): Promise<string[]> =>
    (JSON.parse((await inPlace('runs', 'list', '--json', ...args)).out) as { id: string }[]).map(({ id }) => id);

  it('names data, rows, parents and members of a search within 100 columns, and is filtered by figures', async () => {
    const name = 'a rather long name of a file of complaints that came from three offices.csv';
    // References of the simulator would mark what is made of the file as simulated.
    writeFileSync(at(name), readFileSync(at('cases.csv'), 'utf8').replaceAll('SIM-', 'C-'));
    await inPlace('train', '--data', at('cases.csv'), '--simulated', '--out', at('list-1'));
    const space = put('small.json', { trainer: ['logistic'], params: { l2: { log: [5000, 9000] } } });
    const note = 'a note that goes on and on, '.repeat(6);
    const search = ['--search', space, '--budget', '2', '--note', note];
    expect(await inPlace('train', '--data', at(name), ...search, '--out', at('list-2'))).toMatchObject({ code: 0 });
    const { out } = await inPlace('runs', 'list');
    const lines = out.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(lines[0]).toMatch(/^run +when \(UTC\) +what +data +rows +AUC +log loss +missed +accused$/);
    expect(out).toMatch(/^\w{8}  2026-11-01 00:00  logistic +cases\.csv +400 /m);
    expect(out).toMatch(/ search logistic +a rather lon.*… +400/);
    const all: { id: string; kind: string; data: string; figures: Record<string, { value: number }> }[] = JSON.parse(
      (await inPlace('runs', 'list', '--json')).out,
    );
    expect(all.map((run) => run.data)).toEqual([name, name, name, name, 'cases.csv']);
    const parent = all.find((run) => run.kind === 'search')!;
    expect(out).toContain(`settings from ${parent.id.slice(-8)}`);
    expect(out.match(new RegExp(`trial of ${parent.id.slice(-8)}`, 'g'))).toHaveLength(2);
    expect(out).toContain('3 runs under it');
    const first = all.at(-1)!;
    expect(await ids('--data', 'CASES.csv')).toEqual([first.id]);
    expect(await ids('--simulated')).toEqual([first.id]);
    expect(await ids('--no-simulated')).toHaveLength(4);
    const limit = String(first.figures['log_loss']!.value);
    const withIt = all.filter((run) => run.figures['log_loss']?.value === Number(limit)).map((run) => run.id);
    expect(withIt.length).toBeLessThan(4);
    expect(await ids('--max', `log_loss=${limit}`, '--min', `log_loss=${limit}`)).toEqual(withIt);
    expect(await ids('--min', 'auc=0.5', '--max', `log_loss=${limit}`)).toContain(first.id);
    expect(await inPlace('runs', 'list', '--min', 'beauty=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('auc'),
    });
    expect(await inPlace('runs', 'list', '--min', 'auc')).toMatchObject({
      code: 2,
      err: expect.stringContaining('auc=0.8'),
    });
    expect((await inPlace('runs', 'show', first.id)).out).toMatch(/^data +cases\.csv$/m);
  });
});

describe('registry trainers', () => {
  it('lists every parameter with its range, meaning and source, and the default that a trainer takes', async () => {
    const { code, out } = await run('trainers', '--json');
    expect(code).toBe(0);
    const listed: { name: string; parameters: { name: string; default: unknown }[] }[] = JSON.parse(out).trainers;
    expect(listed.map((t) => t.name)).toEqual(['logistic', 'boosting']);
    for (const [i, trainer] of trainers.entries()) {
      const { parameters } = listed[i]!;
      const defaults = trainer.params.parse({}) as Record<string, unknown>;
      const own = parameters.filter((p) => !p.name.includes('.'));
      expect(Object.fromEntries(own.map((p) => [p.name, p.default]))).toEqual(defaults);
      for (const { meaning, source, range } of parametersOf(trainer.params))
        expect([meaning, source, range].map((text) => english.say(inTurn([text])))).not.toContainEqual(
          expect.stringMatching(/^(anything)?$/),
        );
    }
    const one = await run('trainers', 'boosting');
    expect(one.out).toContain('  maxDepth: a whole number from 1 to 64; default 6\n');
    expect(one.out).not.toContain('l2:');
    expect(await run('trainers', 'forest')).toMatchObject({
      code: 2,
      err: expect.stringContaining('logistic, boosting'),
    });
  });
});

describe('a folder that holds a model', () => {
  const train = (...args: string[]) =>
    run('train', '--data', at('cases.csv'), '--simulated', '--out', at('model'), ...args);

  it('is written over by the same training only, unless it is forced', async () => {
    expect(await train()).toMatchObject({ code: 0 });
    const bytes = readFileSync(at('model/model.onnx'));
    expect(await train('--name', 'The same by another name')).toMatchObject({ code: 0 });
    expect(readFileSync(at('model/model.onnx'))).toEqual(bytes);
    const kept = (await runsKept()).length;
    const refused = await train('--l2', '30');
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringContaining('holds the model The same by another name'),
    });
    expect(refused.err).toContain('--force');
    expect(await runsKept()).toHaveLength(kept);
    expect(readFileSync(at('model/model.onnx'))).toEqual(bytes);
    expect(await train('--l2', '30', '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(at('model/model.onnx'))).not.toEqual(bytes);
    expect(readdirSync(at('model')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is not written over by a model from elsewhere', async () => {
    const theirs = at('theirs.onnx');
    writeFileSync(theirs, readFileSync(at('model/model.onnx')));
    const take = (...args: string[]) =>
      run('import-model', '--model', theirs, '--data', at('cases.csv'), '--out', at('imported'), ...args);
    expect(await take()).toMatchObject({ code: 0 });
    expect(await take()).toMatchObject({ code: 0 });
    expect(await train('--out', at('other'), '--l2', '300')).toMatchObject({ code: 0 });
    writeFileSync(theirs, readFileSync(at('other/model.onnx')));
    expect(await take()).toMatchObject({
      code: 2,
      err: expect.stringMatching(/imported holds the model theirs.*--force/),
    });
    expect(await take('--force')).toMatchObject({ code: 0 });
  });

  it('that is unknown is left alone too', async () => {
    mkdirSync(at('unknown'));
    writeFileSync(at('unknown/model.onnx'), 'something');
    const refused = await train('--out', at('unknown'));
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringContaining('model.onnx of an unknown model'),
    });
    expect(readFileSync(at('unknown/model.onnx'), 'utf8')).toBe('something');
  });
});

describe('the report of a training', () => {
  it.each([
    [[], /set such that at most 2\.2 % of scams fall below and at most 4 % of genuine providers reach the upper/],
    [['--costs', '10,5,1'], /set such that they cost least there, where a missed scam costs 10, .* 5 and a visit 1/],
    [['--recall', '0.7', '--unclear', '0.3'], /at least 70 % of scams are called scam and at most 30 % of cases left/],
  ])('says what its thresholds were set by: %j', async (args, sentence) => {
    const out = mkdtempSync(join(folder, 'thresholds-'));
    expect((await run('train', '--data', at('cases.csv'), ...args, '--out', out)).out).toMatch(sentence);
  });
});

describe('interrupting a training', () => {
  it('ends with exit code 130, keeps the run as cancelled and leaves no file', async () => {
    const before = (await runsKept()).length;
    const stopped = await anyCommand(
      ['train', '--data', at('cases.csv'), '--trainer', 'boosting', '--out', at('stopped')],
      { OUTPOST_RUNS_FOLDER: at('runs') },
      /complaints/,
    );
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(/Training was cancelled\. Nothing was written to .*kept as cancelled/);
    const runs = await runsKept();
    expect(runs).toHaveLength(before + 1);
    expect(runs[0]).toMatchObject({ status: 'cancelled', kind: 'training' });
    expect(existsSync(at('stopped'))).toBe(false);
  });

  it('keeps the trials of a search', async () => {
    const space = put('wide.json', { trainer: ['boosting'], params: { maxDepth: { int: [2, 9] } } });
    const stopped = await anyCommand(
      ['train', '--data', at('cases.csv'), '--search', space, '--out', at('stopped')],
      { OUTPOST_RUNS_FOLDER: at('runs') },
      /complaints/,
    );
    expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining('Its trials are kept.') });
    expect((await runsKept()).find((one) => one.kind === 'search')).toMatchObject({ status: 'cancelled' });
    expect(existsSync(at('stopped'))).toBe(false);
  });
});
