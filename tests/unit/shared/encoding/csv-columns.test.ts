import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvColumnReader } from '../../../../shared/encoding/csv-columns.ts';
import { csvReader } from '../../../../shared/encoding/csv-facts.ts';
import { encodeFacts, outsideReasons } from '../../../../shared/encoding/encode.ts';
import type { Binding } from '../../../../shared/encoding/manifest.ts';
import { packColumns, packRows, withoutColumn } from '../../../../shared/encoding/pack.ts';
import type { Attribute } from '../../../../shared/encoding/schema.ts';
import { describedToy, toySchema } from '../../../support/models.ts';

const common = { group: 'telling', since: 1, shareable: true } as const;
const more: readonly Attribute[] = [
  { ...common, kind: 'tactic', name: 'cards', tag: 'gift_cards' },
  { ...common, kind: 'tactic', name: 'later', since: 3, tag: 'late' },
  { ...common, kind: 'money', name: 'lost', bins: [10] },
  { ...common, kind: 'boolean', name: 'hers', shareable: false },
];
const schema = { ...toySchema, attributes: [...more, ...toySchema.attributes] };
const header = ['tactics', 'note', 'Channel', 'minutes', 'asked', 'lost_currency', 'lost', 'hers', 'later', 'cards'];
const cell = fc.constantFrom('', 'yes', 'no', '?', '12', '7 EUR', 'eur', 'XXX', 'popup', 'Phone call', 'letter', '1,5');
const tactic = fc.constantFrom('', '?', 'gift cards', 'remote access;late', 'else', '12345', 'Gift-Cards;gift cards');
const row = fc.tuple(tactic, fc.array(cell, { minLength: 9, maxLength: 9 })).map(([first, rest]) => [first, ...rest]);
const rule = { maxMissingShare: 0.5, columns: ['asked', 'contract', 'minutes', 'channel', 'lost', 'cards'] };

it('reads batches of rows as reading, encoding and judging each of them gives', () => {
  // One reader throughout: what it remembers of earlier rows must not show.
  const columns = csvColumnReader(schema, header.length, rule, (part) => csvReader(part, header, [], describedToy));
  const reader = csvReader(schema, header, [], describedToy);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const batch = columns.read(rows);
      const found = rows.map((cells) => reader.read(cells));
      const encoded = found.map(({ facts }) => encodeFacts(schema, facts));
      for (const { name, shareable } of schema.attributes)
        expect(batch.says.get(name)?.map(({ value }) => value)).toEqual(
          shareable ? encoded.map((values) => values[name]) : undefined,
        );
      const outside = found.map(({ facts }) => Number(outsideReasons(schema, facts, rule).length > 0));
      expect([...batch.outside]).toEqual(outside);
      expect(batch.bad).toEqual(found.flatMap(({ problems }, i) => (problems.length > 0 ? [i] : [])));
      for (const binding of bindings)
        expect(packColumns(binding, rows.length, (name) => batch.says.get(name)!)).toEqual(packRows(binding, encoded));
    }),
    { numRuns: 300 },
  );
});

const bindings: readonly Binding[] = [
  { layout: 'matrix', input: 'X', columns: ['minutes', 'asked', 'lost', 'later'] },
  {
    layout: 'columns',
    columns: [
      { attribute: 'channel', input: 'c', type: 'string' },
      { attribute: 'lost', input: 'l', type: 'float' },
    ],
  },
];

it('makes one bound column unknown and leaves the batch as it was', () => {
  const rows = [
    { channel: 'popup', lost: 1, minutes: 2, asked: 0, later: 1 },
    { channel: '', lost: NaN, minutes: 3, asked: 1, later: 0 },
  ];
  const [matrix, apart] = [packRows(bindings[0]!, rows), packRows(bindings[1]!, rows)];
  expect(withoutColumn(matrix, 2)).toEqual(
    packRows(
      bindings[0]!,
      rows.map((r) => ({ ...r, lost: NaN })),
    ),
  );
  expect(withoutColumn(apart, 0)).toEqual(
    packRows(
      bindings[1]!,
      rows.map((r) => ({ ...r, channel: '' })),
    ),
  );
  expect(withoutColumn(apart, 1)).toEqual(
    packRows(
      bindings[1]!,
      rows.map((r) => ({ ...r, lost: NaN })),
    ),
  );
  expect(apart).toEqual(packRows(bindings[1]!, rows));
});
