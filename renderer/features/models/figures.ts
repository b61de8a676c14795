import type { ModelRow } from '../../../shared/contract/views.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { capital, percentText } from '../../language/format.ts';

/**
 * Title of the figures: what they were computed on. Where an older manifest does not say and they count every case the
 * model learned from, each case was judged by a model made without it, and saying "cases it had not seen" beside the same
 * number would read as a contradiction.
 */
export function figuresTitle(model: Pick<ModelRow, 'figures' | 'rows' | 'basis'>): Sentence {
  if (model.basis !== null) return sentence(`window_models.figures_by_${model.basis}`);
  const crossed = Object.values(model.figures).some((figure) => figure.n === model.rows);
  return crossed ? sentence('window_models.figures_by_out_of_fold') : sentence('window_models.figures_by_held_out');
}

/** Names of figures in the order in which they matter to people. */
export const figureNames = [
  'recall',
  'missed',
  'unclear_scams',
  'wrong_accusation',
  'unclear_genuine',
  'unclear',
  'missed_among_not_scam',
  'missed_among_near_threshold',
  'missed_among_outside',
  'auc',
  'average_precision',
  'lift_first_tenth',
  'calibration_error',
  'log_loss',
  'brier',
  'mean_cost',
  'calibration_error_beyond_chance',
] as const;

/** Figures that are no shares of cases. */
const plainFigures = new Set([
  'auc',
  'average_precision',
  'calibration_error',
  'calibration_error_beyond_chance',
  'log_loss',
  'brier',
  'mean_cost',
]);

/** What a figure is called; one that this version does not know has its name in plain words. */
export function figureName(name: string): Sentence {
  const known = figureNames.find((one) => one === name);
  return known === undefined
    ? sentence('window_models.other_figure', { name: capital(name.replaceAll('_', ' ')) })
    : sentence(`window_models.figure_names_${known}`);
}

/** A figure as text: a share in per cent, a lift in times, others with three decimals. */
export function figureText(name: string, value: number): Sentence {
  if (name.startsWith('lift_')) return sentence('window_models.times', { value });
  return plainFigures.has(name) ? sentence('window_models.plain', { value }) : percentText(value);
}

/** The interval of a figure, written as the figure is. */
export function figureInterval(name: string, low: number, high: number): Sentence {
  if (name.startsWith('lift_')) return sentence('window_models.times_range', { low, high });
  return plainFigures.has(name)
    ? sentence('window_models.plain_range', { low, high })
    : sentence('window_format.percent_range', { low, high });
}

/**
 * True when the intervals of a model were computed by Outpost, which counts the cases of one incident or scammer as one:
 * a reader who expects the interval of so many single cases finds them wide.
 */
export function intervalsNote({ figures, basis }: Pick<ModelRow, 'figures' | 'basis'>): boolean {
  const computed = basis !== null && basis !== 'stated' && basis !== 'none';
  return computed && Object.values(figures).some(({ low }) => low !== undefined);
}
