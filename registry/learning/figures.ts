import { missedStrata, stratumOf } from '../../shared/domain/audit.ts';
import { verdictOf, type Thresholds } from '../../shared/domain/verdict.ts';
import { outsideReasons } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import {
  auc,
  aucStandardError,
  brier,
  calibrationError,
  clopperPearson,
  countVerdicts,
  logLoss,
  normalQuantile,
  ratesOf,
  type Interval,
} from '../../shared/metrics/index.ts';
import type { DatasetRow } from './dataset.ts';

/** Figures as a manifest lists them: name -> value with a 95 % interval where there is one, and the cases behind it. */
export type Figures = Manifest['figures'];
type Figure = Figures[string];

const z = normalQuantile(0.975);

function share(interval: Interval, n: number): Figure | null {
  return n === 0 ? null : { ...interval, n };
}

/** Mean of a term per case with its normal interval. */
function meanFigure(terms: readonly number[]): Figure | null {
  const n = terms.length;
  if (n === 0) return null;
  const value = terms.reduce((a, b) => a + b, 0) / n;
  const variance = terms.reduce((sum, t) => sum + (t - value) ** 2, 0) / Math.max(1, n - 1);
  const half = z * Math.sqrt(variance / n);
  return { value, low: Math.max(0, value - half), high: value + half, n };
}

function aucFigure(labels: readonly number[], scores: readonly number[]): Figure | null {
  const value = auc({ labels, scores });
  if (Number.isNaN(value)) return null;
  const error = aucStandardError({ labels, scores });
  if (Number.isNaN(error)) return { value, n: labels.length };
  return { value, low: Math.max(0, value - z * error), high: Math.min(1, value + z * error), n: labels.length };
}

function present(figures: Readonly<Record<string, Figure | null>>): Figures {
  return Object.fromEntries(Object.entries(figures).flatMap(([name, f]) => (f === null ? [] : [[name, f]])));
}

/** Figures of scores against labels at two thresholds: shares with exact intervals, AUC (DeLong), log loss and Brier. */
export function figuresOf(labels: readonly number[], scores: readonly number[], thresholds: Thresholds): Figures {
  const rates = ratesOf(countVerdicts({ labels, scores }, thresholds));
  const scams = labels.filter((y) => y === 1).length;
  const each = (term: (data: { labels: number[]; scores: number[] }) => number): number[] =>
    scores.map((s, i) => term({ labels: [labels[i]!], scores: [s] }));
  return present({
    recall: share(rates.recall, scams),
    missed: share(rates.missed, scams),
    unclear_scams: share(rates.unclearScams, scams),
    wrong_accusation: share(rates.wrongAccusation, labels.length - scams),
    unclear: share(rates.unclear, labels.length),
    auc: aucFigure(labels, scores),
    log_loss: meanFigure(each(logLoss)),
    brier: meanFigure(each(brier)),
    calibration_error: labels.length === 0 ? null : { value: calibrationError({ labels, scores }), n: labels.length },
  });
}

/**
 * Share of scams among the cases called not_scam, by audit stratum (`missed_among_not_scam`, `..._near_threshold`,
 * `..._outside`): what checks of such cases are compared with in the field.
 */
export function missedFigures(
  schema: FeatureSchema,
  rows: readonly DatasetRow[],
  scores: readonly number[],
  rule: { thresholds: Thresholds; maxMissingShare: number },
): Figures {
  const strata = rows.map((row, i) => {
    const score = scores[i]!;
    const outside = outsideReasons(schema, row.facts, rule);
    return stratumOf({ score, verdict: verdictOf(score, rule.thresholds), outside }, rule.thresholds);
  });
  return present(
    Object.fromEntries(
      missedStrata.map((stratum) => {
        const inside = rows.filter((_, i) => strata[i] === stratum);
        return [
          `missed_among_${stratum}`,
          share(clopperPearson(inside.filter((r) => r.label === 1).length, inside.length), inside.length),
        ];
      }),
    ),
  );
}
