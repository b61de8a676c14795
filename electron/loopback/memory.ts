import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeAtomic } from '../../platform/files.ts';
import type { HostMemory } from './host.ts';

const file = 'windows.json';

/** Windows that were left open find a host again within this time; then they have to be opened afresh. */
const rememberedMs = 12 * 60 * 60_000;

const memorySchema = z.strictObject({
  instance: z.string().regex(/^[0-9a-f]{16}$/),
  port: z.int().min(1).max(65_535),
  sessions: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(100),
  at: z.int(),
});

/** What the host before this one left in the data folder; null when there is none, it is old or cannot be understood. */
export function readMemory(dataDir: string, now: number): HostMemory | null {
  const text = readIfThere(join(dataDir, file));
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // worth nothing but convenience: windows have to be opened afresh
  }
  const parsed = memorySchema.safeParse(value);
  if (!parsed.success || now < parsed.data.at || now - parsed.data.at > rememberedMs) return null;
  const { at: _at, ...memory } = parsed.data;
  return memory;
}

/** Leaves what the next host needs to know, readable by its owner only. */
export function writeMemory(dataDir: string, memory: HostMemory, now: number): void {
  writeAtomic(join(dataDir, file), JSON.stringify({ ...memory, at: now }), 0o600);
}

/** Forgets the windows: they were closed by their people. */
export function forgetWindows(dataDir: string): void {
  rmSync(join(dataDir, file), { force: true });
}
