import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCommand, type Printed } from '../../support/commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Printed> => anyCommand(args, { OUTPOST_RUNS_FOLDER: at('runs') });

/** What stands in some rows in place of minutes, beside what nobody else should read. */
const words: Readonly<Record<number, string>> = { 2: 'not asked', 4: 'not kept', 6: '98450 12345', 8: 'ravi@bank.com' };

function table(spoiled: boolean): string {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const word = spoiled && i % 2 === 0 ? words[i % 26] : undefined;
    const minutes = word ?? (spoiled && i === 20 ? 'Asha Rao' : String((i * 37) % 90));
    return [minutes, i % 3, Number((i * 37) % 90 > 40 !== (i % 5 === 0))].join(',');
  });
  return `${['minutes,calls,y', ...rows].join('\n')}\n`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-no-numbers-'));
  writeFileSync(at('spoiled.csv'), table(true));
  writeFileSync(at('plain.csv'), table(false));
  writeFileSync(at('kinds.json'), '{"columns": {"minutes": "number"}}');
  expect(await run('train', '--data', at('plain.csv'), '--out', at('model'))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shown =
  /minutes, most often: “not asked” \(\d+ cells\), “not kept” \(\d+ cells\)\. If they mean unknown, name them with --missing/;

describe('what stands where a number should', () => {
  it.each<[string, string[]]>([
    ['train', ['train', '--schema', 'kinds.json', '--out', 'declared']],
    ['evaluate', ['evaluate', 'model', '--repeats', '100']],
  ])('is told by %s, but no number of a person and nothing of one case', async (_command, [name, ...rest]) => {
    const args = rest.map((arg) => (/^(?:kinds\.json|declared|model)$/.test(arg) ? at(arg) : arg));
    const { code, out, err } = await run(name!, ...args, '--data', at('spoiled.csv'));
    expect(code).toBe(0);
    expect(out + err).toMatch(shown);
    for (const text of ['98450', 'ravi', 'Asha']) expect(out + err).not.toContain(text);
  });

  it('is told of a column that is mostly numbers and was taken for something else', async () => {
    const { err } = await run('train', '--data', at('spoiled.csv'), '--out', at('inferred'));
    expect(err).toMatch(/minutes .*of its cells are no numbers, most often “not asked” \(\d+ cells\)/);
    for (const text of ['98450', 'ravi', 'Asha']) expect(err).not.toContain(text);
  });
});
