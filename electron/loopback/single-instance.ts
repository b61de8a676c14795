import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../platform/files.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';

const FILE = 'running.json';
const ASK_TIMEOUT_MS = 5_000;

const runningSchema = z.strictObject({
  instance: z.string().regex(/^[0-9a-f]{16}$/),
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  secret: z.string().min(20),
});
const answerSchema = z.strictObject({ address: z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ }) });

/** What a running host leaves in its data folder, readable by its owner only, for the next start. */
export type Running = z.infer<typeof runningSchema>;

/** Writes the note of a running host. It is renamed into place, so that nobody reads half of it. */
export async function writeRunning(dataDir: string, running: Running): Promise<void> {
  writeAtomic(join(dataDir, FILE), JSON.stringify(running), 0o600);
}

/** Reads the note of a running host; null when there is none or it cannot be understood. */
export async function readRunning(dataDir: string): Promise<Running | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new OutpostError('INTERNAL', sentence('host.running_note_unreadable', { dataDir }), { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // Left by a crash of the machine: as good as no note, the lock on the folder decides.
  }
  return runningSchema.safeParse(value).data ?? null;
}

/** Removes the note if it is still the one of this instance. */
export async function removeRunning(dataDir: string, instance: string): Promise<void> {
  const running = await readRunning(dataDir);
  if (running?.instance === instance) await rm(join(dataDir, FILE), { force: true });
}

/**
 * Asks a running host for a fresh address. Null when nobody answers there or somebody else does, for instance after a
 * crash when another program got the port.
 */
export async function askRunning(running: Running, fetch: typeof globalThis.fetch): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${running.port}/control`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.secret}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    if (!response.ok) return null;
    return answerSchema.safeParse(await response.json()).data?.address ?? null;
  } catch {
    return null; // Refused, timed out or no JSON: whoever listens there is not the host of this folder.
  }
}
