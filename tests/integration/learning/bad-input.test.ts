import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../learning/dataset/dataset.ts';
import { leakageOf } from '../../../learning/dataset/leakage.ts';
import { readTraining, type TrainingColumns, type TrainingFile } from '../../../learning/data/read-training.ts';
import { parseSchemaFile } from '../../../learning/schema/schema-file.ts';
import { createRandom } from '../../../learning/statistics/random.ts';
import { defaultSettings, type TrainSettings } from '../../../learning/train/settings.ts';
import { trainRun, type TrainResult } from '../../../learning/train/train.ts';
import { columnType } from '../../../shared/encoding/encode.ts';
import type { StoredRow } from '../../../shared/encoding/manifest.ts';
import { english, learnCommand } from '../../support/commands.ts';
import { saying } from '../../support/saying.ts';
import { reasonsInEnglish } from '../../support/in-english.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-bad-input-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(content: string | Uint8Array, name = 'data.csv'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const plain: TrainingColumns = { label: 'y', time: null, ignore: [], schema: null, keepTwins: false };

function reading(content: string | Uint8Array, how: Partial<TrainingColumns> = {}): Promise<TrainingFile> {
  return readTraining(written(content), { ...plain, ...how });
}

type Row = Record<string, string | number>;

/** Rows with an honest number and an honest text beside whatever else is wanted; every second one a scam. */
function rowsOf(count: number, more: (i: number, label: number) => Row = () => ({})): Row[] {
  const random = createRandom(5);
  return Array.from({ length: count }, (_, i) => {
    const y = i % 2;
    return { y, x: random.normal() + y, word: random.pick(y ? ['a', 'b', 'c'] : ['b', 'c', 'd']), ...more(i, y) };
  });
}

const csv = (rows: readonly Row[]): string => stringify([...rows], { header: true });
const kinds = (columns: Record<string, string>) => ({ schema: parseSchemaFile(JSON.stringify({ columns })) });

const trainers = ['logistic', 'boosting'] as const;

function trained(dataset: Dataset, trainer: TrainSettings['trainer']): TrainResult {
  return trainRun(dataset, {
    ...defaultSettings,
    trainer,
    params: trainer === 'boosting' ? { rounds: 10 } : {},
    seed: 4,
    name: 'Test',
    created: '2026-09-01T00:00:00.000Z',
    expires: '2027-09-01',
    codeVersion: 'test',
    simulated: true,
  });
}

/** Probabilities the model's graph gives for stored rows. */
async function scoresOf({ model, manifest }: TrainResult, rows: readonly StoredRow[]): Promise<number[]> {
  const feeds: Record<string, Tensor> = {};
  for (const attribute of manifest.schema.attributes) {
    const cells = rows.map((row) => row[attribute.name]);
    feeds[attribute.name] =
      columnType(attribute) === 'string'
        ? new Tensor('string', cells.map(String), [rows.length, 1])
        : new Tensor(
            'float32',
            Float32Array.from(cells, (v) => (v === null ? NaN : Number(v))),
            [rows.length, 1],
          );
  }
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  return Array.from((await session.run(feeds))[manifest.output.name]!.data as Float32Array);
}

/**
 * Trains and checks that the graph agrees with the trainer on the golden cases, all of them probabilities, and that the
 * value of a useless column changes none.
 */
async function sound(dataset: Dataset, trainer: TrainSettings['trainer'], useless?: string): Promise<TrainResult> {
  const result = trained(dataset, trainer);
  const { golden } = result.manifest;
  const scores = await scoresOf(
    result,
    golden.map((g) => g.row),
  );
  scores.forEach((score, i) => {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
    expect(Math.abs(score - golden[i]!.score)).toBeLessThan(1e-6);
  });
  if (useless !== undefined) {
    for (const value of [-1e30, 0, 0.1, 0.2, 1e30]) {
      const changed = golden.map((g) => ({ ...g.row, [useless]: value }));
      expect(await scoresOf(result, changed)).toEqual(scores);
    }
  }
  return result;
}

/** What became of a column and why. */
function fateOf({ columns }: TrainingFile, header: string): [string, string] {
  const { kind, why } = columns.find((c) => c.header === header)!;
  return [kind, english.say(why)];
}

