import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { storeRow, type DatasetRow } from './dataset.ts';
import type { Random } from './random.ts';

/**
 * Background rows pooled from training rows: every value is drawn on its own from its column (by weight), so that no
 * row is a person's. Explanations start from their mean score.
 */
export function backgroundRows(
  schema: FeatureSchema,
  rows: readonly DatasetRow[],
  count: number,
  random: Random,
): StoredRow[] {
  const names = schema.attributes.filter((a) => a.shareable).map((a) => a.name);
  const largest = rows.reduce((max, row) => Math.max(max, row.weight), 0);
  const draw = (): DatasetRow => {
    for (;;) {
      const row = random.pick(rows);
      if (random.next() * largest < row.weight) return row;
    }
  };
  return Array.from({ length: count }, () =>
    storeRow(Object.fromEntries(names.map((name) => [name, draw().encoded[name]!]))),
  );
}

type Choose = (attribute: Attribute) => number | string;

function rowBy(schema: FeatureSchema, choose: Choose): EncodedRow {
  return Object.fromEntries(schema.attributes.filter((a) => a.shareable).map((a) => [a.name, choose(a)]));
}

const unknownValue: Choose = (attribute) => (attribute.kind === 'category' ? '' : NaN);

function extreme(high: boolean): Choose {
  return (attribute) => {
    switch (attribute.kind) {
      case 'boolean':
      case 'tactic':
        return Number(high);
      case 'category':
        return (high ? attribute.values.at(-1) : attribute.values[0])!.value;
      case 'number':
      case 'money':
        return Math.fround(high ? attribute.bins.at(-1)! * 1.5 : attribute.bins[0]! / 2);
    }
  };
}

function anything(random: Random): Choose {
  return (attribute) => {
    if (random.chance(0.2)) return unknownValue(attribute);
    switch (attribute.kind) {
      case 'boolean':
      case 'tactic':
        return random.below(2);
      case 'category':
        return random.pick(attribute.values).value;
      case 'number':
      case 'money':
        return Math.fround(random.pick(attribute.bins) * (0.5 + random.next()));
    }
  };
}

/**
 * Made-up rows for the check before a model is activated: nothing known, both ends of every column, a category value
 * the schema does not list, and mixtures. They come from the schema alone, never from a case.
 */
export function goldenRows(schema: FeatureSchema, random: Random): EncodedRow[] {
  const unseen: Choose = (attribute) => (attribute.kind === 'category' ? 'not on any list' : extreme(true)(attribute));
  const fixed = [unknownValue, extreme(true), extreme(false), unseen];
  return [...fixed, ...Array.from({ length: 4 }, () => anything(random))].map((choose) => rowBy(schema, choose));
}
