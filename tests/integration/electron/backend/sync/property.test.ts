import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importUp, makeEnrolmentFile } from '../../../../../registry/laptops/courier.ts';
import { inviteDevice } from '../../../../../registry/laptops/offices.ts';
import { testRegistry, type TestRegistry } from '../../../../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../../../../support/sync-laptop.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
});
afterAll(() => registry.close());

/** What may happen on the way; numbers choose among the sticks that lie around. */
type Happening =
  | { what: 'case' | 'sync' | 'request lost' | 'answer lost' | 'make stick' }
  | { what: 'stick to registry' | 'stick to laptop'; which: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Happening>({ what: 'case' }) },
  fc.constantFrom<Happening>(
    { what: 'sync' },
    { what: 'request lost' },
    { what: 'answer lost' },
    { what: 'make stick' },
  ),
  fc.record({ what: fc.constantFrom('stick to registry' as const, 'stick to laptop' as const), which: fc.nat(20) }),
);

const lost = (): never => {
  throw new TypeError('fetch failed');
};

async function play(
  laptop: SyncLaptop,
  one: Happening,
  sticks: { up: Uint8Array[]; down: Uint8Array[] },
): Promise<void> {
  switch (one.what) {
    case 'case':
      laptop.addCase();
      return;
    case 'sync':
    case 'request lost':
    case 'answer lost':
      laptop.network = async (input, init) => {
        if (one.what === 'request lost') return lost();
        const response = await fetch(input, init);
        return one.what === 'answer lost' ? lost() : response;
      };
      await laptop.sync.now();
      return;
    case 'make stick':
      sticks.up.push(await laptop.carry());
      return;
    case 'stick to registry': {
      const stick = sticks.up[one.which % Math.max(1, sticks.up.length)];
      if (stick !== undefined) sticks.down.push((await importUp(registry.context, stick)).bytes);
      return;
    }
    case 'stick to laptop': {
      const stick = sticks.down[one.which % Math.max(1, sticks.down.length)];
      if (stick !== undefined) await laptop.take(stick);
      return;
    }
    default:
      return;
  }
}

async function texts(log: string): Promise<string[]> {
  const rows = await registry.context.db
    .selectFrom('log_events')
    .select('text')
    .where('log', '=', log)
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.text);
}

it('whatever is lost, repeated or comes late by stick and network: the registry ends with the log of the laptop', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (story) => {
      const laptop = await syncLaptop(registry.clock);
      try {
        const { code } = await inviteDevice(registry.context, { office: 'North office', address: registry.url });
        laptop.network = lost;
        await laptop.sync.enrol({ file: await laptop.put(await makeEnrolmentFile(registry.context, code)) });
        const sticks = { up: [], down: [] };
        for (const one of story) {
          const before = laptop.log().receipted();
          await play(laptop, one, sticks);
          expect(laptop.log().receipted()).toBeGreaterThanOrEqual(before);
          // what has a receipt is stored at the registry, byte for byte
          const own = laptop
            .log()
            .read(0, 1000)
            .map(({ text }) => text);
          const stored = await texts(laptop.log().id);
          expect(stored).toEqual(own.slice(0, stored.length));
          expect(stored.length).toBeGreaterThanOrEqual(laptop.log().receipted());
        }
        laptop.network = fetch;
        await play(laptop, { what: 'make stick' }, sticks);
        await play(laptop, { what: 'stick to registry', which: sticks.up.length - 1 }, sticks);
        await play(laptop, { what: 'stick to laptop', which: sticks.down.length - 1 }, sticks);
        expect(laptop.sync.status()).toMatchObject({ enrolled: true, waiting: 0 });
        expect(await texts(laptop.log().id)).toEqual(
          laptop
            .log()
            .read(0, 1000)
            .map(({ text }) => text),
        );
      } finally {
        await laptop.close();
      }
    }),
    { numRuns: 20 },
  );
});