describe.each(trainers)('the %s trainer learns rightly from', (trainer) => {
  it('a column that is the same number in every row: left out, or without effect where a schema wants it', async () => {
    const text = csv(rowsOf(300, () => ({ same: 0.1 })));
    const inferred = await reading(text);
    expect(fateOf(inferred, 'same')).toEqual(['ignore', 'it is the same in every row']);
    await sound(inferred.dataset, trainer);
    await sound((await reading(text, kinds({ same: 'number' }))).dataset, trainer, 'same');
  });

  it('a column that is empty in every row: left out, or without effect where a schema wants it', async () => {
    const inferred = await reading(csv(rowsOf(300, () => ({ empty: '' }))));
    expect(fateOf(inferred, 'empty')).toEqual(['ignore', 'it is empty in every row']);
    const full = await reading(csv(rowsOf(300, (i) => ({ empty: i / 7 }))));
    const schema = { kind: 'schema', schema: full.dataset.schema, texts: full.dataset.texts } as const;
    for (const more of [() => ({ empty: '' }), () => ({})]) {
      const { dataset } = await reading(csv(rowsOf(300, more)), { schema });
      expect(dataset.frame.columns.map((c) => c.attribute.name)).toContain('empty');
      await sound(dataset, trainer, 'empty');
    }
  });

  it('twenty rows', async () => {
    await sound((await reading(csv(rowsOf(20)))).dataset, trainer);
  });

  it('thousands of texts: left out when each is a case of its own, the most frequent listed otherwise', async () => {
    const names = await reading(csv(rowsOf(20_000, (i) => ({ name: `n${i % 10_000}` }))));
    expect(fateOf(names, 'name')).toEqual(['ignore', expect.stringContaining('10000 different texts')]);
    const text = csv(rowsOf(20_000, (i) => ({ name: i < 5000 ? `n${i}` : `n${i % 1250}` })));
    const many = await reading(text);
    expect(fateOf(many, 'name')).toEqual([
      'category',
      '5000 texts, the 1000 most frequent (65 %) listed; not listed (read as another value, not as unknown): 3750 in fewer than 10 rows',
    ]);
    // Six exact fits with a thousand terms take half a minute: the logistic trainer is shown fewer listed values.
    const listed = trainer === 'logistic' ? 100 : 1000;
    const attributes = many.dataset.schema.attributes.map((a) =>
      a.name === 'name' && a.kind === 'category' ? { ...a, values: a.values.slice(0, listed) } : a,
    );
    const schema = {
      kind: 'schema',
      schema: { ...many.dataset.schema, attributes },
      texts: many.dataset.texts,
    } as const;
    await sound((await reading(text, { schema })).dataset, trainer);
  });

  it('two columns that are the same, both kept', async () => {
    const rows = rowsOf(300).map((row) => ({ ...row, x_again: row['x']!, word_again: row['word']! }));
    const { dataset } = await reading(csv(rows));
    expect(leakageOf(dataset).map((f) => [f.kind, f.column])).toEqual([
      ['same_column', 'x_again'],
      ['same_column', 'word_again'],
    ]);
    await sound(dataset, trainer);
  });

  it('huge numbers that a float32 still holds, and refuses rows with larger ones', async () => {
    const huge = (i: number): Row => ({ big: [3e38, -3e38, 1e-44, 1, 0, ''][i % 6]! });
    const inferred = await reading(csv(rowsOf(300, huge)));
    expect(fateOf(inferred, 'big')[0]).toBe('number');
    await sound(inferred.dataset, trainer);

    const beyond = ['inf', '-Infinity', '1e300', '3.5E+38', '9'.repeat(40)];
    const rows = rowsOf(300, (i) => ({ big: i < 5 ? beyond[i]! : i / 3 }));
    const { dataset, rejected } = await reading(csv(rows));
    const after = 'or leave the cell empty if it is unknown';
    expect(reasonsInEnglish(rejected.reasons)).toEqual({
      [`big is infinite, which no model reads: write the largest number that makes sense, ${after}`]: 2,
      [`big is a number beyond 3.4e38, more than a model can hold: give it in a larger unit, ${after}`]: 3,
    });
    expect(rejected.first.map((r) => r.line)).toEqual([2, 3, 4, 5, 6]);
    expect(dataset.frame.rows).toBe(295);
    await sound(dataset, trainer);
  });

  it('a column that is the label, when that is wanted: certain, but no infinite weight', async () => {
    const { dataset } = await reading(csv(rowsOf(300, (_i, y) => ({ leaky: 1 - y }))));
    expect(leakageOf(dataset)).toMatchObject([{ column: 'leaky', kind: 'tells_label', refuse: true }]);
    const { metrics } = await sound(dataset, trainer);
    expect(metrics.figures['auc']?.value).toBeGreaterThan(0.99);
  });

  it('columns named like parts of a program or of the graph', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'probability', 'label', 'tactics', 'größe', '1st', ''];
    const rows = rowsOf(300);
    const header = ['y', 'x', ...names];
    const lines = rows.map((row, i) => [row['y'], row['x'], ...names.map((_, k) => ((i * (k + 3)) % 17) / 2)]);
    const { dataset } = await reading(stringify([header, ...lines]));
    expect(dataset.schema.attributes.map((a) => a.name)).toEqual([
      ...['x', 'proto', 'constructor', 'tostring', 'probability', 'label', 'tactics', 'gruf6udfe', 'c_1st', 'c_'],
    ]);
    await sound(dataset, trainer);
  });

  it('says when there is too little of a class', async () => {
    const rows = rowsOf(40).map((row, i) => ({ ...row, y: Number(i < 3) }));
    const { dataset } = await reading(csv(rows));
    expect(() => trained(dataset, trainer)).toThrow(
      saying('Training needs at least 5 confirmed scams and 5 genuine providers; there are 3 and 37.'),
    );
  });

  it('says when all scams are of one scammer, and learns from two', async () => {
    const rows = (scammers: number): Row[] =>
      rowsOf(60, (i, label) => ({ scammer: label === 1 ? `S${(i >> 1) % scammers}` : '' }));
    const one = (await reading(csv(rows(1)))).dataset;
    expect(() => trained(one, trainer)).toThrow(saying(/All confirmed scams are of one incident or one scammer/));
    await sound((await reading(csv(rows(2)))).dataset, trainer);
  });
});

