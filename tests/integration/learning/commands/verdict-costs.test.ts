import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnCommand } from '../../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await learnCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
  expect(code, err).toBe(0);
  return out;
}
const judged = (): string[] => ['--data', at('new.csv'), '--repeats', '100'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-costs-'));
  await run('simulate', '--cases', '600', '--seed', '3', '--out', at('cases.csv'));
  await run('simulate', '--cases', '500', '--seed', '4', '--out', at('new.csv'));
  await run('train', '--data', at('cases.csv'), '--out', at('one'));
  await run('train', '--data', at('cases.csv'), '--l2', '50', '--out', at('two'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what verdicts cost', () => {
  it('is shown by evaluate and compare', async () => {
    const line = 'Verdicts cost, in visits: a missed scam 10, a wrong accusation 5, an unclear case 1 (--costs).';
    expect(await run('evaluate', at('one'), ...judged())).toContain(line);
    expect(await run('compare', at('one'), at('two'), ...judged())).toContain(line);
  });

  it('is what --costs says, counted in visits', async () => {
    const costs = ['--costs', '40,10,2'];
    const { figures, costs: shown } = JSON.parse(await run('evaluate', at('one'), ...judged(), ...costs, '--json'));
    expect(shown).toEqual({ missed: 20, accused: 5, unclear: 1 });
    const { missed, wrong_accusation: accused, unclear } = figures;
    const [scams, genuine, all] = [missed.n, accused.n, unclear.n];
    const cost = (20 * missed.value * scams + 5 * accused.value * genuine + unclear.value * all) / all;
    expect(figures.mean_cost.value).toBeCloseTo(cost, 9);
    const compared = await run('compare', at('one'), at('two'), ...judged(), ...costs);
    expect(compared).toContain('a missed scam 20, a wrong accusation 5, an unclear case 1');
    const { code, err } = await learnCommand(['evaluate', at('one'), ...judged(), '--costs', '10,5'], {});
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('three numbers above 0') });
  });
});

describe('a model compared with itself', () => {
  it('is reported as the same model', async () => {
    const found = JSON.parse(await run('compare', at('one'), at('one'), ...judged(), '--json'));
    expect(found).toMatchObject({ result: 'cannot_tell', reason: { code: 'compare.same_model', args: {} } });
    const other = JSON.parse(await run('compare', at('one'), at('two'), ...judged(), '--json'));
    expect(other.reason?.code).not.toBe('compare.same_model');
  });
});
