import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outpostCommand, learnCommand, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => learnCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

/** Rows of a table: amount tells the label most of the time, place not at all and may hold any sign. */
function table(rows: number): string[][] {
  let state = 7;
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  const places = ['Pune', 'New, Delhi', 'a "quoted"; name', 'two\nlines', ''];
  return [
    ['amount', 'place', 'y'],
    ...Array.from({ length: rows }, () => {
      const amount = Math.round(next() * 1000) / 10;
      const place = places[Math.floor(next() * places.length)]!;
      return [String(amount), place, String(Number(next() < amount / 100))];
    }),
  ];
}

function csv(rows: readonly string[][], sign: string, end = '\n'): string {
  const cell = (text: string): string =>
    /["\n\r]/.test(text) || text.includes(sign) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(cell).join(sign) + end).join('');
}

const rows = table(400);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-files-'));
  writeFileSync(at('cases.csv'), csv(rows, ','));
  expect(await run('train', '--data', at('cases.csv'), '--out', at('commas'))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file whose cells are separated otherwise', () => {
  it.each([
    ['semicolons', ';', '\n', ''],
    ['tabs, Windows line ends and a byte order mark', '\t', '\r\n', '\uFEFF'],
  ])('by %s is known by its first line, and gives the same model', async (name, sign, end, bom) => {
    const file = join(mkdtempSync(join(folder, 'other-')), 'cases.csv');
    writeFileSync(file, bom + csv(rows, sign, end));
    const trained = await run('train', '--data', file, '--out', at(name));
    expect(trained).toMatchObject({ code: 0, err: expect.stringContaining(`separated by ${name.split(',')[0]}`) });
    expect(readFileSync(join(at(name), 'model.onnx'))).toEqual(readFileSync(at('commas/model.onnx')));
    const figures = async (data: string) =>
      JSON.parse((await run('evaluate', at('commas'), '--data', data, '--repeats', '100', '--json')).out).figures;
    expect(await figures(file)).toEqual(await figures(at('cases.csv')));
    const compared = await run('compare', at('commas'), at(name), '--data', file, '--repeats', '100');
    expect(compared).toMatchObject({ code: 0, out: expect.stringContaining('separated by') });
    const scored = await outpostCommand(['score', file, '--model', at('commas/model.onnx'), '--no-reasons']);
    const plain = await outpostCommand(['score', at('cases.csv'), '--model', at('commas/model.onnx'), '--no-reasons']);
    const scores = (text: string, by: string) => text.match(new RegExp(`${by}0\\.\\d+(?=${by})`, 'g'));
    expect(scores(scored.out, sign)!.map((s) => s.slice(1))).toEqual(scores(plain.out, ',')!.map((s) => s.slice(1)));
  });

  it('is read by the sign that is named, whatever the first line shows', async () => {
    writeFileSync(
      at('mixed.csv'),
      csv([['amount', 'place, town', 'y'], ...rows.slice(1)], ';').replaceAll('"place, town"', 'place, town'),
    );
    const guessed = await run('train', '--data', at('mixed.csv'), '--out', at('mixed'));
    expect(guessed.code).toBe(2);
    const trained = await run('train', '--data', at('mixed.csv'), '--separator', ';', '--out', at('mixed'));
    expect(trained).toMatchObject({ code: 0, err: expect.not.stringContaining('separated by') });
    expect(await run('train', '--data', at('mixed.csv'), '--separator', 'ab', '--out', at('mixed'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('the word tab'),
    });
  });

  it('with decimal commas is refused by the name of the column; where the kind is declared, by line', async () => {
    const commas = rows.map(([amount, place, y]) => [amount!.replace('.', ','), place!, y!]);
    writeFileSync(at('decimal.csv'), csv(commas, ';'));
    const refused = await run('train', '--data', at('decimal.csv'), '--out', at('decimal'));
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/column amount has numbers with a comma/) });
    const judged = await run('evaluate', at('commas'), '--data', at('decimal.csv'));
    expect(judged).toMatchObject({ code: 2, err: expect.stringMatching(/amount has a comma in its number/) });
    const left = await run('train', '--data', at('decimal.csv'), '--ignore', 'amount', '--out', at('decimal'));
    expect(left.code).toBe(0);
    const scored = await outpostCommand(['score', at('decimal.csv'), '--model', at('commas/model.onnx')]);
    expect(scored).toMatchObject({
      code: 0,
      err: expect.stringMatching(/line \d+: amount has a comma in its number/),
    });
  });

  it('becomes a dataset like any other', async () => {
    writeFileSync(at('semi.csv'), csv(rows, ';'));
    const build = async (file: string) =>
      JSON.parse((await run('dataset', 'build', '--data', at(file), '--out', at('sets'), '--json')).out);
    expect((await build('semi.csv')).rows).toBe((await build('cases.csv')).rows);
  });
});
