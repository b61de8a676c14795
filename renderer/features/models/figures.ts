import type { ModelRow } from '../../../shared/contract/views.ts';
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
