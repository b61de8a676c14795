import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchColumn } from '../../../../learning/schema/columns.ts';
import { inferSchema, type ColumnReport, type Kind } from '../../../../learning/schema/infer.ts';
import { labelIn } from '../../../../learning/data/labels.ts';
import { readTraining } from '../../../../learning/data/read-training.ts';
import { parseSchemaFile } from '../../../../learning/schema/schema-file.ts';
import { rowOf } from '../../../../learning/dataset/frame.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { featureSchemaSchema, type Attribute, type FeatureSchema } from '../../../../shared/encoding/schema.ts';
import { OutpostError } from '../../../../shared/errors/index.ts';
import { readLabelledCsv } from '../../../support/labelled-csv.ts';
import { fc, test as prop } from '../../property.ts';
import { saying } from '../../../support/saying.ts';
import { english } from '../../../support/commands.ts';
import { rejectedLines } from '../../../support/in-english.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-data-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string, name = 'table.csv'): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

type Cells = readonly (string | number)[];

function inferred(columns: Record<string, Cells>, declared: Record<string, Kind> = {}, labels?: readonly (0 | 1)[]) {
  const watched = Object.entries(columns).map(([header, cells]) => {
    const watcher = watchColumn(header);
    cells.forEach((cell, i) => watcher.see(String(cell), labels?.[i] ?? (i % 2 === 0 ? 1 : 0), i + 2));
    return watcher.facts();
  });
  const { schema: made, columns: reports } = inferSchema('table', watched, new Map(Object.entries(declared)));
  return { schema: made, columns: reports.map((report) => ({ ...report, why: english.say(report.why) })) };
}

/** What a column is taken for, beside an honest one. */
function fate(cells: Cells, labels?: readonly (0 | 1)[]): Omit<ColumnReport, 'why'> & { why: string } {
  return inferred({ column: cells, beside: cells.map((_, i) => i * 1.5) }, {}, labels).columns[0]!;
}

function attribute(cells: Cells): Attribute {
  return inferred({ column: cells }).schema.attributes[0]!;
}

const times = (count: number, cells: Cells): Cells => Array.from({ length: count }, () => cells).flat();

describe('the kind of a column', () => {
  it.each<[cells: Cells, kind: Kind]>([
    [['0', '1', ''], 'boolean'],
    [['0.0', '1.0'], 'boolean'],
    [['yes', 'No', '?'], 'boolean'],
    [['TRUE', 'false', 'NA'], 'boolean'],
    [['y', 'n'], 'boolean'],
    [['1.5', '-2', '+3', '.5', '5.', '1e5', '1E-3', 'NaN', 'null'], 'number'],
    [['0', '1', '2.5'], 'number'],
    [['red', 'blue', 'red'], 'category'],
    [['1', '2', 'x', 'x'], 'category'],
    [['yes', 'no', 'perhaps'], 'category'],
    [['1,5', '2,5', '3,5', 'a', 'b'], 'category'],
    [['', '?', 'unknown'], 'ignore'],
    [['7', '7', '7'], 'ignore'],
  ])('%j: %s', (cells, kind) => {
    expect(fate(kind === 'category' ? times(3, cells) : cells).kind).toBe(kind);
  });

  it('is a number although one cell in a thousand is a word: that row is a mistake', () => {
    const numbers = Array.from({ length: 2000 }, (_, i) => i / 3);
    expect(fate([...numbers, 'oops']).kind).toBe('number');
    expect(fate([...numbers, 'oops', 'oops', 'oops'])).toMatchObject({
      kind: 'ignore',
      why: expect.stringContaining('3 of its cells are no numbers'),
    });
    expect(fate(['inf', '1e300', ...numbers.slice(0, 5)]).kind).toBe('number');
  });

  it('says when its numbers are too far from zero to be separated in float32', () => {
    const close = Array.from({ length: 1000 }, (_, i) => 1e9 + ((i * 7) % 1000) / 10);
    expect(fate(close)).toMatchObject({
      kind: 'number',
      why: expect.stringContaining('of 1000 different ones only 3'),
    });
    expect(fate(close.map((value) => value - 1e9)).why).toBe('numbers');
  });

  it('of few whole numbers follows from how many rows each has, never from the labels', () => {
    expect(fate(times(300, [1, 2, 3, 4, 5, 6, 7])).kind).toBe('number');
    expect(fate(times(600, [1, 2, 3, 4, 5, 6, 7])).kind).toBe('category');
    expect(
      fate(
        times(
          600,
          Array.from({ length: 13 }, (_, i) => i),
        ),
      ).kind,
    ).toBe('number');
  });

  it('that is kept out is reported, with why', () => {
    const report = (cells: Cells) => fate(cells).why;
    expect(report(Array.from({ length: 25_000 }, (_, i) => `case ${i}`))).toBe(
      'nearly every row has a text of its own',
    );
    expect(report(Array.from({ length: 5000 }, (_, i) => `case ${i}`))).toMatch(/^5000 different texts: it looks like/);
    expect(report(['x'.repeat(81), 'y'.repeat(81), 'x'.repeat(81), 'y'.repeat(81)])).toBe('it holds free text');
  });

  it('can be declared, unless the cells say otherwise', () => {
    const columns = { day: times(3, [1, 2, 3, 4]), word: times(3, ['a', 'b', 'a', 'c']), none: times(12, ['']) };
    const declared = inferred(columns, { day: 'category', none: 'number', word: 'ignore' });
    expect(declared.columns.map((c) => c.kind)).toEqual(['category', 'ignore', 'ignore']);
    expect(() => inferred(columns, { word: 'number' })).toThrow(saying('none of its cells is a number'));
    expect(() => inferred({ text: ['x'.repeat(90), 'y'.repeat(90)] }, { text: 'category' })).toThrow(
      saying('longer than 80 letters'),
    );
    expect(() => inferred({ same: [1, 1] })).toThrow(saying('no column a model could learn from'));
  });
});

