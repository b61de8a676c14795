import type { Figures } from './figures.ts';
import { sentence, type PlainCode, type Text } from '../../shared/language/sentence.ts';

/** Words for the figures of a model; lift in the first N of the queue comes as `lift_first_N`. */
const labels = {
  recall: 'figures.recall',
  missed: 'figures.missed',
  unclear_scams: 'figures.unclear_scams',
  wrong_accusation: 'figures.wrong_accusation',
  unclear_genuine: 'figures.unclear_genuine',
  unclear: 'figures.unclear',
  mean_cost: 'figures.mean_cost',
  auc: 'figures.auc',
  average_precision: 'figures.average_precision',
  log_loss: 'figures.log_loss',
  log_loss_base_rate: 'figures.log_loss_base_rate',
  log_loss_gain: 'figures.log_loss_gain',
  brier: 'figures.brier',
  calibration_error: 'figures.calibration_error',
  calibration_error_beyond_chance: 'figures.calibration_error_beyond_chance',
  lift_first_tenth: 'figures.lift_first_tenth',
  missed_among_not_scam: 'figures.missed_among_not_scam',
  missed_among_near_threshold: 'figures.missed_among_near_threshold',
  missed_among_outside: 'figures.missed_among_outside',
} as const satisfies Readonly<Record<string, PlainCode>>;

const shares = /^(?:recall|missed|unclear|wrong_accusation)/;

function hasLabel(name: string): name is keyof typeof labels {
  return Object.hasOwn(labels, name);
}

/** What a figure is called; figures without a name of their own keep the one they have. */
export function figureLabel(name: string): Text {
  return hasLabel(name) ? sentence(labels[name]) : name;
}

/** True for figures that are shares, which are shown in per cent. */
export function isShare(name: string): boolean {
  return shares.test(name);
}

/** A figure as text: shares in per cent, others with four decimals, nothing for no figure. */
export function formatFigure(name: string, value: number | null | undefined): Text {
  if (value === null || value === undefined) return '';
  return isShare(name) ? sentence('figures.share', { value }) : sentence('figures.value', { value });
}

/** A figure of a model that may lack it; that there is none then. */
function figureText(name: string, figure: { readonly value: number } | undefined): Text {
  return figure === undefined ? sentence('figures.cannot_tell') : formatFigure(name, figure.value);
}

/** A figure as `figureText` has it, with its interval or that its cases are too few for one. */
export function figureWithin(name: string, figure: Figures[string] | undefined): Text {
  const value = figureText(name, figure);
  if (figure === undefined) return value;
  const { low, high } = figure;
  const interval = low === undefined ? sentence('figures.too_few_cases') : formatInterval(name, low, high);
  return sentence('figures.within', { value, interval });
}

/**
 * AUC and log loss, or that they are missing, and where cases are too few for an interval. That of the log loss needs
 * two groups; AUC lacks one for other reasons too, but needs two cases of each label.
 */
export function aucAndLoss(figures: Figures): { auc: Text; loss: Text } {
  const { auc, log_loss: loss, missed, wrong_accusation: accused } = figures;
  const few = loss !== undefined && loss.low === undefined;
  const fewOfALabel = Math.min(missed?.n ?? Infinity, accused?.n ?? Infinity) < 2;
  const textOf = (name: string, figure: Figures[string] | undefined, tooFew: boolean): Text =>
    tooFew && figure ? figureWithin(name, { value: figure.value, n: figure.n }) : figureText(name, figure);
  return { auc: textOf('auc', auc, few || fewOfALabel), loss: textOf('log_loss', loss, few) };
}

/** The interval of a figure as text; nothing for none. */
export function formatInterval(name: string, low: number | null | undefined, high: number | null | undefined): Text {
  if (low === null || low === undefined) return '';
  const ends = { low, high: high ?? NaN };
  return isShare(name) ? sentence('figures.share_interval', ends) : sentence('figures.value_interval', ends);
}
