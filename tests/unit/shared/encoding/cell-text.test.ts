import { withCompanions } from '../../../../shared/encoding/companions.ts';
import { describe, expect, it } from 'vitest';
import { cellText } from '../../../../shared/encoding/cell-text.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { attributeNameOf } from '../../../../shared/encoding/attribute-names.ts';
import { factsFromCsvRow, csvReader } from '../../../../shared/encoding/csv-facts.ts';
import { isUnknownCell, missingOf } from '../../../../shared/encoding/unknown-spellings.ts';
import { attributeNamesOf } from '../../../../learning/schema/attribute-names.ts';
import { inferSchema } from '../../../../learning/schema/infer.ts';
import { watchColumn } from '../../../../learning/schema/columns.ts';
import { english } from '../../../support/commands.ts';

const factsOf = (cells: readonly string[], missing: readonly string[] = []) => {
  const watcher = watchColumn('column', missingOf(missing));
  cells.forEach((cell, i) => watcher.see(cell, i % 2 === 0 ? 1 : 0, i + 2));
  return watcher.facts();
};
const times = (n: number, cells: readonly string[]): string[] => cells.flatMap((cell) => Array<string>(n).fill(cell));

describe('a cell', () => {
  it('is compared as it looks: full width, blanks of every kind, invisible signs', () => {
    for (const [raw, text] of [
      ['ｐｏｐｕｐ', 'popup'],
      ['\ufeffpop\u200bup ', 'popup'],
      ['gift\u00a0card', 'gift card'],
      [' gift \u2009 card', 'gift card'],
      ['क्\u200dष', 'क्\u200dष'],
    ] as const)
      expect(cellText(raw)).toBe(text);
    expect([...factsOf(times(3, ['gift card', 'gift\u00a0card', 'ｇｉｆｔ card'])).counts!.keys()]).toEqual([
      'gift card',
    ]);
    const { facts, problems } = factsFromCsvRow(withCompanions(complaintsSchema), {
      contact_channel: 'ｐｏｐ\u200bup',
    });
    expect([facts.attributes, problems]).toEqual([{ contact_channel: 'popup' }, []]);
  });

  it('says nothing in many spellings, which are reported, and in those a person names', () => {
    for (const text of [
      'None',
      'NULL',
      'N/A',
      '-',
      '.',
      '--',
      'n.a.',
      '#N/A',
      '？',
      '–',
      '—',
      'n.d.',
      'Not applicable',
    ])
      expect(isUnknownCell(text)).toBe(true);
    expect(isUnknownCell('refused')).toBe(false);
    const facts = factsOf(['None', '-', '-', 'refused', 'a', ''], ['Refused']);
    expect(facts.missing).toBe(5);
    expect([...facts.unknown]).toEqual([
      ['None', 1],
      ['-', 2],
      ['refused', 1],
    ]);
    const reader = csvReader(complaintsSchema, ['contact_channel', 'tactics'], [], { missing: missingOf(['99']) });
    expect(reader.read(['99', '']).facts).toMatchObject({ attributes: {}, tactics: [] });
  });
});

describe('the name of a header', () => {
  it('is another for every header, in any script, however long', () => {
    const headers = ['शिकायत दर्ज करने की तारीख और समय', 'शिकायत दर्ज करने की तारीख और स्थान'];
    const names = headers.map(attributeNameOf);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{0,59}$/);
    expect(attributeNameOf('Contact channel')).toBe('contact_channel');
    const alike = [...attributeNamesOf(['C++', 'C#', 'F#']).values()];
    expect(new Set(alike).size).toBe(3);
    expect(alike[2]).toBe('f');
    for (const [a, b] of [
      ['Цена', 'цена'],
      ['Hours Per-Week', 'hours_per_week'],
    ])
      expect(() => attributeNamesOf([a!, b!])).toThrow(`The columns ${a} and ${b} cannot be told apart`);
  });
});

describe('what is said of a column', () => {
  const why = (cells: readonly string[]): string => english.say(inferSchema('t', [factsOf(cells)]).columns[0]!.why);

  it('offers whole numbers with few values as categories', () => {
    const codes = times(
      60,
      Array.from({ length: 15 }, (_, i) => `${i * 7}`),
    );
    expect(why(codes)).toContain('if they are codes, give --categories "column"');
    expect(why(Array.from({ length: 500 }, (_, i) => `${(i * 7919) % 499}`))).not.toContain('codes');
  });

  it('names one that is mostly not listed', () => {
    const cells = [...times(30, ['a', 'b']), ...Array.from({ length: 70 }, (_, i) => `w${i % 35}`)];
    expect(why(cells)).toContain('most of its rows have a text that is not listed');
  });
});
