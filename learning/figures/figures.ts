import { missedStrata, stratumOf } from '../../shared/domain/audit.ts';
import type { OutsideReason } from '../../shared/domain/outside-reasons.ts';
import { verdictOf, type Thresholds } from '../../shared/domain/verdict.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import {
  auc,
  aucInterval,
  aucStandardError,
  averagePrecision,
  calibrationError,
  liftAt,
  lossOf,
  normalQuantile,
  rankingOf,
  type Scored,
} from '../../shared/metrics/index.ts';
import { groupingOf, singleGroups, type Grouping, type JudgedCases } from './cases.ts';
import { meanInterval, shareInterval, shareOf, type Share } from './shares.ts';
import { verdictShareRules, verdictShares, type ThresholdsOf } from './verdict-shares.ts';

/** Figures as a manifest lists them: name -> value with a 95 % interval where there is one, and the cases behind it. */
export type Figures = Manifest['figures'];
type Figure = Figures[string];

/** A case that is judged: label, weight (how many cases it stands for) and the score it got. */
export interface Judged {
  readonly label: 0 | 1;
  readonly weight: number;
  readonly score: number;
}

/** Cases that are judged, as arrays with one entry per case. */
interface JudgedArrays extends Scored {
  readonly weights: ArrayLike<number>;
  /** Cases with the same number belong together (see `Frame`), or what `groupingOf` made of it; without it each is a group of its own. */
  readonly groups?: ArrayLike<number> | Grouping;
}

const z = normalQuantile(0.975);

function arraysOf(cases: readonly Judged[] | JudgedArrays): JudgedArrays {
  if (!Array.isArray(cases)) return cases as JudgedArrays;
  const list: readonly Judged[] = cases;
  return {
    labels: Uint8Array.from(list, (c) => c.label),
    scores: Float64Array.from(list, (c) => c.score),
    weights: Float64Array.from(list, (c) => c.weight),
  };
}

/** Cases as evaluation takes them. */
export function judgedCases({ labels, weights, groups }: JudgedArrays): JudgedCases {
  if (groups === undefined) return { labels, weights, groups: singleGroups(labels.length) };
  return { labels, weights, groups: 'order' in groups ? groups : groupingOf(groups) };
}

function shareFigure(share: Share): Figure | null {
  const interval = shareInterval(share);
  if (interval === null) return null;
  const { method: _method, ...ends } = interval;
  return { ...ends, n: share.rows };
}

function meanFigure(cases: JudgedCases, term: (i: number) => number): Figure | null {
  const interval = meanInterval(cases, term);
  return interval && { ...interval, n: cases.labels.length };
}

/**
 * AUC; its interval (DeLong, or Newcombe's where that has no width) is only given for equal weights and single cases, for
 * which it holds.
 */
function aucFigure(data: Scored, { binomial, rows: n, hits }: Share): Figure | null {
  const value = auc(data);
  if (Number.isNaN(value)) return null;
  const error = binomial ? aucStandardError(data) : NaN;
  if (Number.isNaN(error)) return { value, n };
  if (error === 0) return { value, ...aucInterval(value, hits, n - hits), n };
  return { value, low: Math.max(0, value - z * error), high: Math.min(1, value + z * error), n };
}

function bare(value: number, n: number): Figure | null {
  return Number.isNaN(value) ? null : { value, n };
}

function present(figures: Readonly<Record<string, Figure | null>>): Figures {
  return Object.fromEntries(Object.entries(figures).flatMap(([name, f]) => (f === null ? [] : [[name, f]])));
}

const always = (): boolean => true;

/** Share of the queue that `lift_first_tenth` looks at. */
const firstOfQueue = 0.1;

/**
 * Figures of scores against labels at two thresholds, weighted: shares of verdicts, AUC, average precision, log loss,
 * Brier score, calibration, lift in the first tenth of the queue. Figures that have no value are left out. Shares have
 * exact intervals for equal weights and single cases, else Wilson's by group; means normal ones between groups.
 */
export function figuresOf(judged: readonly Judged[] | JudgedArrays, thresholds: Thresholds | ThresholdsOf): Figures {
  const data = arraysOf(judged);
  const { labels, scores, weights } = data;
  const cases = judgedCases(data);
  const shares = verdictShares(cases, verdictShareRules(labels, scores, thresholds));
  const n = labels.length;
  const all = shareOf(cases, cases.groups.order, always, (i) => labels[i] === 1);
  const ranking = rankingOf({ labels, scores, weights });
  const oneLabel = all.hitWeight === 0 || all.hitWeight === all.weight;
  return present({
    recall: shareFigure(shares.recall),
    missed: shareFigure(shares.missed),
    unclear_scams: shareFigure(shares.unclear_scams),
    wrong_accusation: shareFigure(shares.wrong_accusation),
    unclear_genuine: shareFigure(shares.unclear_genuine),
    unclear: shareFigure(shares.unclear),
    auc: aucFigure({ labels, scores, weights }, all),
    // With one label alone these say nothing of the scores.
    average_precision: oneLabel ? null : bare(averagePrecision(ranking), n),
    log_loss: meanFigure(cases, (i) => lossOf(scores[i]!, labels[i]!)),
    brier: meanFigure(cases, (i) => (scores[i]! - labels[i]!) ** 2),
    calibration_error: bare(calibrationError(data), n),
    lift_first_tenth: oneLabel ? null : bare(liftAt(ranking, firstOfQueue * all.weight).lift, n),
  });
}

const someReason: OutsideReason[] = [{ kind: 'missing', share: 1 }];

/**
 * Share of scams among the cases called not_scam, by audit stratum (`missed_among_not_scam`, `..._near_threshold`,
 * `..._outside`): what checks of such cases are compared with in the field. `outside` says for each case why it is
 * outside what the model knows, or with 1 that it is.
 */
export function missedByStratum(
  judged: readonly Judged[] | JudgedArrays,
  outside: readonly (readonly OutsideReason[])[] | Uint8Array,
  thresholds: Thresholds | ThresholdsOf,
): Figures {
  const data = arraysOf(judged);
  const cases = judgedCases(data);
  const { order } = cases.groups;
  const thresholdsAt = typeof thresholds === 'function' ? thresholds : () => thresholds;
  const strata = Array.from(data.scores, (score, i) => {
    const own = thresholdsAt(i);
    if (own === null) return null;
    const reasons = outside instanceof Uint8Array ? (outside[i] === 1 ? someReason : []) : outside[i]!;
    return stratumOf({ score, verdict: verdictOf(score, own), outside: reasons }, own);
  });
  const isScam = (i: number): boolean => data.labels[i] === 1;
  return present(
    Object.fromEntries(
      missedStrata.map((stratum) => {
        const share = shareOf(cases, order, (i) => strata[i] === stratum, isScam);
        return [`missed_among_${stratum}`, shareFigure(share)];
      }),
    ),
  );
}
