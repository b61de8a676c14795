import { OutpostError } from '../../shared/errors/index.ts';
import type { ColumnFacts } from './columns.ts';
import { sentence } from '../../shared/language/sentence.ts';

/**
 * Throws BAD_CSV when a column would be one of numbers, were it not for their commas (with a decimal comma: dots): guessing
 * what they mean may be wrong.
 */
export function requireOneSign({ header, decimal, numbers, commas, commaLine, words }: ColumnFacts): void {
  if (commas === 0 || numbers + commas < 9 * (words - commas)) return;
  throw new OutpostError(
    'BAD_CSV',
    sentence(decimal === '.' ? 'schema.comma_in_numbers' : 'schema.dot_for_comma', {
      column: header,
      n: commas,
      line: commaLine,
    }),
  );
}

/**
 * Throws BAD_CSV when the dots in a column of numbers may stand between thousands, or do in some: 1.440 is no amount a reader
 * could know.
 */
export function requireClearDots({ header, dotted, dottedLine, decimals, ...facts }: ColumnFacts): void {
  const { numeric, numbers, words, thousands } = facts;
  const wouldBe = thousands > 0 && numbers + thousands >= 9 * (words - thousands);
  if (dotted === 0 || !(numeric || wouldBe) || (decimals > 0 && !wouldBe)) return;
  throw new OutpostError(
    'BAD_CSV',
    sentence('schema.dots_in_numbers', { column: header, n: dotted, line: dottedLine }),
  );
}

/** Throws BAD_CSV when the amounts of a column carry a currency and a dot or comma that may mean two things: 12.000 EUR. */
export function requireClearAmounts({ header, numbers, amounts, amountLine, words }: ColumnFacts): void {
  if (amountLine === 0 || numbers + amounts < 9 * (words - amounts)) return;
  throw new OutpostError(
    'BAD_CSV',
    sentence('schema.unclear_amounts', { column: header, n: amounts, line: amountLine }),
  );
}

/** Throws BAD_CSV when some numbers of a column have a percent sign and others none: they may not mean the same. */
export function requireOneMeasure({ header, numeric, numbers, percents }: ColumnFacts): void {
  if (!numeric || percents === 0 || percents === numbers) return;
  throw new OutpostError(
    'BAD_CSV',
    sentence('schema.percent_in_some', {
      column: header,
      with: percents,
      without: numbers - percents,
    }),
  );
}