describe('an inferred attribute', () => {
  it('is never guessed where numbers have commas: the column is refused by name unless its kind is declared', () => {
    const cells = [...times(9, ['1,5', '2', '1,234.5']), 'x'];
    expect(() => attribute(cells)).toThrow(
      saying(/column column has numbers with a comma \(18 cells, the first on line 2\)/),
    );
    expect(inferred({ column: cells }, { column: 'category' }).schema.attributes[0]!.kind).toBe('category');
  });

  it('lists texts by how many rows have them, then in order', () => {
    const found = attribute(times(3, ['b', 'c', 'a', 'c', 'B', 'b', 'c']));
    expect(found.kind === 'category' && found.values).toEqual(['c', 'b', 'B', 'a']);
  });

  it('lists no text that is in one or two rows only, and says how many there are: it may be a name', () => {
    const cells = [...times(40, ['Asha Rao', 'Ben Ode', 'Cleo Tan']), 'Priya Unique', 'Omar Twice', 'Omar Twice'];
    const { schema, columns } = inferred({ name: cells, beside: cells.map((_, i) => i * 1.5) });
    expect(JSON.stringify(schema)).toContain('Asha Rao');
    expect(JSON.stringify(schema)).not.toMatch(/Unique|Twice/);
    expect(columns[0]).toMatchObject({
      kind: 'category',
      why: '5 texts; not listed (read as another value, not as unknown): 2 in fewer than 3 rows',
    });
    expect(JSON.stringify(inferred({ name: cells }, { name: 'category' }).schema)).not.toMatch(/Unique|Twice/);
  });

  it('lists of texts that come seldom, each in few rows, those in ten rows and more only', () => {
    const seldom = Array.from({ length: 60 }, (_, i) =>
      times(3, [`Person ${String.fromCodePoint(0x4e00 + i)}`]),
    ).flat();
    const found = inferred({ name: [...times(100, ['agent', 'owner']), ...seldom] });
    expect(found.schema.attributes).toMatchObject([{ values: ['agent', 'owner'] }]);
    expect(found.columns[0]!.why).toBe(
      '62 texts; not listed (read as another value, not as unknown): 60 in fewer than 10 rows',
    );
    expect(fate(seldom)).toMatchObject({ kind: 'ignore', why: expect.stringContaining('no text of it is in 10 rows') });
    // Levels that are rare among many rows are few, and stay.
    const levels = inferred({ level: [...times(2000, ['clerk', 'farmer']), ...times(3, ['soldier'])] });
    expect(levels.schema.attributes).toMatchObject([{ values: [expect.any(String), expect.any(String), 'soldier'] }]);
  });

  it('lists texts with digits, or like a house number, when ten rows have them; long ones and addresses never', () => {
    const long = 'x'.repeat(81);
    const found = inferred({
      column: [...times(10, ['2015', 'level 2', 'pay.example', long]), ...times(9, ['2016', 'level 3', 'plain'])],
    });
    expect(found.schema.attributes).toMatchObject([{ values: ['2015', 'level 2', 'plain'] }]);
    expect(found.columns[0]!.why).toBe(
      '7 texts; not listed (read as another value, not as unknown): 2 with digits or like an address in fewer than 10 rows, 1 with addresses or numbers of people, 1 longer than 80 letters; most of its rows have a text that is not listed',
    );
  });

  it('has fixed bins that are unique deciles in float32, never the smallest value', () => {
    const found = attribute(Array.from({ length: 100 }, (_, i) => i / 10));
    const deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(Math.fround);
    expect(found.kind === 'number' && found.bins).toEqual(deciles);
    const peak = attribute([...times(95, [0]), ...Array.from({ length: 5 }, (_, i) => i + 0.5)]);
    expect(peak.kind === 'number' && peak.bins).toEqual([0.5, 1.5, 2.5, 3.5, 4.5]);
  });

  it('gives a value that most rows have a bin of its own, and parts the others on both sides', () => {
    const others = Array.from({ length: 81 }, (_, i) => i - 40).filter((x) => x !== 3);
    const found = attribute([...times(300, [3]), ...others]);
    // Eighths of the 80 others, and the edges of 3 itself.
    expect(found.kind === 'number' && found.bins).toEqual([-30, -20, -10, 0, 3, 4, 11, 21, 31]);
    const top = attribute([...times(60, [7]), ...Array.from({ length: 8 }, (_, i) => i - 2)]);
    expect(top.kind === 'number' && top.bins).toEqual([-1, 0, 1, 2, 3, 4, 5, 7]);
  });

  prop(
    'is one the schema takes, whatever the cells and headers',
    [
      fc.uniqueArray(fc.string({ minLength: 0, maxLength: 250, unit: 'binary' }), { minLength: 1, maxLength: 4 }),
      fc.array(
        fc.oneof(
          fc.double({ noNaN: true }).map(String),
          fc.string({ unit: 'binary', maxLength: 70 }),
          fc.constantFrom('', '0', '1', 'a'),
        ),
        { minLength: 1, maxLength: 20 },
      ),
    ],
    (headers, cells) => {
      const columns = Object.fromEntries(headers.map((header) => [header, cells]));
      try {
        const { schema } = inferred(columns);
        const names = new Set(schema.attributes.map((a) => a.name));
        if (names.size === schema.attributes.length) featureSchemaSchema.parse(schema);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('no column a model') });
      }
    },
  );
});

