import { describe, expect, it } from 'vitest';
import { leakageOf, requireNoLeak, type Finding } from '../../../../learning/dataset/leakage.ts';
import { createRandom, type Random } from '../../../../learning/statistics/random.ts';
import type { EncodedRow } from '../../../../shared/encoding/encode.ts';
import { frameOf, type Kinds } from '../trainers/boosting/frames.ts';
import { fc, test as prop } from '../../property.ts';
import { saying } from '../../../support/saying.ts';
import { english } from '../../../support/commands.ts';

type Cell = (label: number, i: number, random: Random) => number | string;

/** Findings about `rows` rows, every third a scam, whose cells follow from label and row number. */
function findings(kinds: Kinds, cells: Record<string, Cell>, rows = 600, incidents?: number[]): Finding[] {
  const random = createRandom(11);
  const labels = Array.from({ length: rows }, (_, i) => Number(i % 3 === 0));
  const encoded = labels.map((label, i) =>
    Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell(label, i, random)])),
  ) as EncodedRow[];
  return leakageOf({ frame: frameOf(kinds, encoded, labels, incidents ? { groups: incidents } : {}) });
}

const kindsOf = (found: readonly Finding[]) => found.map((f) => [f.column, f.kind, f.refuse]);
const noise: Cell = (_label, _i, random) => random.normal();

