import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlobStore } from '../../../../platform/blobs/blob-store.ts';
import { memoryBlobs } from '../../../support/memory-blobs.ts';
import { pushToy, releaseToy } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

const reads = { count: 0 };
const blobs = memoryBlobs();
/** Blobs as they are, but each time one is read is counted. */
const counting: BlobStore = {
  ...blobs,
  get: (...given) => {
    reads.count += 1;
    return blobs.get(...given);
  },
};

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry({ blobs: counting });
});
afterAll(() => registry.close());

async function list(): Promise<{ versions: number[]; signatures: number[]; reads: number }> {
  reads.count = 0;
  const proposals = await registry.client(registry.tokens.viewer).admin.proposals({});
  return {
    versions: proposals.map(({ manifest }) => manifest.model.version),
    signatures: proposals.map((one) => one.signatures.length),
    reads: reads.count,
  };
}

test('a list of many proposals reads the release files as often as a list of one', async () => {
  await releaseToy(registry, 1);
  const one = await list();
  expect(one).toMatchObject({ versions: [1], signatures: [2] });
  expect(one.reads).toBeGreaterThan(0);
  for (const version of [2, 3, 4]) {
    registry.clock.advance(1000);
    await pushToy(registry, version);
  }
  expect(await list()).toEqual({ versions: [4, 3, 2, 1], signatures: [0, 0, 0, 2], reads: one.reads });
});
