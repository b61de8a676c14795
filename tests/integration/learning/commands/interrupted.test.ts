import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const top = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-interrupted-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

/** Bytes written beside the place of a file that is not complete yet. */
function underWay(): number {
  const parts = readdirSync(folder).filter((name) => /\.(?:tmp|part)$/.test(name));
  return parts.reduce((sum, name) => sum + statSync(at(name)).size, 0);
}

/**
 * Runs a program and sends a signal once it writes, to every process the program started, as a terminal does on Ctrl+C
 * (SIGINT) or when it is closed (SIGHUP).
 * Answers its exit code and what it printed.
 */
async function interrupted(
  program: string,
  args: readonly string[],
  signal: NodeJS.Signals,
): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [join(top, program), ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  while (underWay() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
  process.kill(-child.pid!, signal);
  return { code: await ended, err };
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a command that gets %s while it writes', (signal) => {
  it('says so, ends with 130 and leaves nothing behind: outpost score', async () => {
    const [head, ...rows] = readFileSync(join(top, 'models/demo-cases.csv'), 'utf8').trimEnd().split('\n');
    const many = Array.from({ length: 20_000 }, (_, i) => rows[i % rows.length]);
    writeFileSync(at('many.csv'), [head, ...many].join('\n'));
    const done = await interrupted('electron/cli.ts', ['score', at('many.csv'), '--out', at('scored.csv')], signal);
    expect(done).toEqual({ code: 130, err: 'outpost: Interrupted. No file was written.\n' });
    expect(readdirSync(folder)).toEqual(['many.csv']);
  });

  it('says so, ends with 130 and leaves nothing behind: learn simulate', async () => {
    const options = ['--cases', '2000000', '--seed', '1', '--out', at('cases.csv')];
    const { code, err } = await interrupted('learning/cli.ts', ['simulate', ...options], signal);
    expect({ code, err }).toEqual({
      code: 130,
      err: `Cancelled while cases were made. Nothing was written to ${at('cases.csv')}.\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
