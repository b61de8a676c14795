import { missedStrata, stratumOf } from '../../shared/domain/audit.ts';
import type { OutsideReason } from '../../shared/domain/outside.ts';
import { verdictOf, type Thresholds } from '../../shared/domain/verdict.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import {
  auc,
  aucStandardError,
  brier,
  calibrationError,
  clopperPearson,
  logLoss,
  normalQuantile,
  wilson,
  type Scored,
} from '../../shared/metrics/index.ts';

/** Figures as a manifest lists them: name -> value with a 95 % interval where there is one, and the cases behind it. */
export type Figures = Manifest['figures'];
type Figure = Figures[string];

/** A case that is judged: label, weight (how many cases it stands for) and the score it got. */
export interface Judged {
  readonly label: 0 | 1;
  readonly weight: number;
  readonly score: number;
}

const z = normalQuantile(0.975);

function equalWeights(weights: readonly number[]): boolean {
  return weights.every((w) => w === weights[0]);
}

/** Number of equally weighted cases that tell as much as these: (sum w)^2 / sum w^2 (Kish 1965). */
export function effectiveCount(weights: readonly number[]): number {
  const sum = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Weighted share of hits: exact interval for equal weights, else Wilson's with the effective number of cases. */
function shareFigure(cases: readonly Judged[], hit: (entry: Judged) => boolean): Figure | null {
  const n = cases.length;
  const weights = cases.map((c) => c.weight);
  const total = weights.reduce((a, b) => a + b, 0);
  if (n === 0 || total === 0) return null;
  if (equalWeights(weights)) return { ...clopperPearson(cases.filter(hit).length, n), n };
  const value = cases.reduce((sum, c) => sum + (hit(c) ? c.weight : 0), 0) / total;
  return { ...wilson(value, effectiveCount(weights)), n };
}

/** Weighted mean of a term per case with its normal interval. */
function meanFigure(cases: readonly Judged[], term: (data: Scored) => number): Figure | null {
  const n = cases.length;
  const total = cases.reduce((sum, c) => sum + c.weight, 0);
  if (n === 0 || total === 0) return null;
  const terms = cases.map((c) => term({ labels: [c.label], scores: [c.score] }));
  const value = terms.reduce((sum, t, i) => sum + cases[i]!.weight * t, 0) / total;
  const variance = terms.reduce((sum, t, i) => sum + (cases[i]!.weight * (t - value)) ** 2, 0) / total ** 2;
  const half = z * Math.sqrt((variance * n) / Math.max(1, n - 1));
  return { value, low: Math.max(0, value - half), high: value + half, n };
}

function scoredOf(cases: readonly Judged[]): Scored {
  return { labels: cases.map((c) => c.label), scores: cases.map((c) => c.score), weights: cases.map((c) => c.weight) };
}

/** AUC; its interval (DeLong) is only given for equal weights, for which it holds. */
function aucFigure(cases: readonly Judged[]): Figure | null {
  const value = auc(scoredOf(cases));
  if (Number.isNaN(value)) return null;
  const error = equalWeights(cases.map((c) => c.weight)) ? aucStandardError(scoredOf(cases)) : NaN;
  if (Number.isNaN(error)) return { value, n: cases.length };
  return { value, low: Math.max(0, value - z * error), high: Math.min(1, value + z * error), n: cases.length };
}

function calibrationFigure(cases: readonly Judged[]): Figure | null {
  const value = calibrationError(scoredOf(cases));
  return Number.isNaN(value) ? null : { value, n: cases.length };
}

function present(figures: Readonly<Record<string, Figure | null>>): Figures {
  return Object.fromEntries(Object.entries(figures).flatMap(([name, f]) => (f === null ? [] : [[name, f]])));
}

/** Figures of scores against labels at two thresholds, weighted: shares, AUC, log loss, Brier score, calibration. */
export function figuresOf(cases: readonly Judged[], thresholds: Thresholds): Figures {
  const scams = cases.filter((c) => c.label === 1);
  const genuine = cases.filter((c) => c.label === 0);
  const is = (verdict: string) => (c: Judged) => verdictOf(c.score, thresholds) === verdict;
  return present({
    recall: shareFigure(scams, is('scam')),
    missed: shareFigure(scams, is('not_scam')),
    unclear_scams: shareFigure(scams, is('unclear')),
    wrong_accusation: shareFigure(genuine, is('scam')),
    unclear: shareFigure(cases, is('unclear')),
    auc: aucFigure(cases),
    log_loss: meanFigure(cases, logLoss),
    brier: meanFigure(cases, brier),
    calibration_error: calibrationFigure(cases),
  });
}

/**
 * Share of scams among the cases called not_scam, by audit stratum (`missed_among_not_scam`, `..._near_threshold`,
 * `..._outside`): what checks of such cases are compared with in the field. `outside` says for each case why it is
 * outside what the model knows.
 */
export function missedByStratum(
  cases: readonly Judged[],
  outside: readonly (readonly OutsideReason[])[],
  thresholds: Thresholds,
): Figures {
  const strata = cases.map(({ score }, i) =>
    stratumOf({ score, verdict: verdictOf(score, thresholds), outside: outside[i]! }, thresholds),
  );
  const figure = (stratum: string): Figure | null =>
    shareFigure(
      cases.filter((_, i) => strata[i] === stratum),
      (c) => c.label === 1,
    );
  return present(Object.fromEntries(missedStrata.map((stratum) => [`missed_among_${stratum}`, figure(stratum)])));
}
