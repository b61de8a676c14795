import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../../electron/commands/program.ts';
import { toyModel, toyRows, toyScore, writeToyModel } from '../../../support/models.ts';
import { english } from '../../../support/commands.ts';

const top = fileURLToPath(new URL('../../../../', import.meta.url));
const demo = join(top, 'models/demo-cases.csv');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-score-'));
  writeToyModel(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Runs `outpost` in this process (the model still runs in its own). */
async function outpost(
  args: readonly string[],
  input: string | Uint8Array = '',
  modelsDir = join(top, 'models'),
): Promise<Result> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [textOf(stdout), textOf(stderr)];
  const io = {
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr,
    language: english,
    modelsDir,
    signal: new AbortController().signal,
  };
  const code = await runProgram(io, args);
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}

const toy = (input: string, ...args: string[]) => outpost(['score', '-', ...args], input, folder);
const header = 'asked,contract,minutes,channel\n';

describe('outpost score', () => {
  it('keeps every column in order and appends score, verdict, outside_model, reasons and model_version', async () => {
    const { code, out } = await outpost(['score', demo]);
    expect(code).toBe(0);
    const before: string[][] = parse(readFileSync(demo));
    const after: string[][] = parse(out);
    expect(after).toHaveLength(before.length);
    after.forEach((row, i) => expect(row.slice(0, -5)).toEqual(before[i]));
    expect(after[0]!.slice(-5)).toEqual(['score', 'verdict', 'outside_model', 'reasons', 'model_version']);
    const [score, verdict, outside, reasons, version] = after[1]!.slice(-5);
    expect(Number(score)).toBeGreaterThan(0.9);
    expect([verdict, outside, version]).toEqual(['scam', 'no', '1']);
    expect(reasons!.split('; ').length).toBeGreaterThanOrEqual(2);
  });

  it('scores with another model and schema, reading attributes by column name', async () => {
    const lines = 'channel,asked,contract,minutes\npopup,yes,no,30\nphone,no,yes,5\n,?,,\n,,,\nletter,1,true,12.5\n';
    const { code, out } = await outpost(['score', '-', '--model', join(folder, 'model.onnx'), '--json'], lines);
    expect(code).toBe(0);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    rows.forEach((row, i) => expect(row['score']).toBeCloseTo(toyScore(toyRows[i]!), 5));
    expect(rows.map((row) => row['outside_model'])).toEqual([false, false, true, true]);
    expect(rows.map((row) => row['verdict'])).toEqual(
      ['scam', 'not_scam', 'unclear', 'scam'].map((v, i) => (i === 3 ? expect.any(String) : v)),
    );
    expect(rows[0]!['reasons']).toEqual(expect.arrayContaining(['asked for remote access (for scam)']));
    expect(Object.keys(rows[0]!).slice(0, 4)).toEqual(['channel', 'asked', 'contract', 'minutes']);
  });

  it('hands every other cell on as it came, whatever is in it', async () => {
    const any = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const tricky = fc.constantFrom(
      'a,b',
      '"',
      '""',
      'line\nbreak',
      'cr\rhere',
      ' spaced ',
      '=1+1',
      "it's",
      'नमस्ते',
      '\r\n',
      ',',
      '"\n",',
    );
    const notes = fc.sample(fc.oneof(any, tricky), { numRuns: 400, seed: 7 });
    const rows = notes.map((note, i) => [note, i % 2 === 0 ? 'yes' : 'no', notes[notes.length - 1 - i]!]);
    const given = stringify([['first', 'asked', 'last'], ...rows], { quoted: true });
    const { code, out } = await toy(given);
    expect(code).toBe(0);
    const after: string[][] = parse(out, { record_delimiter: '\n' });
    expect(after.slice(1).map((row) => row.slice(0, 3))).toEqual(rows);
  });

  it('names unmapped columns once, and they are no reason for outside', async () => {
    const { code, out, err } = await toy('note,asked,contract,minutes,channel\nx,yes,no,3,phone\ny,no,no,3,phone\n');
    expect(code).toBe(0);
    expect(err.match(/note/g)).toHaveLength(1);
    expect(parse(out, { columns: true })).toMatchObject([{ outside_model: 'no' }, { outside_model: 'no' }]);
  });

  it('counts cells that cannot be read as unknown and names line and column, never the cell', async () => {
    const { code, out, err } = await toy(`${header}yes,no,30,phone\nsecret,no,many,phone\n`);
    expect(code).toBe(0);
    expect(err).toContain('2 cells could not be read');
    expect(err).toContain('line 3: asked is neither yes nor no');
    expect(err).toContain('line 3: minutes is no number');
    expect(err).not.toMatch(/secret|many/);
    const rows: { score: string }[] = parse(out, { columns: true });
    expect(Number(rows[1]!.score)).toBeCloseTo(
      toyScore({ asked: null, contract: 0, minutes: null, channel: 'phone' }),
      5,
    );
  });

  it.each([
    ['an empty file', '', 'empty'],
    ['a ragged row', `${header}yes,no\n`, 'line 2'],
    ['a column that stands twice', 'asked,asked\nyes,no\n', 'asked appears twice'],
    ['a column without a name', 'asked,\nyes,no\n', 'column 2'],
    ['an open quote', `${header}"yes,no,3,phone\n`, 'never closed'],
    ['a quote inside a cell', `${header}ye"s,no,3,phone\n`, 'quote'],
    ['a binary file', `${header}\0\0\0`, 'binary'],
    ['a file of another kind', 'Dear all,\nsee you,\n', 'No column'],
    ['no known column', 'a,b\n1,2\n', 'No column'],
    ['another separator', 'asked#contract\nyes#no\n', '--separator'],
    ['a column that would be appended', 'asked,verdict\nyes,no\n', 'Rename or remove it'],
  ])('refuses %s with exit code 2 and writes nothing', async (_what, input, says) => {
    const out = join(folder, 'refused.csv');
    const result = await toy(input, '--out', out);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(says);
    expect(readdirSync(folder).toSorted()).toEqual(['manifest.json', 'model.onnx']);
  });

  it('says which spellings it read as unknown, and refuses dots that may mean two things by line', async () => {
    const { err } = await toy(`${header}yes,no,n.d.,phone\nyes,no,1.440,–\n`);
    expect(err).toContain('Read as unknown: “n.d.” and “–”.');
    expect(err).toContain('line 3: minutes has a dot that may stand between thousands: write 1440 or 1.44');
    expect((await toy(`${header}yes,no,12.5,phone\nyes,no,1.440,phone\n`)).err).not.toContain('thousands');
  });

  it.each([
    ['with its mark', '\uFEFF'],
    ['without a mark', ''],
  ])('refuses UTF-16 %s by its name', async (_how, mark) => {
    const wide = Buffer.from(`${mark}${header}yes,no,3,phone\n`, 'utf16le');
    for (const bytes of [wide, Buffer.from(wide).swap16()])
      expect(await outpost(['score', '-', '--model', join(folder, 'model.onnx')], bytes)).toMatchObject({
        code: 2,
        err: expect.stringContaining('it is UTF-16 text'),
      });
  });

  it('refuses text that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${header}yes,no,3,`), Buffer.from([0xff, 0xfe, 0x0a])]);
    expect(await outpost(['score', '-'], bytes, folder)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('UTF-8'),
    });
  });

  it('knows semicolons and tabs by the first line and says so, unless it is given the separator', async () => {
    for (const [sign, word] of [
      [';', 'semicolons'],
      ['\t', 'tabs'],
    ] as const) {
      const input = `${header}yes,no,3,phone\n`.replaceAll(',', sign);
      const found = await toy(input);
      expect(found).toMatchObject({ code: 0, err: expect.stringContaining(`separated by ${word}`) });
      const given = await toy(input, '--separator', sign === ';' ? ';' : 'tab');
      expect(given).toMatchObject({ code: 0, out: found.out });
      expect(given.err).not.toContain('separated by');
      expect(parse(found.out, { columns: true, delimiter: sign })).toMatchObject([
        { asked: 'yes', verdict: expect.stringMatching(/./) },
      ]);
    }
  });

  it('reads a byte order mark, Windows line ends and no rows at all', async () => {
    const { code, out } = await toy(`\uFEFF${header.replaceAll(',', ';').trimEnd()}\r\nyes;no;3;phone\r\n`);
    expect(code).toBe(0);
    expect(parse(out, { columns: true, delimiter: ';', bom: true })).toMatchObject([
      { asked: 'yes', model_version: '1' },
    ]);
    expect(await toy(header)).toMatchObject({
      code: 0,
      out: `${header.trimEnd()},score,verdict,outside_model,reasons,model_version\n`,
    });
  });

  it('refuses a model that is not the one its manifest names with exit code 3', async () => {
    const broken = mkdtempSync(join(folder, 'broken-'));
    const model = toyModel();
    writeToyModel(broken, { ...model, bytes: model.bytes.map((b, i) => (i === 300 ? b ^ 1 : b)) });
    const result = await outpost(['score', '-', '--model', join(broken, 'model.onnx')], header);
    expect(result).toMatchObject({ code: 3, out: '', err: expect.stringContaining('hash') });
    writeFileSync(join(broken, 'manifest.json'), '{');
    expect(await outpost(['score', '-', '--model', join(broken, 'model.onnx')], header)).toMatchObject({ code: 3 });
    rmSync(join(broken, 'manifest.json'));
    writeFileSync(join(broken, 'picture.png'), '\u0089PNG\r\n');
    const picture = await outpost(['score', '-', '--model', join(broken, 'picture.png')], header);
    expect(picture).toMatchObject({ code: 3, err: expect.stringMatching(/^outpost: The model file/) });
    rmSync(broken, { recursive: true });
  });

  it('answers wrong use with exit code 2 and help with 0, naming the exit codes', async () => {
    expect(await outpost(['score', join(folder, 'nothing.csv')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing.csv'),
    });
    expect(await outpost(['score'])).toMatchObject({ code: 2 });
    expect(await outpost(['score', '-', '--separator', 'ab'])).toMatchObject({ code: 2 });
    expect(await outpost(['scare'])).toMatchObject({ code: 2 });
    const help = await outpost(['score', '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/Exit codes:[^]*130/);
  });
});

/** Runs the program as people do, under Node's own limits. */
async function program(
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<{ code: number | null; child: ReturnType<typeof spawn>; err: string }> {
  const child = spawn(process.execPath, [...nodeArgs, join(top, 'electron/cli.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  // A reader that takes the first piece and goes away.
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, child, err };
}

function* longRows(rows: number): Generator<string> {
  yield 'asked,contract,minutes,channel,note\n';
  const note = 'x'.repeat(20_000);
  for (let i = 0; i < rows; i++) yield `yes,no,${i % 60},phone,${note}\n`;
}

describe('the program', () => {
  it('scores a file several times its memory', async () => {
    const [input, output] = [join(folder, 'long.csv'), join(folder, 'long.out.csv')];
    await pipeline(Readable.from(longRows(2_500)), createWriteStream(input));
    const args = ['score', input, '--model', join(folder, 'model.onnx'), '--no-reasons', '--out', output];
    expect(await program(args, ['--max-old-space-size=36'])).toMatchObject({
      code: 0,
      err: expect.stringContaining('2,500 cases scored'),
    });
    expect(readFileSync(output, 'utf8').trimEnd().split('\n')).toHaveLength(2_501);
    rmSync(input);
    rmSync(output);
  });

  it('ends quietly when the reader of its output goes away', async () => {
    const input = join(folder, 'pipe.csv');
    await pipeline(Readable.from(longRows(1_000)), createWriteStream(input));
    expect(await program(['score', input, '--model', join(folder, 'model.onnx')])).toMatchObject({ code: 0, err: '' });
    rmSync(input);
  });

  it('ends at once when it is interrupted while waiting for input, and leaves no file behind', async () => {
    const args = ['score', '-', '--model', join(folder, 'model.onnx'), '--out', join(folder, 'never.csv')];
    const child = spawn(process.execPath, [join(top, 'electron/cli.ts'), ...args], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin.write(header);
    while (!readdirSync(folder).some((name) => name.endsWith('.tmp')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect(readdirSync(folder).toSorted()).toEqual(['manifest.json', 'model.onnx']);
  });

  it('writes into a pipe of the file system instead of replacing it', async () => {
    const [input, pipe] = [join(folder, 'short.csv'), join(folder, 'pipe')];
    writeFileSync(input, `${header}yes,no,3,phone\n`);
    execFileSync('mkfifo', [pipe]);
    const read = readFile(pipe, 'utf8');
    expect(await program(['score', input, '--model', join(folder, 'model.onnx'), '--out', pipe])).toMatchObject({
      code: 0,
    });
    expect(await read).toContain('yes,no,3,phone,');
    expect(statSync(pipe).isFIFO()).toBe(true);
    rmSync(input);
    rmSync(pipe);
  });
});
