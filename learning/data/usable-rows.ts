import { basename } from 'node:path';
import { OutpostError } from '../../shared/errors/index.ts';
import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { duplicateOfIncident, duplicatesAdvice } from './duplicates.ts';
import { otherLabel, weightless } from './layout.ts';
import { countOf, notDrawn, type Rejections } from './rejections.ts';

/** Why rows were left out most often, and what to do where labels are other words; nothing when none was. */
function mostOften({ reasons: [most] }: Rejections): Sentence[] {
  if (most === undefined) return [];
  const often = sentence('data.most_often', { n: most.rows, why: most.why });
  return most.why.code === 'row.no_label' ? [often, sentence('data.about_labels')] : [often];
}

/** Why no row at all can be used. */
function whyNone(all: number, unlabelled: number, rejected: Rejections): Sentence[] {
  if (all === 0) return [sentence('data.header_only')];
  return unlabelled === all ? [sentence('data.no_label_at_all')] : mostOften(rejected);
}

/**
 * Throws BAD_CSV when no row of a file can be used, or most cannot, with `more` of why; BAD_INPUT when none counts.
 */
export function requireUsable(
  path: string,
  rows: number,
  unlabelled: number,
  rejected: Rejections,
  more: readonly Sentence[] = [],
): void {
  const file = basename(path);
  const { reasons, total } = rejected;
  if (rows === 0) {
    if (total > 0 && countOf(reasons, weightless) === total)
      throw new OutpostError('BAD_INPUT', sentence('data.every_weight_0', { file }));
    const why = whyNone(total + unlabelled, unlabelled, rejected);
    throw new OutpostError('BAD_CSV', inTurn([sentence('data.no_labelled_rows', { file }), ...why, ...more]));
  }
  // Duplicates, and rows that count for nothing or whose label was not named, are good rows that are not needed.
  const spare = [duplicateOfIncident, weightless, notDrawn, otherLabel].reduce(
    (sum, why) => sum + countOf(reasons, why),
    0,
  );
  if (total - spare > rows + spare) {
    const reasons = [sentence('data.most_rows_unusable', { file }), ...mostOften(rejected), ...more];
    throw new OutpostError('BAD_CSV', inTurn(reasons));
  }
}

/** Throws BAD_INPUT when the rows that are left have one label only. */
export function requireBothLabels(file: string, { frame }: Dataset, rejected: Rejections): void {
  const scams = frame.labels.reduce((sum, label) => sum + label, 0);
  if (scams > 0 && scams < frame.rows) return;
  const advice = duplicatesAdvice(rejected, frame.rows);
  const label = scams > 0 ? 'scam' : 'genuine';
  const oneLabel = sentence('data.one_label_only', { file: basename(file), label });
  throw new OutpostError('BAD_INPUT', inTurn([oneLabel, ...(advice === null ? mostOften(rejected) : [advice])]));
}
