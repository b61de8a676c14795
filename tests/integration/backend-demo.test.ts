import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seedDemoFromCsv } from '../../electron/backend/demo/index.ts';
import { bundledModelsDir, testBackend } from '../support/backend.ts';

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
