import { labelOf, type InconclusiveReason, type Outcome } from '../../shared/domain/verdict.ts';
import { addDays } from '../../shared/drift/days.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { Random } from '../statistics/random.ts';

/**
 * What is found out, by how little is known of a case (`open`: share of questions left open). Invented:
 * - `known`: chance that anything is ever recorded; `inconclusive`: chance that it says neither.
 * - `scamMissed` and `providerAccused`: chances of a wrong label, times the investigator's habit.
 * - `delay`: days until it is recorded, log-normal around the median, longer with less known; a few take months.
 */
const labelShares = {
  known: { base: 0.77, perOpen: -0.4 },
  inconclusive: { base: 0.07, perOpen: 0.3 },
  scamMissed: { base: 0.003, perOpen: 0.04 },
  providerAccused: { base: 0.008, perOpen: 0.02 },
  delay: { least: 2, median: 7.5, spread: 0.65, perOpen: 2, long: 0.06, longMedian: 40, most: 240 },
} as const;

/** Why nothing could be settled, by what the case was in truth: providers can be asked, scammers not. Invented. */
const reasons: Readonly<Record<0 | 1, Readonly<Record<InconclusiveReason, number>>>> = {
  1: { resident_unreachable: 36, no_evidence: 42, provider_unreachable: 8, withdrawn: 10, other: 4 },
  0: { resident_unreachable: 34, no_evidence: 20, provider_unreachable: 26, withdrawn: 16, other: 4 },
};

/** What will be recorded about a case, and when. */
export interface Recorded {
  /** Null when nobody finds out. */
  readonly outcome: Outcome | null;
  readonly outcomeReason: InconclusiveReason | null;
  /** Days from the intake until it is recorded. */
  readonly outcomeDelayDays: number;
}

const by = ({ base, perOpen }: { base: number; perOpen: number }, open: number): number => base + perOpen * open;

/** Share of the schema's questions that an intake left open. */
export function openShareOf(attributes: Readonly<Record<string, unknown>>): number {
  return 1 - Object.keys(attributes).length / complaintsSchema.attributes.length;
}

/** Chance that an outcome that says scam or genuine is wrong. `habit` is the investigator's factor. */
export function wrongChance(truth: 0 | 1, open: number, habit: number): number {
  return habit * by(truth === 1 ? labelShares.scamMissed : labelShares.providerAccused, open);
}

function delayOf(random: Random, open: number): number {
  const { least, median, spread, perOpen, long, longMedian, most } = labelShares.delay;
  const middle = random.chance(long) ? longMedian : median * (1 + perOpen * open);
  return least + Math.min(most - least, Math.floor(middle * Math.exp(spread * random.normal())));
}

/** Draws what is recorded about a case in the end: late, not at all, inconclusive with a reason, right or wrong. */
export function drawRecorded(random: Random, truth: 0 | 1, open: number, habit: number): Recorded {
  const outcomeDelayDays = delayOf(random, open);
  const nothing = { outcomeReason: null, outcomeDelayDays };
  if (!random.chance(by(labelShares.known, open))) return { outcome: null, ...nothing };
  if (random.chance(by(labelShares.inconclusive, open)))
    return {
      outcome: 'inconclusive',
      outcomeReason: random.weighted(reasons[truth]) as InconclusiveReason,
      outcomeDelayDays,
    };
  const isScam = (truth === 1) !== random.chance(wrongChance(truth, open, habit));
  return { outcome: isScam ? 'confirmed_scam' : 'genuine_provider', ...nothing };
}

/** Label that was recorded by the end of a day: right or wrong, null when late, missing or inconclusive. */
export function recordedLabel(
  { received, outcome, outcomeDelayDays }: Recorded & { readonly received: string },
  lastDay: string,
): 0 | 1 | null {
  return outcome === null || addDays(received, outcomeDelayDays) > lastDay ? null : labelOf(outcome);
}
