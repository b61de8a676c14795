import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetBuilder, recordOf, type Dataset } from '../../../../learning/dataset/dataset.ts';
import { outsideOf } from '../../../../learning/dataset/outside-rows.ts';
import { profileOfDataset, profileOfRows } from '../../../../learning/dataset/profile.ts';
import { readTraining, type TrainingFile } from '../../../../learning/data/read-training.ts';
import { headOf, readSnapshot, writeSnapshot, writeSnapshotInTurns } from '../../../../learning/dataset/snapshot.ts';
import { splitRows } from '../../../../learning/train/split.ts';
import { defaultSettings } from '../../../../learning/train/settings.ts';
import { trainRun } from '../../../../learning/train/train.ts';
import { requireUtf8 } from '../../../../learning/data/utf8.ts';
import { profileOfEncoded } from '../../../support/drift.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { otherValue } from '../../../../shared/encoding/csv-facts.ts';
import { outsideReasonsOfRow } from '../../../../shared/encoding/encode.ts';
import { fc, test as prop } from '../../property.ts';
import { english } from '../../../support/commands.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-hygiene-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reading(content: string | Uint8Array): Promise<TrainingFile> {
  const file = join(folder, 'table.csv');
  writeFileSync(file, content);
  return readTraining(file, { label: 'y', time: null, ignore: [], schema: null, keepTwins: false });
}

/** Sixty rows with one column beside an honest one. */
function table(cell: (i: number) => string, rows = 60): string {
  const lines = Array.from({ length: rows }, (_, i) => `${cell(i)},${(i * 7) % 11}.5,${i % 2}`);
  return `column,beside,y\n${lines.join('\n')}\n`;
}

function fateOf({ columns: [first] }: TrainingFile): [string, string] {
  return [first!.kind, english.say(first!.why)];
}

function listed({ dataset }: TrainingFile): string[] {
  const [first] = dataset.schema.attributes;
  return first?.name === 'column' && first.kind === 'category' ? first.values : [];
}

describe('a text that may be somebody’s', () => {
  it.each<[what: string, cell: (i: number) => string]>([
    ['addresses', (i) => `p${i % 5}@mail.example`],
    ['pages', (i) => `https://pay.example/${i % 5}`],
    ['telephone numbers', (i) => `+91 98450 1234${i % 5}`],
    ['grouped telephone numbers', (i) => `call 212-555-010${i % 5}`],
  ])('is not listed in a schema: a column of %s is left out', async (_what, cell) => {
    const read = await reading(table(cell));
    expect(fateOf(read)).toEqual(['ignore', 'it holds addresses or numbers of people']);
    expect(JSON.stringify(read.dataset.schema)).not.toMatch(/example|98450|555/);
  });

  it('counts as another value in a column of honest ones, and no row is lost', async () => {
    const read = await reading(table((i) => (i === 7 ? 'me@mail.example' : ['phone', 'visit'][i % 2]!)));
    expect(listed(read)).toEqual(['phone', 'visit']);
    expect(read.rejected.total).toBe(0);
    const values = Array.from({ length: 60 }, (_, i) => recordOf(read.dataset, i).encoded['column']);
    expect(values.filter((v) => v === otherValue)).toHaveLength(1);
  });

  it('is not seen in codes and ranges', async () => {
    expect(listed(await reading(table((i) => ['50000-99999', '100000-149999'][i % 2]!)))).toHaveLength(2);
    expect(listed(await reading(table((i) => `A-10${i % 4}`)))).toHaveLength(4);
  });
});

describe('a manifest, which leaves the centre', () => {
  it('holds no text that only a few rows have: neither its schema nor its background rows', async () => {
    const person = (i: number): string => `Person ${String.fromCodePoint(0x4e00 + (i % 50))}`;
    const read = await reading(table((i) => (i < 100 ? person(i) : ['agent', 'owner'][i % 2]!), 200));
    expect(listed(read)).toEqual(['agent', 'owner']);
    const { manifest } = trainRun(read.dataset, {
      ...defaultSettings,
      seed: 1,
      name: 'Names',
      created: '2026-01-01T00:00:00.000Z',
      expires: '2027-01-01',
      codeVersion: 'test',
      simulated: false,
    });
    expect(manifest.background.some((row) => row['column'] === otherValue)).toBe(true);
    expect(JSON.stringify(manifest)).not.toContain('Person');
  });
});

