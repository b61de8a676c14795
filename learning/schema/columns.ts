import { cellText } from '../../shared/encoding/cell-text.ts';
import { isUnclearAmount, yesNo } from '../../shared/encoding/csv-facts.ts';
import { type Missing, isUnknownCell } from '../../shared/encoding/unknown-spellings.ts';
import {
  amountIn,
  currencyIn,
  dotsOf,
  hasOtherSigns,
  numberIn,
  percentIn,
  type DecimalSign,
} from '../../shared/encoding/csv-numbers.ts';
import { isDate } from './dates.ts';
import { createRandom } from '../statistics/random.ts';

/** Most different texts that are counted one by one; beyond that a column is no category. */
const mostDistinct = 20_000;
const sampleSize = 20_000;

/** Share of words a column of numbers may hold: those cells are mistakes, and their rows are left out by name. */
const mostWords = 0.001;
/** Fewer rising numbers than this may be chance, or amounts in a sorted file. */
const fewestCounted = 20;
/** A number with spaces or apostrophes between thousands. */
const spacedNumber = /^[+-]?\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?$/;
const tooLarge = /^[+-]?(?:inf(?:inity)?|\d[\d.]*e\+?\d+|\d{39,})$/i;

/** What the cells of one column look like. */
export interface ColumnFacts {
  readonly header: string;
  readonly rows: number;
  readonly missing: number;
  /** Texts that were taken for unknown, with their cells. */
  readonly unknown: ReadonlyMap<string, number>;
  /** All that says something (but for one word in a thousand) is a number; a whole number; yes or no. */
  readonly numeric: boolean;
  readonly whole: boolean;
  /** Cells that are numbers. */
  readonly numbers: number;
  /** The sign before the decimals of its numbers. */
  readonly decimal: DecimalSign;
  /** Cells that are none, and those of them that would be if their commas (with a decimal comma: dots) stood otherwise. */
  readonly words: number;
  readonly commas: number;
  /** The line of the first of these; 0: none. */
  readonly commaLine: number;
  /** Cells that are numbers with a percent sign, and words that would be numbers but for spaces between thousands. */
  readonly percents: number;
  readonly spaced: number;
  /** Cells whose dots may stand between thousands, and numbers with dots that can only stand before decimals. */
  readonly dotted: number;
  readonly dottedLine: number;
  /** Cells whose dots can only stand between thousands: 1.440.000. */
  readonly thousands: number;
  readonly decimals: number;
  /** Cells that are amounts with a currency, and the line of the first whose dot or comma may mean two things; 0: none. */
  readonly amounts: number;
  readonly amountLine: number;
  /** Whole numbers that rise from row to row without a large gap: they count the rows. */
  readonly running: boolean;
  readonly yesNo: boolean;
  /** Different texts with their rows by label [0, 1]; null: too many to count. */
  readonly counts: ReadonlyMap<string, readonly [number, number]> | null;
  /** Up to 20,000 of its numbers, drawn evenly. */
  readonly sample: readonly number[];
  readonly longest: number;
  /** All that says something is a date or an instant. */
  readonly dates: boolean;
}

/** Watches a column go by. */
export interface ColumnWatcher {
  readonly see: (cell: string, label: 0 | 1, line: number) => void;
  readonly facts: () => ColumnFacts;
}

/** Counts cells whose dots and commas may mean two things, and those whose dots can only stand before decimals. */
function watchDots(decimal: DecimalSign) {
  let [dotted, decimals, thousands, amounts] = [0, 0, 0, 0];
  let [commas, commaLine, dottedLine, amountLine] = [0, 0, 0, 0];
  return {
    see(cell: string, line: number, isNumber: boolean): void {
      const dots = dotsOf(cell, decimal);
      if (dots === 'decimals') decimals += 1;
      if (dots === 'either' && dotted++ === 0) dottedLine = line;
      if (isNumber) return;
      if (dots === 'either') thousands += 1;
      if (hasOtherSigns(cell, decimal) && commas++ === 0) commaLine = line;
      const amount = amountIn(cell);
      if (amount === null) return;
      amounts += 1;
      const unclear = decimal === '.' && isUnclearAmount(amount, currencyIn(cell));
      if (amountLine === 0 && (unclear || hasOtherSigns(amount, decimal))) amountLine = line;
    },
    facts: () => ({ commas, commaLine, dotted, dottedLine, thousands, decimals, amounts, amountLine }),
  };
}

/** Counts the numbers among cells, and draws a sample of them. */
function watchNumbers(decimal: DecimalSign) {
  const random = createRandom(1);
  const sample: number[] = [];
  const dots = watchDots(decimal);
  let [numbers, words, percents, spaced] = [0, 0, 0, 0];
  let [whole, rising, first, last] = [true, true, 0, 0];
  return {
    see(cell: string, line: number): void {
      const percent = percentIn(cell, decimal);
      const value = percent ?? numberIn(cell, decimal);
      if (percent !== null) percents += 1;
      dots.see(cell, line, value !== null);
      if (value === null) {
        // A number beyond float32 is a bad cell of a number column, not a word.
        if (!tooLarge.test(cell)) words += 1;
        if (spacedNumber.test(cell)) spaced += 1;
        return;
      }
      whole &&= Number.isInteger(value);
      rising &&= numbers === 0 || value > last;
      if (numbers === 0) first = value;
      last = value;
      numbers += 1;
      if (sample.length < sampleSize) sample.push(value);
      else if (random.below(numbers) < sampleSize) sample[random.below(sampleSize)] = value;
    },
    facts: () => ({
      numeric: numbers > 0 && words <= mostWords * (numbers + words),
      running: whole && rising && numbers >= fewestCounted && last - first < 2 * numbers,
      whole,
      numbers,
      words,
      percents,
      spaced,
      ...dots.facts(),
      sample,
    }),
  };
}

/** Counts different texts by label, until there are too many. */
function watchTexts() {
  let counts: Map<string, [number, number]> | null = new Map();
  return {
    see(cell: string, label: 0 | 1): void {
      const seen = counts?.get(cell);
      if (seen !== undefined) seen[label] += 1;
      else if (counts !== null && counts.size < mostDistinct) counts.set(cell, label === 1 ? [0, 1] : [1, 0]);
      else counts = null;
    },
    counts: () => counts,
  };
}

/** Starts watching a column. The sample of its numbers follows from the order of the rows alone. */
export function watchColumn(header: string, missingToo?: Missing, decimal: DecimalSign = '.'): ColumnWatcher {
  const [numbers, texts] = [watchNumbers(decimal), watchTexts()];
  const unknown = new Map<string, number>();
  let [rows, missing, longest, flag, dates] = [0, 0, 0, true, true];
  return {
    see(raw, label, line) {
      const cell = cellText(raw);
      rows += 1;
      if (isUnknownCell(cell, missingToo)) {
        missing += 1;
        if (cell !== '') unknown.set(cell, (unknown.get(cell) ?? 0) + 1);
        return;
      }
      longest = Math.max(longest, cell.length);
      flag &&= yesNo(cell) !== null;
      dates &&= isDate(cell);
      numbers.see(cell, line);
      texts.see(cell, label);
    },
    facts: () => ({
      header,
      rows,
      missing,
      unknown,
      longest,
      dates,
      yesNo: flag,
      decimal,
      counts: texts.counts(),
      ...numbers.facts(),
    }),
  };
}
