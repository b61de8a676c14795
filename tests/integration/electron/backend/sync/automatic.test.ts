import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { syncLaptop, type SyncLaptop } from '../../../../support/sync-laptop.ts';
import { testRegistry, type TestRegistry } from '../../../../support/registry.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;

beforeEach(async () => {
  registry = await testRegistry();
  laptop = await syncLaptop(registry.clock);
  await laptop.sync.enrol({ code: await registry.invite() });
  laptop.addCase();
  laptop.addCase();
});
afterEach(async () => {
  await laptop.close();
  await registry.close();
});

describe('automatic sync', () => {
  it('sends although the folder of exchange files cannot be swept', async () => {
    rmSync(join(laptop.dir, 'exchange'), { recursive: true, force: true });
    writeFileSync(join(laptop.dir, 'exchange'), 'a file where the folder belongs');
    laptop.sync.start();
    laptop.clock.tick();
    await vi.waitFor(() => expect(laptop.sync.status().waiting).toBe(0), { timeout: 20_000, interval: 5 });
    await vi.waitFor(() => expect(laptop.clock.waiting()).toEqual([5 * 60_000]), { timeout: 20_000, interval: 5 });
  });

  it('leaves a database alone that was closed while old files were being deleted', async () => {
    const failed = vi.spyOn(laptop.context.options.logger, 'error');
    laptop.sync.start();
    laptop.clock.tick();
    // Deleting files is under way: nothing of it has reached the database, and locking does not wait for it.
    await laptop.sync.stop();
    laptop.session.db.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(failed).not.toHaveBeenCalled();
    expect(laptop.clock.waiting()).toEqual([]);
  });

  it('goes on by itself after an attempt that failed in a way nobody thought of', async () => {
    laptop.session.db.pragma('query_only = ON');
    laptop.sync.start();
    laptop.clock.tick();
    await vi.waitFor(() => expect(laptop.clock.waiting().filter((ms) => ms <= 1000)).toHaveLength(1), {
      timeout: 20_000,
      interval: 5,
    });
    laptop.session.db.pragma('query_only = OFF');
    laptop.clock.tick();
    await vi.waitFor(() => expect(laptop.sync.status().waiting).toBe(0), { timeout: 20_000, interval: 5 });
  });

  it('sends soon what was written while the attempt that ended an outage was under way', async () => {
    await registry.goOffline();
    laptop.sync.start();
    laptop.clock.tick();
    // A request under way has a timer too: the pause is set once the problem is noted.
    await vi.waitFor(
      () => {
        expect(laptop.store.lastProblem()?.code).toBe('OFFLINE');
        expect(laptop.clock.waiting().filter((ms) => ms <= 1000)).toHaveLength(1);
      },
      { timeout: 20_000, interval: 5 },
    );
    await registry.goOnline();
    let added = false;
    laptop.network = async (input, init) => {
      const answer = await fetch(input, init);
      // After the entries were read and sent, before the attempt has ended.
      if (!added && laptop.sync.status().phase !== 'sending' && laptop.sync.status().waiting === 0) {
        added = true;
        laptop.addCase();
        laptop.context.live.publish('cases');
      }
      return answer;
    };
    await vi.waitFor(
      () => {
        // The first attempts may still meet the line that is gone.
        if (!added && laptop.sync.status().phase === 'idle') laptop.clock.tick();
        expect(added).toBe(true);
      },
      { timeout: 20_000, interval: 50 },
    );
    await vi.waitFor(() => expect(laptop.clock.waiting()).toEqual([2000]), { timeout: 20_000, interval: 5 });
    expect(laptop.sync.status()).toMatchObject({ phase: 'idle', waiting: 1 });
  });
});
