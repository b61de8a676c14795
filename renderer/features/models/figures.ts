import type { ModelRow } from '../../../shared/contract/views.ts';
import { percentText } from '../../format.ts';
import { text } from '../../strings.ts';

const words = text.models;

/**
 * Title of the figures: what they were computed on. Where an older manifest does not say and they count every case the
 * model learned from, each case was judged by a model made without it, and saying "cases it had not seen" beside the same
 * number would read as a contradiction.
 */
export function figuresTitle(model: Pick<ModelRow, 'figures' | 'rows' | 'basis'>): string {
  if (model.basis !== null) return words.figuresBy[model.basis];
  const crossed = Object.values(model.figures).some((figure) => figure.n === model.rows);
  return crossed ? words.figuresBy.out_of_fold : words.figuresBy.held_out;
}

/** A figure as text: a share in per cent, a lift in times, others with three decimals. */
export function figureText(name: string, value: number): string {
  if (name.startsWith('lift_')) return words.times(value.toFixed(2));
  return words.plainFigures.includes(name) ? value.toFixed(3) : percentText(value);
}

/**
 * True when the intervals of a model were computed by Outpost, which counts the cases of one incident or scammer as one:
 * a reader who expects the interval of so many single cases finds them wide.
 */
export function intervalsNote({ figures, basis }: Pick<ModelRow, 'figures' | 'basis'>): boolean {
  const computed = basis !== null && basis !== 'stated' && basis !== 'none';
  return computed && Object.values(figures).some(({ low }) => low !== undefined);
}
