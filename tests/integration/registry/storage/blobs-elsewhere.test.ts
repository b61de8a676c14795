import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importUp } from '../../../../registry/laptops/courier.ts';
import { resignIfDue } from '../../../../registry/releases/resign.ts';
import { memoryBlobs } from '../../../support/memory-blobs.ts';
import { pushToy, releaseToy } from '../../../support/releases.ts';
import { pointTo } from '../../../support/roll-out.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../../../support/sync-laptop.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;
const blobs = memoryBlobs(1);

beforeEach(async () => {
  registry = await testRegistry({ blobs });
  laptop = await syncLaptop(registry.clock);
});
afterEach(async () => {
  await laptop.close();
  await registry.close();
});

const version = (): number | undefined => laptop.session.models.active()?.manifest.model.version;

it('a registry whose blobs are not in its folder approves, releases and serves as any other', async () => {
  const { release } = await releaseToy(registry, 1);
  await laptop.sync.enrol({ code: await registry.invite() });
  await pointTo(registry, release);
  laptop.addCase();
  await laptop.sync.now();
  expect(version()).toBe(1);

  const next = await releaseToy(registry, 2);
  await pointTo(registry, next.release);
  await resignIfDue(registry.context, { always: true });
  await laptop.take((await importUp(registry.context, await laptop.carry())).bytes);
  expect(version()).toBe(2);

  await pushToy(registry, 3);
  expect(await registry.client(registry.tokens.viewer).admin.proposals({})).toHaveLength(3);
  expect(blobs.names().length).toBeGreaterThan(20);
  for (const place of ['files', 'releases']) expect(existsSync(join(registry.folder, place))).toBe(false);
});
