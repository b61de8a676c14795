import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEvents } from '../../registry/store/logs.ts';
import { syncLaptop, type SyncLaptop } from '../support/sync-laptop.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;

beforeEach(async () => {
  registry = await testRegistry();
  laptop = await syncLaptop(registry.clock);
});
afterEach(async () => {
  await laptop.close();
  await registry.close();
});

async function storedSeqs(log: string): Promise<number[]> {
  const rows = await registry.context.db
    .selectFrom('log_events')
    .select('seq')
    .where('log', '=', log)
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.seq);
}

describe('joining and sending over the network', () => {
  it('joins by code, sends everything and moves the pointer by the receipt', async () => {
    await laptop.sync.enrol({ code: await registry.invite('North office') });
    for (let i = 0; i < 3; i += 1) laptop.addCase();
    const status = await laptop.sync.now();
    expect(status).toMatchObject({
      enrolled: true,
      office: 'North office',
      entries: 4,
      receipted: 4,
      waiting: 0,
      lastProblem: null,
      phase: 'idle',
    });
    expect(status.lastReceipt).toMatchObject({ seq: 4, hash: laptop.log().head().hash });
    expect(await storedSeqs(laptop.log().id)).toEqual([1, 2, 3, 4]);
  });

  it('lets nothing private leave', async () => {
    await laptop.sync.enrol({ code: await registry.invite() });
    laptop.addCase('SECRET-REF-1');
    await laptop.sync.now();
    const stored = JSON.stringify(await readEvents(registry.context.db, 0, 100));
    expect(stored).toContain('case.received');
    for (const secret of ['SECRET-REF-1', 'A Person', 'A private story']) expect(stored).not.toContain(secret);
  });
});
