/** Words for the figures of a model; lift in the first N of the queue comes as `lift_first_N`. */
const labels: Readonly<Record<string, string>> = {
  recall: 'Scams called scam',
  missed: 'Scams called not scam (missed)',
  unclear_scams: 'Scams left unclear',
  wrong_accusation: 'Genuine providers called scam',
  unclear_genuine: 'Genuine providers left unclear',
  unclear: 'All cases left unclear',
  mean_cost: 'Cost of the verdicts, visits per case',
  auc: 'AUC',
  average_precision: 'Average precision',
  log_loss: 'Log loss',
  log_loss_base_rate: 'Log loss of saying the base rate',
  log_loss_gain: 'Log loss smaller than that by',
  brier: 'Brier score',
  calibration_error: 'Calibration error, ten bins',
  calibration_error_beyond_chance: 'Calibration error beyond chance',
  lift_first_tenth: 'Lift in the first tenth of the queue',
  missed_among_not_scam: 'Scams among not scam, far from the threshold',
  missed_among_near_threshold: 'Scams among not scam, near the threshold',
  missed_among_outside: 'Scams among not scam, outside the model',
};

const shares = /^(?:recall|missed|unclear|wrong_accusation)/;

/** What a figure is called; figures without a name of their own keep the one they have. */
export function figureLabel(name: string): string {
  return labels[name] ?? name;
}

/** A figure as text: shares in per cent, others with four decimals, nothing for no figure. */
export function formatFigure(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return shares.test(name) ? `${(100 * value).toFixed(1)} %` : value.toFixed(4);
}
