import { withoutPersonalDigits } from '../../shared/domain/personal-numbers.ts';
import { otherValue } from '../../shared/encoding/csv-facts.ts';
import { unknownOf, type EncodedRow } from '../../shared/encoding/encode.ts';
import type { StoredRow } from '../../shared/encoding/manifest.ts';
import type { Attribute, FeatureSchema } from '../../shared/encoding/schema.ts';
import { storeRow } from './dataset.ts';
import { allRows, rowOf, type Column, type Frame, type Rows } from './frame.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import type { Random } from '../statistics/random.ts';

/** Fewest training rows a pooled row is mixed from, so that nobody can be recognised by it. */
const smallestPool = 10;

/** Value of a row for a manifest, which leaves the centre: a text the schema does not list may be a name, a long number somebody's. */
function publicValue(column: Column, i: number): number | string {
  if (column.kind === 'category' && column.codes[i]! >= column.listed) return otherValue;
  const value = rowOf({ columns: [column] }, i)[column.attribute.name]!;
  return typeof value === 'number' ? withoutPersonalDigits(value) : value;
}

/**
 * Background rows pooled from training rows: rows of like score form a pool each, and every value of a background row is
 * drawn on its own from its column within one pool, each row alike: a heavy one would come through whole. No row is a person's, texts the schema does not list
 * are shown as `(other)`, and the mean score of the background stays near the share of scams: it is where explanations start. `scores` belong to `rows` in order.
 */
export function backgroundRows(
  frame: Frame,
  rows: Rows,
  scores: ArrayLike<number>,
  count: number,
  random: Random,
): StoredRow[] {
  const order = allRows({ rows: rows.length }).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const pools = poolsOf(
    frame.weights,
    Array.from(order, (at) => rows[at]!),
    Math.max(1, Math.min(count, Math.floor(rows.length / smallestPool))),
  );
  return Array.from({ length: count }, (_, i) => {
    const pool = pools[i % pools.length]!;
    return storeRow(
      Object.fromEntries(
        frame.columns.map((column) => [column.attribute.name, publicValue(column, random.pick(pool))]),
      ),
    );
  });
}

/** Splits rows into pools of about the same weight, in their order. */
function poolsOf(weights: Float64Array, rows: readonly number[], count: number): number[][] {
  const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
  const pools: number[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const row of rows) {
    const at = total > 0 ? Math.floor((count * before) / total) : 0;
    pools[Math.min(count - 1, at)]!.push(row);
    before += weights[row]!;
  }
  const filled = pools.filter((pool) => pool.length > 0);
  // A pool of a few heavy rows would give one of them away: it joins its neighbour.
  return filled.reduce<number[][]>((kept, pool) => {
    const last = kept.at(-1);
    if (last !== undefined && (last.length < smallestPool || pool.length < smallestPool)) {
      for (const row of pool) last.push(row);
    } else kept.push(pool);
    return kept;
  }, []);
}

const largest = 3.4028234663852886e38;

/** The nearest number a column can hold; a made-up one may lie beyond its bins, never beyond that. */
function float32(value: number): number {
  return Math.fround(Math.max(-largest, Math.min(largest, value)));
}

type Choose = (attribute: Attribute) => number | string;

function rowBy(schema: FeatureSchema, choose: Choose): EncodedRow {
  return Object.fromEntries(schema.attributes.filter((a) => a.shareable).map((a) => [a.name, choose(a)]));
}

function extreme(high: boolean): Choose {
  return (attribute) => {
    switch (attribute.kind) {
      case 'boolean':
      case 'tactic':
        return Number(high);
      case 'category':
        return (high ? attribute.values.at(-1) : attribute.values[0])!;
      case 'number':
      case 'money':
        return float32(high ? attribute.bins.at(-1)! * 1.5 : attribute.bins[0]! / 2);
    }
  };
}

function anything(random: Random): Choose {
  return (attribute) => {
    if (random.chance(0.2)) return unknownOf(attribute);
    switch (attribute.kind) {
      case 'boolean':
      case 'tactic':
        return random.below(2);
      case 'category':
        return random.pick(attribute.values);
      case 'number':
      case 'money':
        return float32(random.pick(attribute.bins) * (0.5 + random.next()));
    }
  };
}

/**
 * Made-up rows for the check before a model is activated: nothing known, both ends of every column, a category value
 * the schema does not list, and mixtures. They come from the schema alone, never from a case.
 */
export function goldenRows(schema: FeatureSchema, random: Random): EncodedRow[] {
  const unseen: Choose = (attribute) =>
    attribute.kind === 'category' ? storedName`not on any list` : extreme(true)(attribute);
  const fixed = [unknownOf, extreme(true), extreme(false), unseen];
  return [...fixed, ...Array.from({ length: 4 }, () => anything(random))].map((choose) => rowBy(schema, choose));
}
