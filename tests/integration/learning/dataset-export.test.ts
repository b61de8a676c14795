import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordOf, type Dataset } from '../../../learning/dataset/dataset.ts';
import { readSnapshot } from '../../../learning/dataset/snapshot.ts';
import { learnCommand } from '../../support/commands.ts';

const learn = (...args: string[]) => learnCommand(args);

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds a dataset of a file and gives its path. */
async function built(file: string, out: string, ...more: string[]): Promise<string> {
  expect(await learn('dataset', 'build', '--data', file, '--out', at(out), ...more)).toMatchObject({ code: 0 });
  return join(at(out), readdirSync(at(out))[0]!);
}

/** The rows of a dataset but for amounts, which a CSV file holds to the cent, and those amounts. */
function rowsOf({ frame, schema, ...dataset }: Dataset) {
  const money = schema.attributes.filter(({ kind }) => kind === 'money').map(({ name }) => name);
  const rows = Array.from({ length: frame.rows }, (_, i) => recordOf({ frame, schema, ...dataset }, i));
  return {
    rows: rows
      .map(({ encoded, incident: _i, scammer: _s, ...row }) =>
        JSON.stringify([Object.entries(encoded).filter(([name]) => !money.includes(name)), row]),
      )
      .toSorted(),
    amounts: rows
      .flatMap(({ encoded }) => money.map((name) => Number(encoded[name])))
      .filter((amount) => !Number.isNaN(amount))
      .toSorted((a, b) => a - b),
  };
}

it('a dataset is written as CSV that gives the same rows again, amounts to the cent', async () => {
  await learn('simulate', '--cases', '600', '--seed', '5', '--columns', 'story', '--out', at('cases.csv'));
  const ignored = ['outcome', 'outcome_reason', 'outcome_after_days', 'investigator', 'urgent'];
  const file = await built(at('cases.csv'), 'first', '--keep-twins', '--ignore', ignored.join(','));
  const exported = await learn(
    'dataset',
    'export',
    '--data',
    file,
    '--out',
    at('rows.csv'),
    '--schema-out',
    at('s.json'),
  );
  expect(exported).toMatchObject({ code: 0, out: '' });
  expect(exported.err).toContain('600 rows written to');
  expect(exported.err).toContain('y, received, incident, scammer, tactics');
  const records = parse(readFileSync(at('rows.csv')), { columns: true }) as Record<string, string>[];
  expect(records).toHaveLength(600);
  expect(new Set(records.map((row) => row['money_asked_currency']))).toEqual(new Set(['EUR', '']));
  const [one, other] = [file, await built(at('rows.csv'), 'again', '--keep-twins', '--schema', at('s.json'))].map(
    (path) => rowsOf(readSnapshot(readFileSync(path)).dataset),
  );
  expect(other!.rows).toEqual(one!.rows);
  expect(other!.amounts).toHaveLength(one!.amounts.length);
  other!.amounts.forEach((amount, i) => expect(Math.abs(amount - one!.amounts[i]!)).toBeLessThan(0.0051));
});

it('columns that an attribute is called like get other names, and no text begins a formula', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 3},${i % 4 < 2 ? '=1+1' : 'b'},${1 + (i % 2)}`);
  writeFileSync(at('odd.csv'), ['label,y,weight,w', ...rows, ''].join('\n'));
  const file = await built(at('odd.csv'), 'odd', '--label', 'label', '--weight', 'w');
  const json = await learn('dataset', 'export', '--data', file, '--out', at('odd.csv.gz'), '--json');
  expect(JSON.parse(json.out)).toMatchObject({ rows: 40, columns: { label: 'y_', weight: 'weight_', received: null } });
  const text = gunzipSync(readFileSync(at('odd.csv.gz'))).toString();
  expect(text.split('\n')[0]).toBe('y,weight,y_,weight_');
  expect(text).toContain(",'=1+1,");
  const piped = await learn('dataset', 'export', '--data', file, '--out', '-');
  expect(piped.out).toBe(text);
});

it('what is no dataset, and places that are taken, are refused with what to do', async () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { code, err } = await learn('dataset', 'export', ...args);
    expect(code).toBe(2);
    return err;
  };
  expect(await refused('--data', at('cases.csv'), '--out', at('x.csv'))).toContain('learn dataset build');
  const file = join(at('first'), readdirSync(at('first'))[0]!);
  expect(await refused('--data', file, '--out', file)).toContain('Nothing was written');
  expect(await refused('--data', file, '--out', at('same'), '--schema-out', at('same'))).toContain(
    'Nothing was written',
  );
  expect(await refused('--data', file, '--out', at('none/x.csv'))).toContain('none');
  expect(await refused('--data', file, '--out', '-', '--json')).toContain('leave --json out');
  expect(existsSync(at('x.csv'))).toBe(false);
});
