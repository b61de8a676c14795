import { describe, expect, it } from 'vitest';
import { labelledRow } from '../../registry/learning/bundled.ts';
import { datasetOf } from '../../registry/learning/dataset.ts';
import { trainInWorker } from '../../registry/learning/in-worker.ts';
import { defaultSettings, type TrainSettings } from '../../registry/learning/settings.ts';
import { simulateCases } from '../../registry/learning/simulate/index.ts';
import { trainRun } from '../../registry/learning/train.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';

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
