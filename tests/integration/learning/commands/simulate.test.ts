import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseColumns, storyColumns } from '../../../../learning/simulate/csv.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { anyCommand, type Printed } from '../../../support/commands.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });
const simulate = (name: string, ...more: string[]): Promise<Printed> =>
  run('simulate', '--cases', '1500', '--seed', '3', '--out', at(name), ...more);
const rowsOf = (name: string): Record<string, string>[] =>
  parse(readFileSync(at(name), 'utf8'), { columns: true, skip_empty_lines: true });

describe('registry simulate', () => {
  it('writes what an intake knows and the truth; the story columns only when asked for', async () => {
    expect(await simulate('case.csv')).toMatchObject({ code: 0, out: '' });
    await simulate('story.csv', '--columns', 'story', '--change-at', '2026-07-01');
    expect(Object.keys(rowsOf('case.csv')[0]!)).toEqual([...caseColumns]);
    expect(Object.keys(rowsOf('story.csv')[0]!)).toEqual([...caseColumns, ...storyColumns]);
    const options = { cases: 1500, seed: 3, from: '2026-06-01', days: 122, changeAt: '2026-07-01' };
    const rows = rowsOf('story.csv');
    for (const [i, one] of [...simulateCases(options)].entries()) {
      expect(rows[i]).toMatchObject({
        reference: one.reference,
        y: String(one.truth),
        incident: one.incident,
        scammer: one.scammer ?? '',
        investigator: one.investigator,
        outcome: one.outcome ?? '',
        outcome_reason: one.outcomeReason ?? '',
      });
    }
  });

  it('writes the labels that were recorded by the last day, wrong ones wrong, and counts them', async () => {
    await simulate('truth.csv');
    const printed = await simulate('recorded.csv', '--labels', 'recorded', '--json');
    const summary = JSON.parse(printed.out);
    const truth = rowsOf('truth.csv').map((row) => row['y']);
    const recorded = rowsOf('recorded.csv').map((row) => row['y']);
    const { labels } = summary;
    expect(summary).toMatchObject({ simulated: true, cases: 1500, scams: truth.filter((y) => y === '1').length });
    expect(recorded.filter((y) => y === '')).toHaveLength(labels.late + labels.missing + labels.inconclusive);
    expect(recorded.filter((y) => y === '1')).toHaveLength(labels.scam);
    expect(recorded.filter((y) => y === '0')).toHaveLength(labels.genuine);
    const wrong = (was: string, says: string): number =>
      truth.filter((y, i) => y === was && recorded[i] === says).length;
    expect([wrong('1', '0'), wrong('0', '1')]).toEqual([labels.scamCalledGenuine, labels.genuineCalledScam]);
    expect(Math.min(labels.late, labels.missing, labels.inconclusive)).toBeGreaterThan(20);
  });

  it('sums up incidents, scammers, what is open and the best possible AUC', async () => {
    const summary = JSON.parse((await simulate('sum.csv', '--columns', 'story', '--json')).out);
    const rows = rowsOf('sum.csv');
    const scammers = Map.groupBy(
      rows.filter((row) => row['scammer'] !== ''),
      (row) => row['scammer'],
    );
    expect(summary.incidents).toBe(new Set(rows.map((row) => row['incident'])).size);
    expect(summary.scammers).toBe(scammers.size);
    expect(summary.largestScammer).toBe(Math.max(...[...scammers.values()].map((list) => list.length)));
    expect(summary.missing.has_contract).toBeCloseTo(rows.filter((r) => r['has_contract'] === '').length / 1500, 10);
    expect(summary.byOffice.North.cases).toBe(rows.filter((r) => r['office'] === 'North').length);
    expect(summary.bestPossibleAuc).toBeGreaterThan(0.98);
    expect(summary.bestPossibleAuc).toBeLessThan(0.999);
  });

  it.each([
    [['--cases', '0'], /at least 1/],
    [['--from', '2026-02-30'], /date such as/],
    [['--days', '40000'], /at most 36600 days/],
    [['--columns', 'all'], /case, story/],
    [['--labels', 'guessed'], /truth, recorded/],
    [['--out', '-', '--json'], /needs a file/],
    [['--out', join('no', 'such', 'folder', 'x.csv')], /cannot be written\. Check the folder/],
  ])('refuses %j with a sentence', async (more, message) => {
    const failed = await simulate('refused.csv', ...more);
    expect(failed).toMatchObject({ code: 2, out: '' });
    expect(failed.err).toMatch(message);
    expect(readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([]);
  });
});

describe('cases of the simulator', () => {
  it('mark a model and a dataset as simulated without being asked to, other references do not', async () => {
    await simulate('marked.csv');
    const trained = await run('train', '--data', at('marked.csv'), '--out', at('model'), '--json');
    expect(JSON.parse(trained.out).model.simulated).toBe(true);
    expect(trained.err).toContain('1,500 rows with a reference of the simulator (SIM-…)');
    const built = await run('dataset', 'build', '--data', at('marked.csv'), '--out', at('sets'), '--json');
    expect(JSON.parse(built.out).provenance.simulated).toBe(true);
    writeFileSync(at('own.csv'), readFileSync(at('marked.csv'), 'utf8').replaceAll(/^SIM-/gm, 'CASE-'));
    const own = await run('dataset', 'build', '--data', at('own.csv'), '--out', at('sets'), '--json');
    expect(JSON.parse(own.out).provenance.simulated).toBe(false);
    expect(own.err).not.toContain('simulator');
  });
});
