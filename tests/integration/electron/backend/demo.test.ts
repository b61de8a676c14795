import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seedDemoFromCsv } from '../../../../electron/backend/demo/index.ts';
import { bundledModelsDir, testBackend } from '../../../support/backend.ts';

test('the demo holds simulated cases of the past with scores, outcomes and cases nobody has seen', async () => {
  const opened = await testBackend({ demo: true });
  try {
    const { backend, client } = opened;
    const csv = readFileSync(join(bundledModelsDir, 'demo-cases.csv'), 'utf8').split('\n').slice(0, 121).join('\n');
    const count = await seedDemoFromCsv(backend, csv);
    const page = { search: '', limit: 5000, offset: 0 };
    const open = await client.cases.list({ ...page, show: 'open' });
    const done = await client.cases.list({ ...page, show: 'done' });
    expect(count).toBe(120);
    expect(open.total + done.total).toBe(count);
    expect(open.rows.some((row) => row.group === 'unseen')).toBe(true);
    expect(done.rows.every((row) => row.score !== null && row.received <= '2026-10-05')).toBe(true);
    expect(new Set(done.rows.map((row) => row.person?.name)).size).toBeGreaterThan(1);
  } finally {
    await opened.dispose();
  }
});

// A signal to a process group comes twice: from the terminal and from the starter that passes it on.
test.each(['SIGTERM', 'SIGHUP'] as const)(
  'a demonstration that gets %s while it is being filled leaves no data behind',
  async (signal) => {
    const place = mkdtempSync(join(tmpdir(), 'outpost-stopped-'));
    const child = spawn(process.execPath, ['electron/serve.ts', '--demo', '--keep'], {
      cwd: join(import.meta.dirname, '../../../..'),
      env: { ...process.env, TMPDIR: place },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const exited = once(child, 'exit');
    let again: NodeJS.Timeout | undefined;
    try {
      const made = (): string[] => readdirSync(place).filter((name) => name.startsWith('outpost-demo-'));
      await expect
        .poll(() => made().some((name) => existsSync(join(place, name, 'vault.json'))), { timeout: 20_000 })
        .toBe(true);
      child.kill(signal);
      again = setInterval(() => child.kill(signal), 20);
      await exited; // by itself, or by a signal that came when everything was deleted
      expect(said).not.toContain('OUTPOST_READY');
      expect(made()).toEqual([]);
    } finally {
      clearInterval(again);
      child.kill('SIGKILL');
      rmSync(place, { recursive: true, force: true });
    }
  },
);
