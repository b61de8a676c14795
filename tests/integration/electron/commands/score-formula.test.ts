import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { outpostCommand, learnCommand } from '../../../support/commands.ts';

it('reasons that name a column like a formula are cells that no spreadsheet runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-formula-'));
  try {
    const file = join(folder, 'cases.csv');
    const rows = Array.from({ length: 300 }, (_, i) => `${i % 100},${(i * 37) % 100 < i % 100 ? 1 : 0}`);
    writeFileSync(file, ['"=HYPERLINK(""http"")",y', ...rows].join('\n'));
    const model = join(folder, 'model');
    const trained = await learnCommand(['train', '--data', file, '--out', model], {
      OUTPOST_RUNS_FOLDER: join(folder, 'runs'),
    });
    expect(trained.code, trained.err).toBe(0);
    const scored = await outpostCommand(['score', file, '--model', join(model, 'model.onnx')]);
    const rowsScored: Record<string, string>[] = parse(scored.out, { columns: true });
    const reasons = rowsScored.map((row) => row['reasons']!);
    const named = reasons.filter((text) => text.includes('=HYPERLINK'));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((text) => !text.startsWith("'=HYPERLINK"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
