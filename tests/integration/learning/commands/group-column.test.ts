import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { anyCommand, type Printed } from '../../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

/** 200 customers with 5 rows each. Four numbers know a customer again, and say nothing of others. */
function customers(): string {
  const random = createRandom(4);
  const rows = Array.from({ length: 200 }, (_, c) => {
    const own = Array.from({ length: 4 }, () => random.next());
    const label = random.next() < 0.5 ? 1 : 0;
    return Array.from({ length: 5 }, () =>
      [`C${c}`, ...own.map((v) => (v + 0.001 * random.next()).toFixed(5)), label].join(','),
    );
  });
  return `customer,a,b,c,d,y\n${rows.flat().join('\n')}\n`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-group-'));
  writeFileSync(at('customers.csv'), customers());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = (): string[] => ['--data', at('customers.csv'), '--label', 'y'];
const trained = (out: string, ...more: string[]): Promise<Printed> =>
  run('train', ...data(), '--trainer', 'boosting', '--out', at(out), '--json', ...more);

describe('--group', () => {
  it('is named where a column of customers is refused for telling the label', async () => {
    const refused = await trained('none');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/customer alone gives the label away .*--ignore customer.*--group customer/s);
  });

  it('is named where such a column is left out, whose rows then make figures too good', async () => {
    const ignored = await trained('ignored', '--ignore', 'customer');
    expect(ignored.code).toBe(0);
    expect(ignored.err).toMatch(/customer is left out, but its 200 values come 5\.0 times each.*--group customer/);
    expect(JSON.parse(ignored.out).metrics.figures.auc.value).toBeGreaterThan(0.95);
  });

  it('keeps rows of one value together: all are learned from, and figures are as on others', async () => {
    const grouped = await trained('grouped', '--group', 'customer');
    expect(grouped.code, grouped.err).toBe(0);
    const { metrics } = JSON.parse(grouped.out);
    expect(metrics.train.rows).toBe(1000);
    expect(Math.abs(metrics.figures.auc.value - 0.5)).toBeLessThan(0.12);
    expect(grouped.err).toContain('Rows with the same customer belong together');
    expect(grouped.err).not.toMatch(/left out, but/);
    const split = ['--split', 'incident', '--share', '0.3', '--out', at('sets'), '--json'];
    const built = JSON.parse((await run('dataset', 'build', ...data(), '--group', 'customer', ...split)).out);
    expect(built.rows).toBe(1000);
  });

  it('is what intervals of evaluate and compare go by', async () => {
    await trained('model', '--group', 'customer');
    const judged = async (...more: string[]) =>
      JSON.parse((await run('evaluate', at('model'), ...data(), '--repeats', '100', '--json', ...more)).out);
    expect((await judged()).groups).toBe(1000);
    expect((await judged('--group', 'customer')).groups).toBe(200);
    const compared = await run('compare', at('model'), at('model'), ...data(), '--group', 'customer', '--json');
    expect(JSON.parse(compared.out).groups).toBe(200);
  });

  it('is refused for a column that is something else as well, or not there', async () => {
    expect(await trained('x', '--group', 'y')).toMatchObject({ code: 2 });
    expect(await trained('x', '--group', 'customer', '--ignore', 'customer')).toMatchObject({ code: 2 });
    expect((await trained('x', '--group', 'client')).err).toContain('no column client');
  });
});
