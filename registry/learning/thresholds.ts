import type { Thresholds } from '../../shared/domain/verdict.ts';
import { OutpostError } from '../../shared/errors/index.ts';

/** What a wrong or open verdict costs, in any one unit: a missed scam, a wrong accusation, and a case left unclear. */
export interface Costs {
  readonly missedScam: number;
  readonly wrongAccusation: number;
  readonly unclear: number;
}

/**
 * Shares the default thresholds keep to on the cases they are set on. What is promised for cases not yet seen is more
 * (4 % of scams missed, 5 % of genuine providers accused): a threshold set on a sample falls short by chance.
 */
export const defaultLimits = { missed: 0.022, wrongAccusation: 0.04 } as const;

const step = 10_000;
const down = (x: number): number => Math.floor(x * step) / step;
const up = (x: number): number => Math.ceil(x * step) / step;

/**
 * Thresholds from stated costs, for calibrated scores: `not_scam` where the expected cost of missing a scam is below
 * that of leaving the case unclear, `scam` where the expected cost of a wrong accusation is.
 */
export function thresholdsFromCosts(costs: Costs): Thresholds {
  const { missedScam, wrongAccusation, unclear } = costs;
  if (![missedScam, wrongAccusation, unclear].every((c) => Number.isFinite(c) && c > 0)) {
    throw new OutpostError('BAD_INPUT', 'Costs must be numbers above 0.');
  }
  const notScamBelow = Math.min(1, unclear / missedScam);
  const scamFrom = Math.max(0, 1 - unclear / wrongAccusation);
  if (notScamBelow <= scamFrom) return { notScamBelow, scamFrom };
  // Leaving a case unclear never pays: one threshold where both errors cost the same.
  const single = wrongAccusation / (wrongAccusation + missedScam);
  return { notScamBelow: single, scamFrom: single };
}

/** First score, going through `sorted`, at which more than `share` of the weight has been passed. */
function passedBeyond(sorted: readonly { score: number; weight: number }[], share: number): number {
  const allowed = share * sorted.reduce((sum, s) => sum + s.weight, 0);
  let passed = 0;
  for (const { score, weight } of sorted) {
    passed += weight;
    if (passed > allowed) return score;
  }
  return sorted.at(-1)!.score;
}

/**
 * Thresholds such that at most `limits.missed` of the scams (by weight) fall below the lower one and at most
 * `limits.wrongAccusation` of the genuine providers reach the upper one, as close as four decimals allow. To be set on
 * scores the model did not learn from. Throws BAD_INPUT unless both classes are there.
 */
export function thresholdsFromScores(
  cases: readonly { readonly label: 0 | 1; readonly score: number; readonly weight: number }[],
  limits: { missed: number; wrongAccusation: number } = defaultLimits,
): Thresholds {
  const used = cases.filter((c) => c.weight > 0);
  const scams = used.filter((c) => c.label === 1).toSorted((a, b) => a.score - b.score);
  const genuine = used.filter((c) => c.label === 0).toSorted((a, b) => b.score - a.score);
  if (scams.length === 0 || genuine.length === 0) {
    throw new OutpostError('BAD_INPUT', 'Thresholds need scores of both confirmed scams and genuine providers.');
  }
  const notScamBelow = down(passedBeyond(scams, limits.missed));
  // The score at this place must stay below the threshold itself, so one step of four decimals is added.
  const scamFrom = Math.min(1, up(passedBeyond(genuine, limits.wrongAccusation) + 1 / step));
  if (notScamBelow <= scamFrom) return { notScamBelow, scamFrom };
  // The classes lie so far apart that any single threshold between the two keeps both limits.
  const single = down((notScamBelow + scamFrom) / 2);
  return { notScamBelow: single, scamFrom: single };
}
