import { releaseToy } from './releases.ts';
import type { TestRegistry } from './registry.ts';

/** Points all offices of a registry to a release. */
export async function pointTo(registry: TestRegistry, release: string): Promise<void> {
  await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
}

/** Releases a toy model of this version, points all offices to it and gives the release. */
export async function rollOutToy(registry: TestRegistry, version: number, minimum?: number): Promise<string> {
  const { release } = await releaseToy(registry, version, minimum);
  await pointTo(registry, release);
  return release;
}
