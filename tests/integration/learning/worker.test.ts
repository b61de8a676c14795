import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labelledRow } from '../../../learning/bundled.ts';
import { datasetOf } from '../../../learning/dataset/dataset.ts';
import {
  crossValidateInWorker,
  startThreads,
  threadsFor,
  trainInWorker,
} from '../../../learning/train/train-in-worker.ts';
import { defaultSettings, type TrainSettings } from '../../../learning/train/settings.ts';
import { simulateCases } from '../../../learning/simulate/index.ts';
import { trainRun } from '../../../learning/train/train.ts';
import { complaintsSchema } from '../../../shared/encoding/complaints.ts';

const cases = Array.from(simulateCases({ cases: 1500, seed: 8, from: '2026-06-01', days: 90 }), labelledRow);
const dataset = datasetOf(complaintsSchema, cases);
const settings: TrainSettings = {
  ...defaultSettings,
  seed: 4,
  name: 'Test',
  created: '2026-09-01T00:00:00.000Z',
  expires: '2027-09-01',
  codeVersion: 'test',
  simulated: true,
};

const auto: TrainSettings = {
  ...settings,
  trainer: 'auto',
  params: { boosting: { rounds: 8 } },
  split: { by: 'time', cut: null, share: 0.25 },
  refit: true,
};

/** Threads of this process, as the system counts them. */
function threadsNow(): number {
  return readdirSync('/proc/self/task').length;
}

describe('training in several threads', () => {
  it('gives the same bytes whatever their number, for one trainer and for a choice', async () => {
    for (const given of [{ ...auto, trainer: 'boosting', params: { rounds: 8 } } as const, auto]) {
      const here = trainRun(dataset, given);
      for (const threads of [2, 4]) {
        const { model, manifest, metrics } = await trainInWorker(dataset, given, { threads });
        expect(Buffer.compare(model, here.model)).toBe(0);
        expect(manifest).toEqual(here.manifest);
        expect(metrics).toEqual(here.metrics);
      }
    }
  });

  it('may begin before there is anything to do, and end without', { skip: process.platform !== 'linux' }, async () => {
    const here = trainRun(dataset, settings);
    const { model, metrics } = await trainInWorker(dataset, settings, { started: startThreads(2) });
    expect(Buffer.compare(model, here.model)).toBe(0);
    expect(metrics).toEqual(here.metrics);
    const before = threadsNow();
    await startThreads(3).end();
    expect(threadsNow()).toBeLessThanOrEqual(before);
  });

  it('cross-validates to the same losses', async () => {
    const one = await crossValidateInWorker(dataset, auto, { threads: 1 });
    expect(await crossValidateInWorker(dataset, auto, { threads: 3 })).toEqual(one);
  });

  it('says how far it is, and never goes back', async () => {
    const shares: number[] = [];
    await trainInWorker(dataset, auto, { threads: 3, onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(20);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('stops when it is asked to, and leaves no thread behind', { skip: process.platform !== 'linux' }, async () => {
    await trainInWorker(dataset, auto, { threads: 3 });
    const before = threadsNow();
    const stop = new AbortController();
    const long = { ...auto, params: { boosting: { rounds: 5000, earlyStopping: null } } };
    const running = trainInWorker(dataset, long, {
      threads: 3,
      signal: stop.signal,
      onProgress: (share) => share > 0.01 && stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(threadsNow()).toBeLessThanOrEqual(before);
  });

  it('says what is wrong as one thread does', async () => {
    const wrong = { ...auto, params: { boosting: { monotone: { nowhere: 1 } } } };
    const one = await trainInWorker(dataset, wrong, { threads: 1 }).catch((error: unknown) => error);
    await expect(trainInWorker(dataset, wrong, { threads: 3 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: (one as Error).message,
    });
  });

  it('says where a mistake of the program came about, in whichever thread', async () => {
    // A column whose values are missing is what no reader ever makes.
    const [first, ...others] = dataset.frame.columns;
    const columns = [{ ...first!, values: undefined } as unknown as (typeof others)[number], ...others];
    const broken = { ...dataset, frame: { ...dataset.frame, columns } };
    for (const threads of [1, 3]) {
      const error: any = await trainInWorker(broken, auto, { threads }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'INTERNAL',
        message: expect.stringMatching(/^Training ended because of a mistake in Outpost \(TypeError: .* at .*\.ts:\d+/),
        cause: { name: 'TypeError', stack: expect.stringMatching(/\/learning\/.*\.ts:\d+/) },
      });
      expect(error.message).toContain('nothing that was there before was changed');
    }
  });

  it('takes a thread for every ten thousand rows, at most one for each fit and core', () => {
    expect([0, 9_999, 20_000, 1e6].map((rows) => threadsFor(rows, 4))).toEqual([1, 1, 2, 4]);
    expect(threadsFor(1e6, 64)).toBe(6);
  });
});

describe('training in a thread of its own', () => {
  it('gives the same bytes as without one, and says how far it is', async () => {
    const shares: number[] = [];
    const apart = await trainInWorker(dataset, settings, { onProgress: (share) => shares.push(share) });
    const here = trainRun(dataset, settings);
    expect(Buffer.compare(apart.model, here.model)).toBe(0);
    expect(apart.manifest).toEqual(here.manifest);
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('leaves this thread free to do other things', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await trainInWorker(dataset, settings);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const running = trainInWorker(dataset, settings, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(trainInWorker(dataset, settings, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('says what is wrong with the rows, as without a thread', async () => {
    const scams = datasetOf(
      complaintsSchema,
      cases.filter((row) => row.label === 1),
    );
    await expect(trainInWorker(scams, settings)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('only one of them is there'),
    });
  });
});