/** All digits of a manifest, and every number of a graph's bytes that 32 or 64 bits there can be read as. */
function numbersIn(model: Uint8Array): Set<number> {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const found = new Set<number>();
  for (let at = 0; at + 8 <= model.byteLength; at++) {
    found.add(view.getFloat32(at, true));
    found.add(view.getFloat64(at, true));
    found.add(Number(view.getBigInt64(at, true)));
  }
  return found;
}

const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const spellings: Readonly<Record<string, (digits: string) => string>> = {
  plain: (n) => n,
  international: (n) => `+1.${n}`,
  'in two parts': (n) => `${n.slice(0, 3)}-${n.slice(3)}`,
  'in pairs': (n) => n.replaceAll(/(..)(?=.)/g, '$1 '),
  bracketed: (n) => `(${n.slice(0, 3)}) ${n.slice(3)}`,
  'in words': (n) => n.replaceAll(/\d/g, (digit) => `${digitWords[Number(digit)]!} `).trim(),
  'in numerals of cheques': (n) => n.replaceAll(/\d/g, (digit) => '零壹贰叁肆伍陆柒捌玖'[Number(digit)]!),
  'with letters for digits': (n) => n.replaceAll('0', 'O').replaceAll('1', 'l'),
  'in other digits': (n) => n.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit))),
};

describe.each(['logistic', 'boosting'] as const)('a model of the %s trainer', (trainer) => {
  const people = Array.from({ length: 30 }, (_, i) => String(2_345_678 + i * 241_130));
  const trained = (read: TrainingFile) =>
    trainRun(read.dataset, {
      ...defaultSettings,
      trainer,
      params: {},
      seed: 1,
      name: 'Numbers',
      created: '2026-01-01T00:00:00.000Z',
      expires: '2027-01-01',
      codeVersion: 'test',
      simulated: false,
    });

  it.each(Object.keys(spellings))('holds nobody’s number, written %s, among other texts', async (spelling) => {
    const texts = people.map(spellings[spelling]!);
    const read = await reading(table((i) => (i % 2 === 0 ? ['agent', 'owner'][(i / 2) % 2]! : texts[i % 30]!), 900));
    expect(listed(read).toSorted()).toEqual(['agent', 'owner']);
    const { manifest, model } = trained(read);
    const held = `${JSON.stringify(manifest)} ${Buffer.from(model).toString('utf8')}`;
    for (const text of [...texts, ...people]) expect(held).not.toContain(text);
  });

  it.each<[what: string, cell: (i: number) => string]>([
    ['inferred as amounts, among others', (i) => (i % 3 === 0 ? people[i % 30]! : String((i * 37) % 5000))],
    ['declared as numbers', (i) => people[(i * 7) % 30]!],
    ['with unknown cells', (i) => (i % 4 === 0 ? '' : people[(i * 7) % 30]!)],
    ['that are one person’s', (i) => (i % 4 === 0 ? '' : people[3]!)],
    ['of two people', (i) => people[(i % 7) % 2]!],
    ['behind a point', (i) => (i % 4 === 0 ? '' : `0.${people[(i * 7) % 30]!}`)],
    [
      'with a point in them',
      (i) => (i % 4 === 0 ? '' : `${people[(i * 7) % 30]!.slice(0, 3)}.${people[(i * 7) % 30]!.slice(3)}`),
    ],
    ['with an exponent', (i) => `${people[(i * 7) % 30]!}e3`],
  ])('holds nobody’s number of a column %s', async (_what, cell) => {
    const file = join(folder, 'numbers.csv');
    writeFileSync(file, table(cell, 900));
    const kinds = new Map([['column', 'number' as const]]);
    const schema = { kind: 'kinds' as const, kinds };
    const read = await readTraining(file, { label: 'y', time: null, ignore: [], schema, keepTwins: false });
    const { manifest, model } = trained(read);
    const text = JSON.stringify(manifest).replaceAll(/(?<=\d)\.(?=\d)/g, '');
    const held = numbersIn(model);
    for (const number of people) {
      expect(text).not.toContain(number);
      for (const power of [1, 1e-7, 1e-4, 1e3]) {
        expect(held.has(Number(number) * power)).toBe(false);
        expect(held.has(Math.fround(Number(number) * power))).toBe(false);
      }
    }
  });
});