describe('a label', () => {
  it.each([
    ['1', 1],
    ['1.0', 1],
    [' Yes ', 1],
    ['TRUE', 1],
    ['confirmed_scam', 1],
    ['0', 0],
    ['0.0', 0],
    ['genuine', 0],
    ['', null],
    ['inconclusive', null],
    ['2', undefined],
    ['-1', undefined],
    ['0.5', undefined],
    ['constructor', undefined],
  ])('%j is read as %j', (text, label) => {
    expect(labelIn(text)).toBe(label);
  });
});

describe('a schema file', () => {
  it('is a whole schema or kinds by header', () => {
    expect(parseSchemaFile(JSON.stringify(complaintsSchema))).toEqual({
      kind: 'schema',
      schema: complaintsSchema,
      texts: [],
    });
    expect(parseSchemaFile('{"columns":{"day":"category","Id no":"ignore"}}')).toEqual({
      kind: 'kinds',
      kinds: new Map([
        ['day', 'category'],
        ['Id no', 'ignore'],
      ]),
    });
  });

  it.each([
    ['{', /is no JSON text/],
    ['[]', /cannot be used/],
    ['{"columns":{"day":"date"}}', /cannot be used.*day/],
    ['{"kinds":{}}', /cannot be used/],
    [JSON.stringify({ ...complaintsSchema, attributes: [] }), /cannot be used.*attributes/],
  ])('%s is refused', (text, message) => {
    expect(() => parseSchemaFile(text)).toThrow(message);
    expect(() => parseSchemaFile(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

const plain = { label: 'y', time: null, ignore: [], schema: null, keepTwins: false };

const cell = fc.oneof(
  fc.constantFrom('', '0', '1', 'yes', 'no', '?', 'a', 'b', 'inf', '1e300', '-0', '2026-03-01', '"', '\n', '\r\n', ','),
  fc.double().map(String),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const header = fc.oneof(
  fc.constantFrom('x', 'incident', 'scammer', 'constructor', '__proto__', 'tactics', 'received', 'Größe', 'a b'),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const table = fc
  .record({
    headers: fc.uniqueArray(header, { minLength: 1, maxLength: 4, selector: (name) => name.trim() }),
    ragged: fc.boolean(),
  })
  .chain(({ headers, ragged }) => {
    const cells = fc.array(cell, ragged ? { maxLength: 6 } : { minLength: headers.length, maxLength: headers.length });
    const label = fc.constantFrom('0', '1', '0', '1', '0', '1', '', '7', 'scam');
    const rows = fc.array(
      fc.tuple(label, cells).map(([y, rest]) => [y, ...rest]),
      { maxLength: 25 },
    );
    return fc.record({ headers: fc.constant(['y', ...headers]), rows });
  });

describe('reading any table', () => {
  prop(
    'takes in each row, rejects it or counts it as unlabelled; or refuses the file with a sentence',
    [table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean()],
    async ({ headers, rows }, end, quoted, bom) => {
      const text = stringify([headers, ...rows], { record_delimiter: end, quoted, quoted_match: /[\r\n]/, bom });
      try {
        const { dataset, rejected, unlabelled } = await readTraining(written(text), plain);
        // A row of separators only is no case; nor is an empty line, but in a file of one column.
        const alone = headers.slice(1).join('').trim() === '';
        const cases = rows.filter((row) => row.join('').trim() !== '' || (row.length < 2 && alone));
        expect(dataset.frame.rows + rejected.total + unlabelled).toBe(cases.length);
        const reasons = rejected.reasons.reduce((sum, { rows: n }) => sum + n, 0);
        expect(reasons).toBe(rejected.total);
        featureSchemaSchema.parse(dataset.schema);
      } catch (error) {
        expect(error).toBeInstanceOf(OutpostError);
        expect((error as OutpostError).code).toMatch(/^BAD_(CSV|INPUT)$/);
        expect((error as OutpostError).message).toMatch(/\.$/);
      }
    },
    300,
  );

  prop(
    'gives numbers and texts back as they were written',
    [
      fc.array(
        fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('a', 'b "c"', 'd, e', 'é')),
        {
          minLength: 20,
          maxLength: 40,
        },
      ),
    ],
    async (pairs) => {
      const rows = pairs.map(([x, word], i) => [i % 2, x, word]);
      const text = stringify([['y', 'x', 'word'], ...rows]);
      const declared = parseSchemaFile('{"columns":{"x":"number","word":"category"}}');
      const { dataset } = await readTraining(written(text), { ...plain, schema: declared });
      const found = Array.from({ length: rows.length }, (_, i) => {
        const { x, word } = rowOf(dataset.frame, i);
        return JSON.stringify([dataset.frame.labels[i], x, word]);
      });
      expect(found.toSorted()).toEqual(rows.map((row) => JSON.stringify(row)).toSorted());
    },
    30,
  );

  prop(
    'gives the same dataset whatever the order of the rows',
    [
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b', '')), {
        minLength: 8,
        maxLength: 30,
      }),
    ],
    async (pairs) => {
      const rows = pairs.map(([x, word], i) => [i % 2, x + i / 100, word]);
      const declared = parseSchemaFile('{"columns":{"x":"number","word":"category"}}');
      const hashOf = async (list: typeof rows) => {
        // Three rows with one text: a category whose texts all come once or twice is refused.
        const last = [1.5, 1.6, 1.7].map((x) => [1, x, 'a']);
        const file = written(stringify([['y', 'x', 'word'], ...list, ...last]));
        return (await readTraining(file, { ...plain, schema: declared })).dataset.hash;
      };
      expect(await hashOf(rows.toReversed())).toBe(await hashOf(rows));
    },
    20,
  );
});

const schema: FeatureSchema = {
  ...complaintsSchema,
  id: 'table',
  attributes: [
    {
      ...{ name: 'hours_per_week', label: 'Hours', question: 'Hours?', group: 'more', shareable: true, since: 1 },
      ...{ kind: 'number', unit: 'h', min: 0, max: 168, bins: [40] },
    } as Attribute,
  ],
};

describe('reading rows to judge a model by', () => {
  it('finds columns by the name their header gives, keeps the file’s order and every case of an incident', async () => {
    const file = written('y,incident,Hours Per-Week,more\n1,a,50,x\n0,a,20,x\n1,b,,x\n0,b,900,x\n');
    const { rows, rejected, unmapped } = await readLabelledCsv(file, schema, { label: 'y' });
    expect(rows.map((row) => [row.label, row.incident, row.facts.attributes['hours_per_week']])).toEqual([
      [1, 'a', 50],
      [0, 'a', 20],
      [1, 'b', undefined],
    ]);
    expect(rejectedLines(rejected.first)).toEqual([[5, 'Hours Per-Week is outside 0 to 168 h']]);
    expect(unmapped).toEqual(['more']);
  });

  it('takes a file of one class: there is something to judge', async () => {
    const file = written('y,hours_per_week\n1,50\n1,20\n');
    expect((await readLabelledCsv(file, schema, { label: 'y' })).rows).toHaveLength(2);
  });
});

describe('dots in numbers', () => {
  const column = (cells: readonly string[], declared: Record<string, 'number'> = {}) =>
    inferred({ column: [...times(10, cells)] }, declared).columns[0]!.kind;

  it('are refused where all of them may stand between thousands, unless the column is declared', () => {
    expect(() => column(['1.440', '12.000', '7'])).toThrow(
      saying(/column column has numbers with a dot before three digits \(20 cells, the first on line 2\)/),
    );
    expect(column(['1.440', '12.000', '7.5'])).toBe('number');
    expect(column(['0.125', '0.250', '7'])).toBe('number');
    expect(column(['1.440', '12.000', '7'], { column: 'number' })).toBe('number');
  });

  it('are refused where one of them stands between thousands in some, and beside a currency', () => {
    expect(() => column(['7.5', '12.000', '1.440.000'])).toThrow(saying(/the first on line 3/));
    expect(() => column(['7 EUR', '12.000 EUR', '€ 3'])).toThrow(
      saying(/amounts with a currency \(30 cells\) whose dots or commas .*the first on line 3: 12.000 EUR may be/),
    );
    expect(() => column(['$500', '$1,000'])).toThrow(saying(/amounts with a currency/));
    const { columns } = inferred({ column: times(10, ['7 EUR', '12 EUR', '30 EUR']) });
    expect(columns[0]).toMatchObject({ kind: 'category', why: expect.stringContaining('carry a currency') });
  });

  const table = (...cells: string[]): string =>
    written(`y,hours\n${cells.map((cell, i) => `${i % 2},${cell}`).join('\n')}\n`);
  const hours = (bins: number[]) => ({
    ...schema,
    attributes: [{ ...schema.attributes.find((a) => a.kind === 'number')!, name: 'hours', min: 0, max: 2000, bins }],
  });

  it('are refused by line under a schema that has whole numbers, unless the column shows decimals', async () => {
    const read = (bins: number[], ...cells: string[]) => readLabelledCsv(table(...cells), hours(bins), { label: 'y' });
    const whole = await read([10, 40], '12', '1.440', '30', '7');
    expect(whole.rows).toHaveLength(3);
    expect(rejectedLines(whole.rejected.first)).toEqual([
      [3, 'hours has a dot that may stand between thousands: write 1440 or 1.44'],
    ]);
    expect((await read([10, 40], '12.5', '1.440', '30', '7')).rows).toHaveLength(4);
    expect((await read([10.125, 40], '12', '1.440', '30', '7')).rows).toHaveLength(4);
  });
});
