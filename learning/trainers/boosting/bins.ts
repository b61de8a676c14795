import type { CategoryColumn, Frame, NumberColumn, Rows } from '../../dataset/frame.ts';
import { isPersonalNumber, withoutPersonalDigits } from '../../../shared/domain/personal-numbers.ts';
import type { Random } from '../../statistics/random.ts';

/** Rows that quantiles are taken from at most: enough for 256 bins, and what scikit-learn uses. */
const sampleRows = 200_000;

interface CommonFeature {
  /** Place in the frame's columns. */
  readonly column: number;
  /** Bins in all. */
  readonly bins: number;
}

/** A number column in bins: bin b holds values in (cuts[b-1], cuts[b]]; missing has the bin after the last. */
interface NumberFeature extends CommonFeature {
  readonly kind: 'number';
  /** Ascending, about halfway between two values that rows have: no model may hold somebody's number. */
  readonly cuts: Float64Array;
  /** Whether training rows have missing values; they are in bin `cuts.length + 1` then. */
  readonly missing: boolean;
}

/** A category column in bins, one for each level that training rows have. */
interface CategoryFeature extends CommonFeature {
  readonly kind: 'category';
  /** Level code of each bin, as `levelCode` gives it, ascending. */
  readonly levels: Int32Array;
}

export type Feature = NumberFeature | CategoryFeature;

/** Code of the level shared by all values the schema does not list. */
export const otherLevel = -1;

/** Code of a level: the place among the listed values, the number of listed values for missing, -1 for any other. */
export function levelCode(column: Pick<CategoryColumn, 'listed'>, code: number): number {
  if (code === -1) return column.listed;
  return code < column.listed ? code : otherLevel;
}

/** Value of a number column as the trees see it: a tactic that is unknown is one that was not recorded. */
export function readNumber(column: NumberColumn, i: number): number {
  const value = column.values[i]!;
  return column.attribute.kind === 'tactic' && value !== value ? 0 : value;
}

/** A threshold that is nobody's number: one digit more than what is rounded to four parts neighbours. */
function thresholdAt(value: number): number {
  return isPersonalNumber(value) ? Number(value.toPrecision(5)) : withoutPersonalDigits(value);
}

/** A threshold t with lower <= t < upper, halfway as far as six digits tell. */
function between(lower: number, upper: number): number {
  if (upper === Infinity) return Number.MAX_VALUE;
  if (lower === -Infinity) return -Number.MAX_VALUE;
  // Both are float32, so their double mean is finite and strictly between them.
  const middle = (lower + upper) / 2;
  const plain = thresholdAt(middle);
  return plain >= lower && plain < upper ? plain : Math.fround(thresholdAt(lower));
}

/** Values that are present, ascending: all rows or an even draw of them, and whether any of all rows is missing. */
function presentValues(column: NumberColumn, rows: Rows, random: Random): { sorted: Float32Array; missing: boolean } {
  const values = new Float32Array(Math.min(rows.length, sampleRows));
  let missing = false;
  let kept = 0;
  let left = values.length;
  for (let k = 0; k < rows.length; k++) {
    const value = readNumber(column, rows[k]!);
    // Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S).
    const drawn = left === rows.length - k || random.next() * (rows.length - k) < left;
    if (drawn) left -= 1;
    if (value !== value) missing = true;
    // Adding 0 makes -0 the same value as 0.
    else if (drawn) values[kept++] = value + 0;
  }
  return { sorted: values.subarray(0, kept).sort(), missing };
}

/**
 * Cuts between neighbouring distinct values: all of them, or as many as make bins of about equally many rows, in which
 * a value as frequent as a whole bin has one of its own.
 */
function cutsOf(sorted: Float32Array, mostBins: number): Float64Array {
  const firsts: number[] = [];
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]! > sorted[i - 1]!) firsts.push(i);
  }
  let chosen = firsts;
  if (firsts.length >= mostBins) {
    chosen = [];
    let [start, left] = [0, mostBins];
    for (let j = 0; j < firsts.length && left > 1; j++) {
      const fair = (sorted.length - start) / left;
      const next = (firsts[j + 1] ?? sorted.length) - firsts[j]!;
      if (firsts[j]! - start < fair && next < fair) continue;
      start = firsts[j]!;
      left -= 1;
      chosen.push(start);
    }
  }
  return Float64Array.from(new Set(chosen.map((i) => between(sorted[i - 1]!, sorted[i]!))));
}

function numberFeature(column: NumberColumn, at: number, rows: Rows, maxBins: number, random: Random): NumberFeature {
  const { sorted, missing } = presentValues(column, rows, random);
  const cuts = cutsOf(sorted, missing ? maxBins - 1 : maxBins);
  // A column that is missing everywhere has one bin, like a constant one.
  const bins = sorted.length === 0 ? 1 : cuts.length + 1 + Number(missing);
  return { kind: 'number', column: at, bins, cuts, missing };
}

function categoryFeature(column: CategoryColumn, at: number, rows: Rows): CategoryFeature {
  const seen = new Uint8Array(column.listed + 2);
  for (const i of rows) seen[levelCode(column, column.codes[i]!) + 1] = 1;
  const levels = [...seen.keys()].filter((k) => seen[k] === 1).map((k) => k - 1);
  return { kind: 'category', column: at, bins: levels.length, levels: Int32Array.from(levels) };
}

/** Bins of the columns that vary among the given rows; constant ones and ones missing everywhere are left out. */
export function featuresOf(frame: Frame, rows: Rows, maxBins: number, random: Random): Feature[] {
  return frame.columns
    .map((column, at) =>
      column.kind === 'number' ? numberFeature(column, at, rows, maxBins, random) : categoryFeature(column, at, rows),
    )
    .filter((feature) => feature.bins > 1);
}

/** Number of cuts below the value: its bin. */
export function binOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds `stride` times the bin of each row to `codes`: rows of the frame in, positions of the codes out. */
export function addBins(frame: Frame, rows: Rows, feature: Feature, codes: Uint8Array | Uint16Array, stride: number) {
  const column = frame.columns[feature.column]!;
  if (feature.kind === 'category') {
    const { listed, codes: raw } = column as CategoryColumn;
    const binOfLevel = new Uint16Array(listed + 2);
    feature.levels.forEach((level, bin) => (binOfLevel[level + 1] = bin));
    for (let k = 0; k < rows.length; k++) {
      codes[k]! += stride * binOfLevel[levelCode({ listed }, raw[rows[k]!]!) + 1]!;
    }
    return;
  }
  for (let k = 0; k < rows.length; k++) {
    const value = readNumber(column as NumberColumn, rows[k]!);
    codes[k]! += stride * (value !== value ? feature.bins - 1 : binOf(feature.cuts, value));
  }
}