describe('a file or column called after somebody', () => {
  it('gives no model its name', async () => {
    const file = join(folder, 'calls of 9810012345.csv');
    writeFileSync(file, table((i) => ['phone', 'visit'][i % 2]!).replace('column', 'call 98100 12345'));
    const columns = { label: 'y', time: null, ignore: [], schema: null, keepTwins: false };
    const read = await readTraining(file, columns);
    expect(fateOf(read)).toEqual([
      'ignore',
      'its header holds an address or number of somebody, which would stand in the model: call it something else, or declare its kind if it holds none',
    ]);
    expect(JSON.stringify(read.dataset.schema)).not.toMatch(/98100/);
  });

  it('is learned from when a schema file declares it: the header is its holder’s word, its cells are not', async () => {
    const file = join(folder, 'declared.csv');
    const cell = (i: number): string => ['phone', 'visit', 'call 98100 12345'][i % 3]!;
    writeFileSync(file, table(cell).replace('column', 'call 98100 12345'));
    const kinds = new Map([['call 98100 12345', 'category' as const]]);
    const schema = { kind: 'kinds' as const, kinds };
    const { dataset } = await readTraining(file, { label: 'y', time: null, ignore: [], schema, keepTwins: false });
    expect(dataset.schema.attributes[0]).toMatchObject({ name: 'call_98100_12345', values: ['phone', 'visit'] });
  });

  it.each(['income above 1000000', '2019 2020 2021', 'Q1 2025 to Q3 2026'])(
    'is none called %s: the column is learned from and the model keeps the name',
    async (name) => {
      const file = join(folder, `${name}.csv`);
      writeFileSync(file, table((i) => ['yes', 'no'][i % 2]!).replace('column', name));
      const { dataset, columns } = await readTraining(file, {
        label: 'y',
        time: null,
        ignore: [],
        schema: null,
        keepTwins: false,
      });
      expect(columns[0]).toMatchObject({ header: name, kind: 'boolean' });
      expect(dataset.schema.id).toBe(name);
    },
  );
});

describe('versions of programs', () => {
  it('are listed where their column shows them', async () => {
    const versions = ['Windows 10.0.19045', 'Windows 10.0.22631'];
    expect(listed(await reading(table((i) => versions[i % 2]!)))).toEqual(versions);
  });

  it('are not taken for numbers of telephones with dots', async () => {
    for (const one of ['9.0.81055.5123', '555.0.123', '49.0.89.1234']) {
      const read = await reading(table((i) => ['phone', 'visit', `${one}${i % 4}`][i % 3]!));
      expect(listed(read)).toEqual(['phone', 'visit']);
    }
  });
});

describe('a column of numbers of people', () => {
  it.each([
    ['seven digits', (i: number) => String(2_345_678 + ((i * 7919) % 60) * 101_113)],
    ['three and four digits', (i: number) => `${200 + ((i * 7919) % 60) * 13}.${1001 + ((i * 7919) % 60) * 102}`],
    ['five and five digits', (i: number) => `${98_100 + ((i * 7919) % 60)}.${10_001 + ((i * 7919) % 60) * 1012}`],
    ['ten digits', (i: number) => String(9_810_000_001 + ((i * 7919) % 60) * 1_234_567)],
  ])('of %s is left out; amounts stay', async (_what, cell) => {
    expect(fateOf(await reading(table(cell)))).toEqual([
      'ignore',
      'its numbers look like those of telephones or accounts; declare it a number if they are amounts',
    ]);
    expect((await reading(table((i) => String(((i * 7919) % 60) * 41_000 + 900_000)))).columns[0]!.kind).toBe('number');
  });

  it('that come often is no category of them', async () => {
    const read = await reading(table((i) => String(5_550_107 + (i % 4) * 13), 3000));
    expect(read.columns[0]!.kind).toBe('ignore');
  });
});

