import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCommand, type Printed } from '../../../support/commands.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';

let folder: string;
let registry: TestRegistry;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
const take = (name: string, ...more: string[]): Promise<Printed> =>
  run('dataset', 'import', at(name), '--folder', registry.folder, ...more);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-again-'));
  registry = await testRegistry();
  await run('simulate', '--cases', '300', '--seed', '3', '--out', at('past.csv'));
  await run(
    'simulate',
    '--cases',
    '200',
    '--seed',
    '4',
    '--from',
    '2030-01-01',
    '--days',
    '9',
    '--out',
    at('2030.csv'),
  );
  const [head, ...later] = readFileSync(at('2030.csv'), 'utf8').trimEnd().split('\n');
  const [, ...past] = readFileSync(at('past.csv'), 'utf8').trimEnd().split('\n');
  const others = later.map((row) => row.replace('SIM-', 'LATE-'));
  writeFileSync(at('both.csv'), [head, ...past, ...others].join('\n'));
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

// The clock of these commands stands at 1 November 2026.
const warning = /200 cases are dated after today \(up to 2030-01-0\d\): look at the dates, or at the clock/;
const ahead = { rows: 200, latest: expect.stringMatching(/^2030-01-0\d$/) };

describe('cases dated after today', () => {
  it('are counted and named by train and dataset build', async () => {
    const trained = await run('train', '--data', at('both.csv'), '--out', at('model'), '--json');
    expect(trained.err).toMatch(warning);
    expect(JSON.parse(trained.out).afterToday).toEqual(ahead);
    const built = await run('dataset', 'build', '--data', at('both.csv'), '--out', at('sets'), '--json');
    expect(built.err).toMatch(warning);
    expect(JSON.parse(built.out).afterToday).toEqual(ahead);
    const past = await run('dataset', 'build', '--data', at('past.csv'), '--out', at('sets'), '--json');
    expect(past.err).not.toContain('after today');
    expect(JSON.parse(past.out).afterToday).toEqual({ rows: 0, latest: null });
  });

  it('are counted and named by dataset import, from CSV and case rows', async () => {
    expect((await take('both.csv')).out).toMatch(warning);
    expect(JSON.parse((await take('both.csv', '--json')).out).afterToday).toEqual(ahead);
    await run('dataset', 'export', '--folder', registry.folder, '--out', at('cases.jsonl'));
    expect(JSON.parse((await take('cases.jsonl', '--json')).out).afterToday).toEqual(ahead);
    expect((await take('past.csv')).out).not.toContain('after today');
  });
});

describe('dataset import of a file with words for unknown', () => {
  it('takes further spellings of unknown from a CSV file, and refuses them beside case rows', async () => {
    const [head, ...rows] = readFileSync(at('past.csv'), 'utf8').trimEnd().split('\n');
    const column = head!.split(',').indexOf('contact_minutes');
    const refusing = rows.map((row, i) => (i < 40 ? row.split(',').with(column, 'refused').join() : row));
    writeFileSync(at('words.csv'), [head, ...refusing].join('\n'));
    expect((await take('words.csv')).out).toContain('260 cases imported, 40 left out.');
    expect((await take('words.csv', '--missing', 'n.n.,refused')).out).toContain(', 0 left out.');
    const all = await run('dataset', 'export', '--folder', registry.folder, '--out', at('words.jsonl'), '--json');
    expect(all.code).toBe(0);
    const rowsOfCases = await take('words.jsonl', '--missing', 'refused');
    expect(rowsOfCases).toMatchObject({ code: 2, err: expect.stringContaining('--missing') });
  });
});

describe('dataset import of a file again', () => {
  it('says how many cases were new and how many were known', async () => {
    const other = await testRegistry();
    try {
      const again = (name: string, ...more: string[]): Promise<Printed> =>
        run('dataset', 'import', at(name), '--folder', other.folder, ...more);
      expect((await again('past.csv')).out).toContain('300 cases imported, 0 left out.');
      expect((await again('past.csv')).out).toContain('300 cases imported (0 new, 300 known already), 0 left out.');
      writeFileSync(at('past.csv'), readFileSync(at('both.csv'), 'utf8'));
      expect((await again('past.csv')).out).toContain('500 cases imported (200 new, 300 known already), 0 left out.');
      // Laptops sent none of these: case rows of the registry's own are known as a whole.
      await run('dataset', 'export', '--folder', other.folder, '--out', at('own.jsonl'));
      const result = JSON.parse((await again('own.jsonl', '--json')).out);
      expect(result).toMatchObject({ imported: 500, added: 0 });
    } finally {
      await other.close();
    }
  });
});