describe('a file', () => {
  it('is the same with a byte order mark, CRLF, quotes, blank lines or packed, whatever it is called', async () => {
    const rows = rowsOf(60, (i) => ({ 'What, he said': i % 3 === 0 ? 'a "word", two' : 'none' }));
    const { dataset } = await reading(csv(rows));
    expect(dataset.schema.attributes.map((a) => a.name)).toEqual(['x', 'word', 'what_he_said']);
    const forms: (string | Uint8Array)[] = [
      `\uFEFF${csv(rows)}`,
      csv(rows).replaceAll('\n', '\r\n'),
      stringify(rows, { header: true, quoted: true }),
      csv(rows).replaceAll('\n', '\n\n'),
      csv(rows).trimEnd(),
      gzipSync(csv(rows)),
      Buffer.concat([gzipSync(csv(rows.slice(0, 7))), gzipSync(stringify(rows.slice(7)))]),
    ];
    for (const form of forms) expect((await reading(form)).dataset.hash).toBe(dataset.hash);
  });

  it('may spell its labels in words', async () => {
    const { dataset } = await reading(csv(rowsOf(60)));
    for (const [no, yes] of [
      ['0.0', '1.0'],
      ['no', 'Yes'],
      ['FALSE', 'true'],
      ['genuine', 'scam'],
    ]) {
      const rows = rowsOf(60).map((row) => ({ ...row, y: row['y'] === 1 ? yes! : no! }));
      expect((await reading(csv(rows))).dataset.hash).toBe(dataset.hash);
    }
  });

  it('leaves out rows with other labels, with too few cells or without a label, and counts them', async () => {
    const rows = rowsOf(60).map((row, i) => ({ ...row, y: i < 3 ? '7' : i < 7 ? '' : row['y']! }));
    const { dataset, rejected, unlabelled } = await reading(`${csv(rows)}1,2\n1,2,a,4\n`);
    expect(reasonsInEnglish(rejected.reasons)).toEqual({
      'y is neither 1 (scam) nor 0 (genuine provider)': 3,
      'it has 2 cells where the header has 3': 1,
      'it has 4 cells where the header has 3': 1,
    });
    expect([unlabelled, dataset.frame.rows]).toEqual([4, 53]);
    expect(rejected.first.map((r) => r.line)).toEqual([2, 3, 4, 62, 63]);
  });

  it('keeps the first case of an incident and is not refused for its twins', async () => {
    const rows = rowsOf(90, (i) => ({ incident: `i${Math.floor(i / 6)}${i % 2}` }));
    const { dataset, rejected } = await reading(csv(rows));
    expect(dataset.frame.rows).toBe(30);
    expect(reasonsInEnglish(rejected.reasons)).toEqual({ 'another case of its incident was received first': 60 });
    expect((await reading(csv(rows), { keepTwins: true })).dataset.frame.rows).toBe(90);
    expect((await reading(csv(rows), { ignore: ['incident'] })).dataset.frame.rows).toBe(90);
  });

  it('may leave a column out by its header or by the name it gives', async () => {
    const rows = rowsOf(60, (i) => ({ 'Shoe size': 30 + (i % 17) }));
    for (const name of ['Shoe size', 'shoe_size']) {
      const { dataset } = await reading(csv(rows), { ignore: [name] });
      expect(dataset.schema.attributes.map((a) => a.name)).toEqual(['x', 'word']);
    }
  });

  it('with free text, long texts or dates leaves them out and says so', async () => {
    const rows = rowsOf(60, (i) => ({
      story: `${'He linesInEnglish that '.repeat(5 + (i % 3))}${i}`,
      long: 'y'.repeat(85 + (i % 2)),
      subject: i % 2 === 0 ? 'Credit reporting or other personal consumer reports' : 'Debt collection',
      day: `2026-03-${10 + (i % 10)}`,
    }));
    const read = await reading(csv(rows));
    // Nobody shares a story, however long it is; many share a subject.
    expect(fateOf(read, 'story')[0]).toBe('ignore');
    expect(fateOf(read, 'subject')).toEqual(['category', '2 texts']);
    expect(fateOf(read, 'long')).toEqual(['ignore', 'it holds free text']);
    expect(fateOf(read, 'day')[0]).toBe('ignore');
  });
});