describe('whole numbers that count the rows', () => {
  it('are left out, with gaps too; amounts that are not in order stay', async () => {
    const why = 'it counts the rows; declare it a number if it says more';
    expect(fateOf(await reading(table((i) => String(1000 + i))))).toEqual(['ignore', why]);
    expect(fateOf(await reading(table((i) => String(1000 + i + Math.floor(i / 3)))))).toEqual(['ignore', why]);
    expect((await reading(table((i) => String(1000 + ((i * 37) % 60))))).columns[0]).toMatchObject({ kind: 'number' });
    expect((await reading(table((i) => String(i * 90)))).columns[0]).toMatchObject({ kind: 'number' });
  });
});

describe('numbers mixed with words', () => {
  it('say how many words keep them from being numbers', async () => {
    const read = await reading(table((i) => (i % 50 === 3 ? 'many' : (i * 1.37).toFixed(4)), 3000));
    expect(fateOf(read)[0]).toBe('ignore');
    expect(fateOf(read)[1]).toMatch(
      /60 of its cells are no numbers, most often “many” \(60 cells\): .* declare it a number/,
    );
  });
});

describe('text of a file', () => {
  it('is refused when it is no UTF-8', async () => {
    const latin = Buffer.from(
      table((i) => `café${i % 3}`),
      'latin1',
    );
    await expect(reading(latin)).rejects.toMatchObject({ code: 'BAD_CSV', message: expect.stringContaining('UTF-8') });
    const message = expect.stringMatching(/is UTF-16 text.*Save it as “CSV UTF-8”/);
    for (const mark of ['\uFEFF', '']) {
      const wide = Buffer.from(`${mark}${table((i) => `v${i % 3}`)}`, 'utf16le');
      await expect(reading(wide)).rejects.toMatchObject({ code: 'BAD_CSV', message });
      await expect(reading(Buffer.from(wide).swap16())).rejects.toMatchObject({ code: 'BAD_CSV', message });
    }
    expect((await reading(table((i) => `café${i % 3}`))).dataset.frame.rows).toBe(60);
  });

  prop(
    'goes through as it is, wherever it is cut; cut short inside a letter it is refused',
    [fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3 })],
    async (text, size) => {
      const bytes = Buffer.from(text);
      const pieces = (of: Buffer): Buffer[] =>
        Array.from({ length: Math.ceil(of.length / size) }, (_, i) => of.subarray(i * size, (i + 1) * size));
      const through = (of: Buffer): Promise<Buffer> => buffer(Readable.from(pieces(of)).pipe(requireUtf8('a.csv')));
      expect((await through(bytes)).equals(bytes)).toBe(true);
      if (bytes.at(-1)! >= 0x80) {
        await expect(through(bytes.subarray(0, -1))).rejects.toMatchObject({ code: 'BAD_CSV' });
      }
    },
  );
});

const anyRow = fc.record({
  encoded: fc.record(
    Object.fromEntries(
      complaintsSchema.attributes.map((a) => [
        a.name,
        a.kind === 'category'
          ? fc.constantFrom('', 'never listed', ...a.values)
          : fc.oneof(fc.constantFrom(0, 1, NaN), fc.float({ noNaN: true, noDefaultInfinity: true })),
      ]),
    ),
  ),
  label: fc.constantFrom(0 as const, 1 as const),
  weight: fc.constantFrom(1, 0.5, 4),
  received: fc.constantFrom('2026-01-01', '2026-02-03', '2026-02-04', '2026-05-01'),
  incident: fc.constantFrom(null, 'I-1', 'I-2', 'I-3'),
  scammer: fc.constantFrom(null, 'S-1', 'S-2'),
  tactics: fc.subarray(['upi', 'teamviewer', 'remote_access']),
  tacticsNoted: fc.subarray(['upi', 'teamviewer', 'remote_access']),
});
const anyDataset = fc.array(anyRow, { minLength: 1, maxLength: 25 }).map((rows): Dataset => {
  const builder = datasetBuilder(complaintsSchema);
  rows.forEach((row) => builder.addEncoded(row));
  return builder.build();
});

