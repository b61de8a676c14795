import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCommand, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

function put(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** One table with decimals as `number` writes them. */
function table(number: (value: number) => string, header = 'fee;share;y'): string {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const fee = 900 + ((i * 37) % 400) + (i % 4) / 4;
    return [number(fee), number((i % 9) / 8), Number((i * 37) % 400 > 190 !== (i % 5 === 0))].join(';');
  });
  return `${[header, ...rows].join('\n')}\n`;
}

const comma = (value: number): string => {
  const [whole, rest] = String(value).split('.');
  const grouped = whole!.replace(/^(\d)(\d{3})$/, '$1.$2');
  return rest === undefined ? grouped : `${grouped},${rest}`;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-decimal-'));
  put('points.csv', table(String));
  put('commas.csv', table(comma));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modelOf = (out: string): Buffer => readFileSync(join(at(out), 'model.onnx'));

describe('numbers with a decimal comma', () => {
  it('are refused with what to say until they are declared', async () => {
    const refused = await run('train', '--data', at('commas.csv'), '--out', at('refused'));
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--decimal comma') });
    const schema = put('kinds.json', '{"columns": {"fee": "number", "share": "number"}}');
    const declared = await run('train', '--data', at('commas.csv'), '--schema', schema, '--out', at('refused'));
    expect(declared).toMatchObject({ code: 2, err: expect.stringContaining('--decimal comma') });
  });

  it('give the model their points give, by the option as by the schema file', async () => {
    const train = (data: string, out: string, ...more: string[]) =>
      run('train', '--data', at(data), ...more, '--out', at(out));
    expect(await train('points.csv', 'points')).toMatchObject({ code: 0 });
    expect(await train('commas.csv', 'option', '--decimal', 'comma')).toMatchObject({ code: 0 });
    const schema = put('schema.json', '{"decimal": ",", "columns": {"fee": "number", "share": "number"}}');
    expect(await train('commas.csv', 'schema', '--schema', schema)).toMatchObject({ code: 0 });
    expect(modelOf('option')).toEqual(modelOf('points'));
    expect(modelOf('schema')).toEqual(modelOf('points'));
  });

  it('are read by evaluate and score as well', async () => {
    const judged = (data: string, ...more: string[]) =>
      run('evaluate', at('points'), '--data', at(data), '--repeats', '100', '--json', ...more);
    const [points, commas] = [await judged('points.csv'), await judged('commas.csv', '--decimal', ',')];
    expect(commas.code).toBe(0);
    expect(JSON.parse(commas.out).figures).toEqual(JSON.parse(points.out).figures);
    expect(await judged('commas.csv')).toMatchObject({ code: 2, err: expect.stringContaining('--decimal comma') });
  });

  it('are no numbers where they stand after a point', async () => {
    const refused = await run('train', '--data', at('points.csv'), '--decimal', 'comma', '--out', at('refused'));
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/fee has numbers with a dot.*--decimal/) });
    expect(await run('train', '--data', at('points.csv'), '--decimal', 'dash', '--out', at('x'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('comma or point'),
    });
  });
});
