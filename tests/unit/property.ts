import fc from 'fast-check';
import { test as vitestTest } from 'vitest';

export { fc };

/**
 * A property test. fast-check prints seed and path of a counter-example; `OUTPOST_SEED=<seed>` replays a whole run.
 */
export function test<T extends readonly [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => void | Promise<void>,
  runs = 100,
): void {
  const seed = Number(process.env['OUTPOST_SEED'] ?? Date.now() & 0x7fffffff);
  vitestTest(`${name} (seed ${seed})`, async () => {
    const property = fc.asyncProperty(...(arbitraries as unknown as [fc.Arbitrary<unknown>]), async (...values) => {
      await check(...(values as unknown as T));
    });
    await fc.assert(property, { seed, numRuns: runs });
  });
}
