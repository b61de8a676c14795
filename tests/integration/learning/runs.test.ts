import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRunsFolder, inRuns, openRuns, type OpenRuns } from '../../../learning/commands/open-runs.ts';
import { datasetBuilder, datasetOf, recordOf, type Dataset } from '../../../learning/dataset/dataset.ts';
import { parseSpace } from '../../../learning/search/search-space.ts';
import { currentMethod, defaultSettings, type TrainSettings } from '../../../learning/train/settings.ts';
import { simulateCases } from '../../../learning/simulate/index.ts';
import { trainRun } from '../../../learning/train/train.ts';
import { logisticTrainer } from '../../../learning/trainers/logistic/index.ts';
import { migrate } from '../../../registry/storage/migrations/index.ts';
import { compareRuns } from '../../../learning/runs/compare.ts';
import { recordRun, recordTraining } from '../../../learning/runs/record.ts';
import { reproduceRun, type RetrainFrom } from '../../../learning/runs/reproduce.ts';
import { retrainWith } from '../../../learning/runs/retrain-from.ts';
import { artefactNames, shortId, type Run } from '../../../learning/runs/run.ts';
import { recordSearch } from '../../../learning/runs/search.ts';
import { findRun, listRuns, noteRun, runOfModel } from '../../../learning/runs/store.ts';
import { openPostgres } from '../../../platform/database.ts';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';
import { foreign, OutpostError } from '../../../shared/errors/index.ts';
import { anyCommand } from '../../support/commands.ts';
import { startPostgres } from '../../support/postgres.ts';
import { testRegistry } from '../../support/registry.ts';
import { saying } from '../../support/saying.ts';
import { folderBlobs } from '../../../platform/blobs/folder-blobs.ts';

let folder: string;
let runs: OpenRuns;
let now = 0;

const io = { env: {}, clock: { now: () => (now += 1000) } } as unknown as Parameters<typeof openRuns>[0];

beforeEach(async () => {
  now = Date.parse('2026-03-01T00:00:00Z');
  folder = mkdtempSync(join(tmpdir(), 'outpost-runs-'));
  runs = await openRuns(io, { runs: folder });
});
afterEach(async () => {
  await runs.close();
  rmSync(folder, { recursive: true, force: true });
});

function dataset(seed = 5): Dataset {
  const cases = simulateCases({ cases: 300, seed, from: '2026-01-01', days: 60 });
  const rows = [...cases].map(({ facts, truth, received, incident }) => ({ facts, label: truth, received, incident }));
  return datasetOf(complaintsSchema, rows);
}

const settings: TrainSettings = {
  ...defaultSettings,
  seed: 4,
  split: { by: 'time', cut: '2026-02-10', share: 0.25 },
  name: 'A test',
  created: '2026-03-01T00:00:00.000Z',
  expires: '2027-03-01',
  codeVersion: 'test',
  simulated: true,
};

/** A dataset as bytes, for what is about runs alone. */
function snapshotOf(data: Dataset): Uint8Array {
  return Buffer.from(JSON.stringify(Array.from({ length: data.frame.rows }, (_, i) => recordOf(data, i))));
}
const retrainFrom = retrainWith((bytes) => {
  const builder = datasetBuilder(complaintsSchema);
  const rows = JSON.parse(Buffer.from(bytes).toString('utf8'), (_, v) => (v === null ? undefined : v));
  for (const row of rows) {
    const encoded = Object.fromEntries(
      complaintsSchema.attributes.filter((a) => a.shareable).map((a) => [a.name, row.encoded[a.name] ?? NaN]),
    );
    builder.addEncoded({ ...row, encoded });
  }
  return builder.build();
});

async function train(changed: Partial<TrainSettings> = {}, data = dataset()): Promise<string> {
  const order = { dataset: data, settings: { ...settings, ...changed }, snapshot: () => snapshotOf(data) };
  return (await recordTraining(runs, order, trainRun)).run;
}

const blank = { kind: 'training', trainer: 'logistic', params: {}, seed: 1, dataset: 'ab', codeVersion: '1' } as const;

function command(...args: string[]): ReturnType<typeof anyCommand> {
  return anyCommand(['runs', ...args, '--runs', folder]);
}