describe('the profile of a dataset', () => {
  prop('is that of its rows, and goes with its snapshot', [anyDataset], (dataset) => {
    const rows = Array.from({ length: dataset.frame.rows }, (_, i) => recordOf(dataset, i));
    const cases = rows.map(({ encoded: row, tacticsNoted: tactics, weight = 1 }) => ({ row, tactics, weight }));
    const profile = profileOfDataset(dataset);
    expect(profile).toEqual(profileOfEncoded(complaintsSchema, cases));
    const provenance = { from: 'file' as const, name: 'a', sha256: null, columns: [], rejected: [], unlabelled: 0 };
    const bytes = writeSnapshot(dataset, { ...provenance, columns: [], simulated: true });
    expect(readSnapshot(bytes).head.profile).toEqual(profile);
  });
});

describe('columns of a dataset', () => {
  prop('say of rows what the rows say one by one', [anyDataset, fc.nat(6)], (dataset, drop) => {
    const { frame, schema } = dataset;
    const rows = Uint32Array.from({ length: frame.rows }, (_, i) => i).filter((i) => i % 7 !== drop);
    const records = Array.from(rows, (i) => recordOf(dataset, i));
    const rule = { maxMissingShare: 0.3 };
    const outside = records.map(
      ({ encoded, tactics }) => outsideReasonsOfRow(schema, encoded, tactics, rule).length > 0,
    );
    expect([...outsideOf(dataset, rows, rule.maxMissingShare)]).toEqual(outside.map(Number));
    const [weights, scores] = [rows, rows].map(() => new Float64Array(rows.length));
    const cases = records.map(({ encoded: row, tacticsNoted: tactics }, k) => {
      weights![k] = 0.25 * (k + 1);
      scores![k] = k % 3 === 0 ? NaN : k / rows.length;
      return { row, tactics, score: k % 3 === 0 ? null : k / rows.length, weight: 0.25 * (k + 1) };
    });
    expect(profileOfRows(dataset, rows, weights!, scores!)).toEqual(profileOfEncoded(schema, cases));
  });

  it('are written to the same snapshot beside other work', async () => {
    const dataset = fc.sample(anyDataset, { numRuns: 1, seed: 4 })[0]!;
    const provenance = { from: 'file' as const, name: 'a', sha256: null, rejected: [], unlabelled: 0, simulated: true };
    const bytes = writeSnapshot(dataset, { ...provenance, columns: [] });
    expect(await writeSnapshotInTurns(dataset, headOf(dataset, { ...provenance, columns: [] }))).toEqual(bytes);
  });
});

describe('a split', () => {
  const rule = fc.oneof(
    fc.record({
      by: fc.constant('time' as const),
      cut: fc.constantFrom(null, '2026-02-03', '2026-04-01'),
      share: fc.constantFrom(0.2, 0.5),
    }),
    fc.record({ by: fc.constantFrom('incident', 'scammer', 'random'), share: fc.constantFrom(0.2, 0.5) }),
  );
  prop(
    'never has an incident on both sides, nor a scammer when it goes by scammer or chance, and follows from its seed',
    [anyDataset, rule, fc.nat(1000)],
    (dataset, by, seed) => {
      const { train, holdOut, cut } = splitRows(dataset, by, seed);
      const { incidents, scammers, frame } = dataset;
      const apart = by.by === 'scammer' || by.by === 'random' ? [incidents, scammers, frame.groups] : [incidents];
      for (const numbers of apart) {
        const seen = new Set(Array.from(train, (i) => numbers[i]!));
        expect(holdOut.some((i) => seen.has(numbers[i]!))).toBe(false);
      }
      expect(splitRows(dataset, by, seed)).toEqual({ train, holdOut, cut });
      const all = [...train, ...holdOut];
      expect(new Set(all).size).toBe(all.length);
      if (by.by === 'time' && cut === null) {
        // One side would have been empty.
        expect([train.length, holdOut.length, by.cut]).toEqual([dataset.frame.rows, 0, null]);
      } else if (by.by === 'time') {
        expect(train.every((i) => dataset.received[i]! < cut!)).toBe(true);
        expect(holdOut.every((i) => dataset.received[i]! >= cut!)).toBe(true);
      } else expect(all).toHaveLength(dataset.frame.rows);
    },
    200,
  );
});