describe('a file is refused', () => {
  const good = (): string => csv(rowsOf(40));
  it.each<[what: string, text: () => string | Uint8Array, message: RegExp, how?: Partial<TrainingColumns>]>([
    ['that is empty', () => '', /is empty: its first line should name the columns/],
    ['that has blank lines only', () => '\n\n', /is empty: its first line should name the columns/],
    ['with a header only', () => 'y,x\n', /no labelled rows that can be used\. It has a header only\./],
    ['without labels', () => 'y,x\n,1\n,2\n', /no labelled rows that can be used\. No row has a label\./],
    ['without its label column', good, /has no column fraud; it has y, x, word\./, { label: 'fraud' }],
    ['without its time column', good, /has no column when; it has y, x, word\./, { time: 'when' }],
    ['without a column to leave out', good, /has no column shoe; it has y, x, word\./, { ignore: ['shoe'] }],
    ['with the label and nothing else', () => 'y\n1\n0\n1\n0\n', /no column a model could learn from/],
    [
      'separated by semicolons, which its first line leaves open',
      () => 'y;x\tz\n1;2\n0;3\n',
      /only one column\. Say what separates its cells with --separator/,
    ],
    ['with one header twice', () => 'y,x,x\n1,2,2\n', /two columns named x\. Rename or remove one/],
    ['with headers left empty', () => 'y,x,,\n1,2,3,\n', /columns without a name/],
    [
      'with two headers that give one name',
      () => 'y,Hours Per-Week,hours_per_week\n1,2,2\n0,1,1\n',
      /The columns Hours Per-Week and hours_per_week cannot be told apart/,
    ],
    ['with one class only', () => csv(rowsOf(40).filter((r) => r['y'] === 1)), /are all scams \(1\)/],
    [
      'with labels 1 and 2',
      () => csv(rowsOf(40).map((r) => ({ ...r, y: Number(r['y']) + 1 }))),
      /are all scams \(1\)\. Most often \(20 rows\): y is neither 1 \(scam\) nor 0/,
    ],
    [
      'with labels that are words of its own',
      () => csv(rowsOf(40).map((r) => ({ ...r, y: ['good', 'bad'][Number(r['y'])]! }))),
      /no labelled rows that can be used\. Most often \(40 rows\): y is neither 1 \(scam\) nor 0/,
    ],
    [
      'most of whose rows are ragged',
      () => `${good()}${'1,2\n'.repeat(41)}`,
      /More than half of the rows .* Most often \(41 rows\): it has 2 cells where the header has 3\./,
    ],
    [
      'most of whose numbers are infinite',
      () => csv(rowsOf(40, (i) => ({ big: i % 3 === 0 ? i : 'inf' }))),
      /More than half of the rows .* big is infinite/,
    ],
    [
      'whose times are no dates',
      () => csv(rowsOf(40, (i) => ({ t: i / 40 }))),
      /no labelled rows that can be used\. Most often \(40 rows\): t is no date such as 2026-03-01/,
      { time: 't' },
    ],
    ['with a quote left open', () => `${good()}1,"2,3\n`, /is no well-formed CSV file: .*a quote is opened/],
    ['with a quote inside a cell', () => `${good()}1,2"3,4\n`, /is no well-formed CSV file: line 42: a quote stands/],
    ['that is packed and damaged', () => gzipSync(good()).subarray(0, 200), /packed with gzip and damaged/],
    ['that is no text', () => Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1, 2, 10, 0, 1]), /has no column y; it has PK\?+/],
    [
      'whose declared numbers are texts',
      good,
      /The schema file calls the column word a number, but none of its cells is a number/,
      kinds({ word: 'number' }),
    ],
    [
      'with declared columns it does not have',
      good,
      /The schema file names the column shoe, which the file does not have/,
      kinds({ shoe: 'number' }),
    ],
  ])('%s', async (_what, text, message, how = {}) => {
    const failed: Error = await reading(text(), how).then(
      () => new Error('It was read.'),
      (error: Error) => error,
    );
    expect(failed).toMatchObject({ name: 'OutpostError', code: expect.stringMatching(/^BAD_(CSV|INPUT)$/) });
    expect(failed.message).toMatch(message);
  });

  it('without a column its schema knows', async () => {
    const { dataset } = await reading(good());
    const schema = { kind: 'schema', schema: dataset.schema, texts: dataset.texts } as const;
    await expect(reading('y,other\n1,2\n0,1\n', { schema })).rejects.toThrow(
      saying('has no column of the schema data (x, word); it has y, other.'),
    );
  });

  it('that is not there, or is a folder', async () => {
    mkdirSync(join(folder, 'folder.csv'), { recursive: true });
    const read = (name: string) => readTraining(join(folder, name), plain);
    await expect(read('none.csv')).rejects.toThrow(saying(/none\.csv cannot be read: there is no such file/));
    await expect(read('folder.csv')).rejects.toThrow(saying(/folder\.csv cannot be read: it is a folder/));
  });
});