describe('a training', () => {
  it('is kept with all its settings, what came of it, its files and its times', async () => {
    const run = await findRun(runs.db, await train({ params: { l2: 3 } }));
    expect(run).toMatchObject({
      parent: null,
      kind: 'training',
      trainer: 'logistic',
      params: { l2: 3 },
      settings: { split: { by: 'time', cut: '2026-02-10' }, refit: false, name: 'A test' },
      seed: 4,
      rows: 300,
      codeVersion: 'test',
      status: 'done',
      simulated: true,
    });
    expect(run.figures['log_loss']).toMatchObject({ value: expect.any(Number), low: expect.any(Number) });
    expect(run.metrics).toMatchObject({ basis: 'held_out', train: { rows: expect.any(Number) } });
    expect(Object.keys(run.artefacts).toSorted()).toEqual([
      'dataset',
      'manifest.json',
      'metrics.json',
      'model-card.md',
      'model.onnx',
    ]);
    expect(run.timings).toMatchObject({ train: expect.any(Number), snapshot: 1000, total: expect.any(Number) });
  });

  it('keeps the same rows once', async () => {
    const first = await findRun(runs.db, await train());
    const data = dataset();
    const other = () => Buffer.from('the same rows, otherwise written');
    const { run } = await recordTraining(runs, { dataset: data, settings, snapshot: other }, trainRun);
    const second = await findRun(runs.db, run);
    expect(second.artefacts['dataset']).toEqual(first.artefacts['dataset']);
    expect(second.artefacts['model.onnx']).toEqual(first.artefacts['model.onnx']);
  });

  it('that fails or is cancelled stays, with the reason', async () => {
    const few = { dataset: dataset(), settings: { ...settings, params: { depth: 2 } } };
    await expect(recordTraining(runs, few, trainRun)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const stop = (): never => {
      throw new OutpostError('CANCELLED', foreign('Training was cancelled.'));
    };
    await expect(recordTraining(runs, { dataset: dataset(), settings }, stop)).rejects.toThrow(saying(/cancelled/));
    const [cancelled, failed] = await listRuns(runs.db);
    expect(failed).toMatchObject({ status: 'failed', reason: saying(/depth/), artefacts: {} });
    expect(cancelled).toMatchObject({ status: 'cancelled', reason: saying('Training was cancelled.') });
    const { out } = await command('list');
    expect(out).toMatch(/cancelled: Training was cancelled\..*simulated cases/);
  });

  it('is seen while it goes on', async () => {
    await recordRun(runs, { ...blank, simulated: false }, async ({ id }) => {
      expect(await findRun(runs.db, id)).toMatchObject({ status: 'running' });
      return { outcome: {}, value: null };
    });
    expect(await listRuns(runs.db, { status: 'done' })).toHaveLength(1);
  });
});

describe('runs', () => {
  it('are listed by trainer, dataset, day, status and figure', async () => {
    const [a, b] = [await train(), await train({ params: { l2: 1000 } })];
    now = Date.parse('2026-04-01T00:00:00Z');
    const c = await train({}, dataset(6));
    const ids = async (...args: string[]): Promise<string[]> => {
      const { code, out } = await command('list', '--json', ...args);
      expect(code).toBe(0);
      return (JSON.parse(out) as { id: string }[]).map((run) => run.id);
    };
    expect(await ids()).toEqual([c, b, a]);
    expect(await ids('--limit', '1')).toEqual([c]);
    expect(await ids('--since', '2026-04-01')).toEqual([c]);
    expect(await ids('--trainer', 'boosting')).toEqual([]);
    expect(await ids('--status', 'failed')).toEqual([]);
    const { dataset: hash, figures } = await findRun(runs.db, c);
    expect(await ids('--dataset', hash.slice(0, 9).toUpperCase())).toEqual([c]);
    const byLoss = await ids('--sort', 'log_loss');
    expect(byLoss.indexOf(a)).toBeLessThan(byLoss.indexOf(b));
    const byAuc = (await Promise.all((await ids('--sort', 'auc')).map((id) => findRun(runs.db, id)))).map(
      (run) => run.figures['auc']!.value,
    );
    expect(byAuc).toEqual(byAuc.toSorted((x, y) => y - x));
    const table = await command('list', '--dataset', hash);
    expect(table.out).toMatch(new RegExp(`${shortId(c)}  2026-04-01 00:00  logistic +300 `));
    expect(table.out).toContain(figures['auc']!.value.toFixed(4));
    expect(await command('list', '--sort', 'beauty')).toMatchObject({ code: 2, err: expect.stringMatching(/auc/) });
    expect(await command('list', '--dataset', 'xyz')).toMatchObject({ code: 2 });
    expect(await command('list', '--status', 'good')).toMatchObject({ code: 2 });
  });

  it('are named by the end of their id, or by any part only one has', async () => {
    const [a, b] = [await train(), await train()];
    for (const part of [a, shortId(a), a.slice(-4), shortId(a).toUpperCase(), a.slice(4, -6)])
      expect((await findRun(runs.db, part)).id).toBe(a);
    const both = await command('show', a.slice(0, 6));
    expect(both).toMatchObject({ code: 2, out: '' });
    expect(both.err).toContain(shortId(a));
    expect(both.err).toContain(shortId(b));
    expect(await command('show', 'ffffffffffff')).toMatchObject({ code: 2, err: expect.stringMatching(/no run/) });
    expect(await command('show', "' or 1=1")).toMatchObject({ code: 2 });
  });

  it('are shown whole', async () => {
    const id = await train();
    const { out, code } = await command('show', shortId(id));
    expect(code).toBe(0);
    for (const part of [id, 'simulated cases', 'split', 'auc', 'model.onnx', 'train']) expect(out).toContain(part);
    expect(JSON.parse((await command('show', id, '--json')).out)).toMatchObject({ id, children: [], seed: 4 });
  });

  it('carry notes, added by several at once, which never move a cursor', async () => {
    const id = await train();
    await Promise.all(['first', 'second'].map((text) => noteRun(runs.db, id, text)));
    expect(await command('note', id, 'looks\u001B[2J good')).toMatchObject({ code: 0 });
    expect((await findRun(runs.db, id)).notes.split('\n').toSorted()).toEqual(['first', 'looks [2J good', 'second']);
    expect(await command('note', id, '  ')).toMatchObject({ code: 2 });
    expect(await command('note', id, 'x'.repeat(2001))).toMatchObject({ code: 2 });
  });

  it('are set side by side, and what cannot be compared is named', async () => {
    const [a, b, c] = [await train(), await train({ params: { l2: 50 } }), await train({}, dataset(6))];
    const compared = JSON.parse((await command('compare', a, b, '--json')).out);
    expect(compared).toMatchObject({ sameDataset: true, comparable: true });
    expect(compared.differing).toEqual([{ name: 'params.l2', values: [1, 50] }]);
    const [one, two] = [await findRun(runs.db, a), await findRun(runs.db, b)];
    const auc = compared.figures.find((f: { name: string }) => f.name === 'auc');
    expect(auc.differences).toEqual([0, two.figures['auc']!.value - one.figures['auc']!.value]);
    const text = (await command('compare', shortId(a), shortId(c))).out;
    expect(text).toMatch(/different datasets and were judged on different rows: .*cannot be compared/);
    const otherCut = await train({ split: { by: 'time', cut: '2026-02-15', share: 0.25 } });
    expect((await command('compare', a, otherCut)).out).toMatch(/same dataset and were judged on different rows/);
    expect(await command('compare', a)).toMatchObject({ code: 2 });
    expect(compareRuns([one, { ...two, judgedOn: null }]).comparable).toBeNull();
  });

  it('give their files back', async () => {
    const id = await train();
    const out = join(folder, 'out');
    expect(await command('export', id, '--out', out)).toMatchObject({ code: 0 });
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(statSync(join(out, 'model.onnx')).size).toBe(manifest.model.bytes);
  });
});

describe('making a run again', () => {
  const reproduced = (run: Run, changed: Partial<Run> = {}) =>
    reproduceRun(runs, { ...run, ...changed }, retrainFrom, 'test');

  it('gives the same bytes, and says so', async () => {
    const run = await findRun(runs.db, await train());
    const same = { same: true, model: { same: true }, manifest: { same: true } };
    const sentence = saying(/same bytes/);
    expect(await reproduced(run)).toMatchObject({ ...same, sentence });
  });

  it('says what differs, and which version made it', async () => {
    const run = await findRun(runs.db, await train());
    const other: RetrainFrom = async (bytes, changed) => retrainFrom(bytes, { ...changed, name: 'Another' });
    const again = await reproduceRun(runs, run, other, 'newer');
    expect(again).toMatchObject({ same: false, model: { same: true }, manifest: { same: false } });
    expect(again.sentence).toEqual(saying(/the manifest differs\. It was made by version test; this is version newer/));
  });

  it('understands a run kept before a setting was added', async () => {
    const run = await findRun(runs.db, await train());
    const { refit: _refit, ...older } = run.settings!;
    const { method: _method, ...first } = run.settings!;
    expect(await reproduced(run, { settings: older })).toMatchObject({ same: true });
    const newer = [{ unheard: 1 }, { method: currentMethod + 1 }].map((more) => ({ ...run.settings, ...more }));
    const refused = Promise.allSettled(newer.map((settings) => reproduced(run, { settings })));
    expect(await refused).toMatchObject(newer.map(() => ({ reason: saying(/Use version test/) })));
    // One made another way: only its version gives its bytes.
    const otherWay = saying(/has changed \(1, now \d+\).*from that version only/);
    expect(await reproduced(run, { settings: first })).toMatchObject({ sentence: otherWay });
  });

  it('is refused when dataset, settings or model are not there', async () => {
    const id = await train();
    const run = await findRun(runs.db, id);
    const { sha256 } = run.artefacts['dataset']!;
    const file = join(folder, 'files', sha256.slice(0, 2), sha256);
    writeFileSync(file, 'rubbish');
    expect(await command('reproduce', id)).toMatchObject({ code: 2, err: saying(/dataset is damaged/) });
    rmSync(file);
    expect(await command('reproduce', id)).toMatchObject({ code: 2, err: expect.stringMatching(/dataset is gone/) });
    await expect(reproduced(run, { artefacts: {} })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(reproduced(run, { settings: null })).rejects.toThrow(saying(/not kept/));
    await expect(reproduced(run, { status: 'failed' })).rejects.toThrow(saying(/did not finish/));
    await expect(reproduced(run, { kind: 'search' })).rejects.toThrow(saying(/is a search/));
  });

  it('keeps the snapshot again when its bytes were lost', async () => {
    const run = await findRun(runs.db, await train());
    const { sha256 } = run.artefacts['dataset']!;
    rmSync(join(folder, 'files', sha256.slice(0, 2), sha256));
    await train();
    expect(await reproduced(run)).toMatchObject({ same: true });
  });
});

describe('a search', () => {
  const order = () => ({
    dataset: dataset(),
    settings,
    spaces: parseSpace({ trainer: ['logistic'], params: { l2: { log: [0.01, 100] } } }, [logisticTrainer]),
    budget: { trials: 3, seconds: null },
  });

  it('is a run, and so is each trial under it', async () => {
    const { run, result } = await recordSearch(runs, order(), async ({ index }, tried) => {
      if (index === 1) throw new OutpostError('BAD_INPUT', foreign('too strange'));
      return { logLoss: 0.5 - index / 10, standardError: 0.01, value: tried };
    });
    expect(result.best).toMatchObject({ index: 2, evaluation: { value: { trainer: 'logistic', seed: 4 } } });
    expect(await findRun(runs.db, run)).toMatchObject({ kind: 'search', status: 'done', metrics: { failed: 1 } });
    const trials = (await listRuns(runs.db, { parent: run })).toReversed();
    expect(trials.map((trial) => [trial.kind, trial.status])).toEqual([
      ['trial', 'done'],
      ['trial', 'failed'],
      ['trial', 'done'],
    ]);
    expect(trials[2]!.figures['log_loss']).toMatchObject({ value: 0.3, n: 300 });
    expect(compareRuns([trials[0]!, trials[2]!]).comparable).toBe(true);
    expect((await command('show', run)).out).toMatch(/Runs under it/);
    const { out } = await command('list', '--parent', run, '--sort', 'log_loss', '--json');
    expect(JSON.parse(out)[0].id).toBe(trials[2]!.id);
  });

  it('that is cancelled keeps its trials', async () => {
    let left = 2;
    const { run, result } = await recordSearch(
      runs,
      order(),
      async () => ({ logLoss: 0.5, standardError: 0.01, value: null }),
      { cancelled: () => (left -= 1) < 0 },
    );
    expect(result.ended).toBe('cancelled');
    expect(await findRun(runs.db, run)).toMatchObject({ status: 'cancelled', metrics: { trials: 2 } });
    expect(await listRuns(runs.db, { parent: run })).toHaveLength(2);
  });
});

describe('where runs are kept', () => {
  it.each([
    ['linux', { HOME: '/home/a' }, '/home/a/.local/share/outpost-learning'],
    ['linux', { HOME: '/home/a', XDG_DATA_HOME: '/data' }, '/data/outpost-learning'],
    ['linux', { HOME: '/home/a', XDG_DATA_HOME: 'data' }, '/home/a/.local/share/outpost-learning'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/Outpost Learning'],
    ['win32', { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'C:\\Users\\a\\AppData\\Local\\Outpost Learning'],
    ['win32', { USERPROFILE: 'C:\\Users\\a' }, 'C:\\Users\\a\\AppData\\Local\\Outpost Learning'],
  ] as const)('on %s with %o is the folder of the user', (platform, env, wanted) => {
    expect(defaultRunsFolder({ platform, env })).toBe(wanted);
  });

  it('can be given by option, environment or registry, in this order', async () => {
    const elsewhere = { ...io, env: { OUTPOST_RUNS_FOLDER: join(folder, 'env'), OUTPOST_REGISTRY_FOLDER: '' } };
    const at = (options: Parameters<typeof openRuns>[1], env: Record<string, string>): Promise<string> =>
      inRuns({ ...elsewhere, env }, options, async (place) => place.folder);
    const env = { OUTPOST_RUNS_FOLDER: join(folder, 'env') };
    expect(await at({ runs: join(folder, 'option') }, env)).toBe(join(folder, 'option'));
    expect(await at({}, env)).toBe(join(folder, 'env'));
    expect(await at({}, { XDG_DATA_HOME: folder })).toBe(join(folder, 'outpost-learning'));
    expect(statSync(join(folder, 'outpost-learning')).mode & 0o077).toBe(0);
    await expect(at({}, {})).rejects.toThrow(saying(/--runs DIR/));
    await expect(at({ folder: join(folder, 'none') }, env)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    await expect(at({ runs: join(folder, 'file', 'in') }, env)).rejects.toThrow(saying(/Choose another with --runs/));
  });

  it('serves programs that begin and write at the same time', async () => {
    const shared = join(folder, 'shared');
    const at = (path: string): string => JSON.stringify(new URL(`../../../learning/${path}`, import.meta.url).href);
    const script = `
      import { openRuns } from ${at('commands/open-runs.ts')};
      import { recordRun } from ${at('runs/record.ts')};
      const runs = await openRuns({ env: {}, clock: { now: () => Date.now() } }, { runs: process.argv[1] });
      const start = ${JSON.stringify({ ...blank, simulated: true })};
      for (let i = 0; i < 10; i++)
        await recordRun(runs, start, async () => ({ outcome: { files: { a: 'x'.repeat(i) } }, value: i }));
      await runs.close();`;
    const programs = [0, 1, 2].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script, shared], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const codes = await Promise.all(programs.map(async (program) => (await once(program, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    const all = await inRuns(io, { runs: shared }, ({ db }) => listRuns(db, { status: 'done' }));
    expect(all).toHaveLength(30);
  });

  it('says which run cannot be read when a row was damaged', async () => {
    const id = await train();
    await runs.db.updateTable('runs').set({ figures: '{"auc":{"value":"high"}}' }).where('id', '=', id).execute();
    await expect(listRuns(runs.db)).rejects.toMatchObject({ code: 'BAD_DATABASE', message: expect.stringMatching(id) });
  });

  it('keeps what is no number out of the figures', async () => {
    const outcome = { figures: { auc: { value: NaN, n: 3 }, brier: { value: 0.2, n: 3 } } };
    const { run } = await recordRun(runs, { ...blank, simulated: false }, async () => ({ outcome, value: null }));
    expect(Object.keys((await findRun(runs.db, run)).figures)).toEqual(['brier']);
  });

  it('can be a registry, whose runs are its own', async () => {
    const registry = await testRegistry();
    try {
      const { run } = await recordRun(registry.context, { ...blank, simulated: false }, async () => ({
        outcome: { files: { [artefactNames.model]: 'a model' } },
        value: null,
      }));
      const listed = await anyCommand(['runs', 'list', '--folder', registry.folder, '--json']);
      expect(JSON.parse(listed.out)).toMatchObject([{ id: run }]);
      expect(JSON.parse((await command('list', '--json')).out)).toEqual([]);
      const { sha256 } = (await findRun(registry.context.db, run)).artefacts[artefactNames.model]!;
      expect(await runOfModel(registry.context.db, sha256)).toBe(run);
      expect(await runOfModel(registry.context.db, 'ab'.repeat(32))).toBeNull();
    } finally {
      await registry.close();
    }
  });

  it('can be PostgreSQL, with all that is asked of a run', async () => {
    const postgres = await startPostgres();
    const db = openPostgres(postgres.url);
    try {
      await Promise.all([migrate(db), migrate(db)]);
      const place = { db, blobs: folderBlobs(folder), clock: io.clock };
      const { run } = await recordTraining(
        place,
        { dataset: dataset(), settings, snapshot: () => snapshotOf(dataset()) },
        trainRun,
      );
      await noteRun(db, run, 'first');
      await noteRun(db, run, 'second');
      const found = await findRun(db, shortId(run));
      expect(found).toMatchObject({ id: run, notes: 'first\nsecond', seed: 4, rows: 300, simulated: true });
      expect(await runOfModel(db, found.artefacts[artefactNames.model]!.sha256)).toBe(run);
      expect(await listRuns(db, { status: 'done', since: '2026-03-01', trainer: 'logistic' })).toEqual([found]);
      expect(await reproduceRun(place, found, retrainFrom, 'test')).toMatchObject({ same: true });
    } finally {
      await db.destroy();
      await postgres.stop();
    }
  });
});