describe('what a model could cheat with', () => {
  it('is not found among honest columns', () => {
    const cells: Record<string, Cell> = {
      some: (label, _i, random) => random.normal() + label,
      none: noise,
      word: (_label, _i, random) => random.pick(['a', 'b', 'c']),
    };
    expect(findings({ some: 'number', none: 'number', word: ['a', 'b', 'c'] }, cells)).toEqual([]);
  });

  it('is a column that is the label, its opposite or two words for it, from ten rows on', () => {
    const cells: Record<string, Cell> = {
      same: (label) => label,
      opposite: (label) => 5 - label,
      word: (label) => (label === 1 ? 'fraud' : 'fine'),
      noise,
    };
    const kinds: Kinds = { same: 'number', opposite: 'number', word: ['fine', 'fraud'], noise: 'number' };
    const refused = [
      ['same', 'tells_label', true],
      ['opposite', 'tells_label', true],
      ['word', 'tells_label', true],
    ];
    for (const rows of [10, 60, 600]) expect(kindsOf(findings(kinds, cells, rows)).slice(0, 3)).toEqual(refused);
    expect(findings(kinds, cells, 9)).toEqual([]);
  });

  it('is a number that tells the label by where it lies, also from the middle and for a rare class', () => {
    const inside: Cell = (label, _i, random) => (label === 1 ? 5 + random.next() : random.pick([1, 9]) + random.next());
    expect(kindsOf(findings({ x: 'number' }, { x: inside }))).toEqual([['x', 'tells_label', true]]);
    const labels = Array.from({ length: 20_000 }, (_, i) => Number(i >= 19_960));
    const frame = frameOf(
      { at: 'number' },
      labels.map((_, i) => ({ at: i })),
      labels,
    );
    expect(kindsOf(leakageOf({ frame }))).toEqual([['at', 'tells_label', true]]);
  });

  it('is a text of many values each of which goes with one label, but not a name per case', () => {
    const desks = Array.from({ length: 40 }, (_, i) => `desk ${i}`);
    const desk: Cell = (label, _i, random) => desks[2 * random.below(20) + label]!;
    const [found] = findings({ desk: desks }, { desk });
    expect(found).toMatchObject({ column: 'desk', kind: 'tells_label', refuse: true });
    expect(found!.figure).toBeGreaterThan(0.999);
    expect(findings({ name: ['x'] }, { name: (_label, i) => `case ${i}` })).toEqual([]);
  });

  it('is not a name per incident that all its cases share: halves are dealt by incident', () => {
    const incidents = Array.from({ length: 600 }, (_, i) => 3 * Math.floor(i / 30) + (i % 3));
    const name: Cell = (_label, i) => `incident ${incidents[i]}`;
    expect(findings({ name: ['x'] }, { name }, 600, incidents).filter((f) => f.kind !== 'same_rows')).toEqual([]);
    expect(kindsOf(findings({ name: ['x'] }, { name }))[0]).toEqual(['name', 'tells_label', true]);
  });

  it('is looked for in an end when all rows are of one incident, where one half is empty', () => {
    const cells: Record<string, Cell> = { x: (label, _i, random) => random.normal() + label, same: (label) => label };
    const found = findings(
      { x: 'number', same: 'number' },
      cells,
      600,
      Array.from({ length: 600 }, () => 7),
    );
    expect(kindsOf(found)).toEqual([['same', 'tells_label', true]]);
  });

  it('warns of a column that nearly tells the label', () => {
    const cell: Cell = (label, _i, random) => random.normal() + 2.8 * label;
    const [found] = findings({ x: 'number' }, { x: cell }, 3000);
    expect(found).toMatchObject({ column: 'x', kind: 'hints_label', refuse: false });
    // Two normal distributions 2.8 deviations apart: the area is the normal distribution function at 2.8 / sqrt 2.
    expect(found!.figure).toBeCloseTo(0.976, 2);
  });

  it('names a column that is filled in for one label only', () => {
    const cell: Cell = (label, i, random) => (label === 1 && i % 10 !== 0 ? NaN : random.normal());
    const found = findings({ x: 'number' }, { x: cell }, 3000);
    // 9 of 10 scams are empty, no genuine one is: 0.5 + 0.9 / 2.
    expect(found.find((f) => f.kind === 'missing_tells_label')?.figure).toBeCloseTo(0.95, 12);
  });

  it('says nothing of areas with fewer than twenty rows of a class', () => {
    const cell: Cell = (label, _i, random) => label + random.next() / 2;
    expect(findings({ x: 'number' }, { x: cell }, 57)).toEqual([]);
    expect(kindsOf(findings({ x: 'number' }, { x: cell }, 60))).toEqual([['x', 'tells_label', true]]);
  });

  it('names columns that are the same, keeps constant ones out of it, and tells texts from their numbers', () => {
    const cells: Record<string, Cell> = {
      a: (_label, i) => (i % 7 === 0 ? NaN : i % 5),
      b: (_label, i) => (i % 7 === 0 ? NaN : i % 5),
      nearly: (_label, i) => (i % 7 === 0 ? NaN : i === 599 ? 7 : i % 5),
      one: () => 1,
      uno: () => 1,
      word: (_label, i) => ['p', 'q'][i % 2]!,
      other: (_label, i) => ['q', 'p'][i % 2]!,
      again: (_label, i) => ['p', 'q'][i % 2]!,
    };
    const kinds: Kinds = {
      ...{ a: 'number', b: 'number', nearly: 'number', one: 'number', uno: 'number' },
      ...{ word: ['p', 'q'], other: ['q', 'p'], again: ['q', 'p'] },
    };
    const found = findings(kinds, cells).filter((f) => f.kind === 'same_column');
    expect(found.map((f) => english.say(f.sentence))).toEqual([
      'b is the same as a in every row; both are kept.',
      'again is the same as word in every row; both are kept.',
    ]);
  });

  it('counts rows that are the same', () => {
    const [found] = findings({ x: 'number' }, { x: (_label, i) => (i === 3 ? 0 : i * 1.5) }, 12);
    expect(found).toMatchObject({ column: null, kind: 'same_rows', figure: 1, refuse: false });
    expect(english.say(found!.sentence)).toBe(
      '1 row of 12 is the same as an earlier one, label included; all are kept.',
    );
  });

  it('is empty for no rows', () => {
    expect(findings({ x: 'number', y: ['a'] }, { x: noise, y: () => 'a' }, 0)).toEqual([]);
  });

  prop(
    'counts rows that repeat an earlier one, label included',
    [
      fc.array(fc.tuple(fc.constantFrom(NaN, 0, -0, 1), fc.constantFrom('', 'a', 'b'), fc.boolean()), {
        maxLength: 30,
      }),
    ],
    (rows) => {
      const frame = frameOf(
        { x: 'number', y: ['a'] },
        rows.map(([x, y]) => ({ x, y })),
        rows.map(([, , label]) => Number(label)),
      );
      const different = new Set(rows.map(([x, y, label]) => `${x} ${y} ${label}`)).size;
      const found = leakageOf({ frame }).find((f) => f.kind === 'same_rows');
      expect(found?.figure ?? 0).toBe(rows.length - different);
    },
  );

  prop(
    'is the same whatever the order of the columns and gives areas between 0 and 1',
    [fc.integer({ min: 1, max: 1e6 })],
    (seed) => {
      const random = createRandom(seed);
      const rows = Array.from({ length: 200 }, () => ({ x: random.normal(), y: random.pick(['', 'a', 'b', 'c']) }));
      const labels = rows.map(({ x }) => Number(x + random.normal() / 5 > 0));
      const one = leakageOf({ frame: frameOf({ x: 'number', y: ['a', 'b'] }, rows, labels) });
      const two = leakageOf({ frame: frameOf({ y: ['a', 'b'], x: 'number' }, rows, labels) });
      expect(two).toEqual(one);
      for (const { figure } of one) expect(figure >= 0 && figure <= 1).toBe(true);
    },
    20,
  );
});

describe('refusing to learn from it', () => {
  const found = findings(
    { paid: 'number', fine: 'number', x: 'number' },
    { paid: (y) => y, fine: (y) => 1 - y, x: noise },
  );

  it('names the columns and both ways out', () => {
    expect(() => requireNoLeak(found)).toThrow(
      saying(
        'paid is the label, or its opposite, in every row. fine is the label, or its opposite, in every row. Leave out what is learned only after the outcome (--ignore paid,fine), or keep it if you know it comes before (--allow-leak paid,fine).',
      ),
    );
    expect(() => requireNoLeak(found, ['paid'])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it('lets through what is allowed by name or header', () => {
    expect(() => requireNoLeak(found, ['Paid', 'fine'])).not.toThrow();
    expect(() => requireNoLeak([])).not.toThrow();
  });
});