describe('registry train', () => {
  const run = (file: string, ...args: string[]) =>
    learnCommand([
      'train',
      '--data',
      file,
      '--out',
      join(mkdtempSync(join(folder, 'out-')), 'model'),
      '--runs',
      join(folder, 'runs'),
      ...args,
    ]);

  it.each(trainers)('refuses a column that tells the label, and has a way in for it (%s)', async (trainer) => {
    const leaky = written(csv(rowsOf(100, (_i, y) => ({ 'Paid Back': y ? 'yes' : 'no' }))), 'leaky.csv');
    const refused = await run(leaky, '--trainer', trainer);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('Paid Back is the label, or its opposite, in every row.');
    expect(refused.err).toContain('--allow-leak paid_back');
    expect(await run(leaky, '--trainer', trainer, '--ignore', 'paid_back')).toMatchObject({ code: 0 });
    expect(await run(leaky, '--trainer', trainer, '--allow-leak', 'paid_back')).toMatchObject({ code: 0 });
  });

  it('shows what it took each column for, and which rows it left out', async () => {
    const rows = rowsOf(100, (i) => ({ same: 0.1, empty: '', n: i === 4 ? 'inf' : i / 3 }));
    const { code, err } = await run(written(csv(rows), 'shown.csv'));
    expect(code).toBe(0);
    expect(err).toMatch(/x +number +numbers/);
    expect(err).toMatch(/same +left out +it is the same in every row/);
    expect(err).toMatch(/empty +left out +it is empty in every row/);
    expect(err).toContain('line 6: n is infinite, which no model reads');
  });

  it.each([
    ['one class', () => csv(rowsOf(40).filter((r) => r['y'] === 0)), 'are all genuine providers (0)'],
    ['too few rows', () => csv(rowsOf(8)), 'at least 5 confirmed scams'],
    ['a header only', () => 'y,x\n', 'It has a header only.'],
    ['semicolons and tabs', () => 'y;x\tz\n1;2\n', '--separator'],
  ])('refuses %s with a sentence and exit code 2', async (_what, text, message) => {
    const failed = await run(written(text(), 'refused.csv'));
    expect(failed).toMatchObject({ code: 2, out: '' });
    expect(failed.err).toContain(message);
    expect(failed.err).not.toMatch(/\n\s+at /);
  });
});
