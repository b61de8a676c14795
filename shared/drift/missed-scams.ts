import { missedStrata, type MissedStratum } from '../domain/audit.ts';
import { binomialPmf, clopperPearson } from '../metrics/binomial.ts';
import { mixedStarts } from './alarm-budget.ts';
import type { Detection, Detector, FittedDetector } from './detector.ts';
import { evidenceOf, firstReached, logSum, rateEProcess } from './e-process.ts';
import type { AssessCase, AssessReference, MissPromise } from './input.ts';
import type { MonitorReport } from './report.ts';

/** Chance of a false alarm of missed scams, over two years of daily looks. */
const missedAlpha = 0.05;
/** Missed scams are worth watching from this chance on. */
const doubtfulFrom = 0.25;

/** A finished check: a drawn not-scam case of which it is known whether it was a scam. */
interface Check {
  readonly received: string;
  readonly stratum: MissedStratum;
  readonly missed: boolean;
}

type Tally = Readonly<Record<MissedStratum, { readonly successes: number; readonly trials: number }>>;
type Promises = AssessReference['promises'];

function isMissedStratum(stratum: string): stratum is MissedStratum {
  return (missedStrata as readonly string[]).includes(stratum);
}

/** Drawn not-scam cases with an outcome. Inconclusive ones prove nothing either way and are left out. */
function checksOf(cases: readonly AssessCase[]): Check[] {
  return cases.flatMap(({ received, audit, outcome }) => {
    const { stratum, drawn } = audit;
    if (!drawn || !isMissedStratum(stratum) || outcome === null || outcome === 'inconclusive') return [];
    return [{ received, stratum, missed: outcome === 'confirmed_scam' }];
  });
}

function tallyOf(checks: readonly Check[]): Tally {
  const entry = (stratum: MissedStratum) => {
    const inside = checks.filter((check) => check.stratum === stratum);
    return [stratum, { successes: inside.filter((check) => check.missed).length, trials: inside.length }] as const;
  };
  return Object.fromEntries(missedStrata.map(entry)) as Tally;
}

/**
 * Evidence over the strata, each against its own ceiling (near the threshold more scams are expected than far from it, and
 * such cases are drawn more often, so pooling would alarm about nothing). Half the mean, half the product of the strata:
 * both are e-processes when every ceiling holds; the first sees one stratum go wrong, the second all of them a little.
 */
function stratifiedLogE(tally: Tally, promises: Promises): number {
  const logs = missedStrata.map((s) => rateEProcess({ ...tally[s], ceiling: promises[s].ceiling }).logE);
  const mean = logSum(logs) - Math.log(logs.length);
  const product = logs.reduce((a, b) => a + b, 0);
  return logSum([mean, product]) - Math.log(2);
}

/** Numbers of missed scams that would be no surprise: from the 2.5 % quantile at the best guess to the 97.5 % at the ceiling. */
function expectedRange(tally: Tally, promises: Promises): { low: number; high: number } {
  const quantile = (rate: (promise: MissPromise) => number, p: number): number => {
    let counts = [1];
    for (const stratum of missedStrata) {
      const { trials } = tally[stratum];
      const own = Array.from({ length: trials + 1 }, (_, k) => binomialPmf(k, trials, rate(promises[stratum])));
      const sum = Array<number>(counts.length + trials).fill(0);
      counts.forEach((a, i) => own.forEach((b, j) => (sum[i + j]! += a * b)));
      counts = sum;
    }
    let [k, total] = [0, counts[0]!];
    while (total < p && k < counts.length - 1) total += counts[++k]!;
    return k;
  };
  return { low: quantile((promise) => promise.value, 0.025), high: quantile((promise) => promise.ceiling, 0.975) };
}

/** What was promised for a mix of strata: their ceilings weighted by the checks in each. */
function pooledCeiling(tally: Tally, promises: Promises): number {
  const trials = missedStrata.reduce((sum, s) => sum + tally[s].trials, 0);
  if (trials === 0) return promises.not_scam.ceiling;
  return missedStrata.reduce((sum, s) => sum + tally[s].trials * promises[s].ceiling, 0) / trials;
}

/**
 * Further checks until twice the promised ceiling would raise the alarm, when checks go on in the mix seen so far (all
 * far from the threshold when there were none). A rate cannot double beyond 95 %.
 */
function doublingShownAfter(tally: Tally, promises: Promises): number | null {
  const trials = missedStrata.reduce((sum, s) => sum + tally[s].trials, 0);
  const mix = (s: MissedStratum): number => (trials === 0 ? Number(s === 'not_scam') : tally[s].trials / trials);
  const after = (n: number, base: Tally | null): number => {
    const grown = missedStrata.map((s) => {
      const [more, before] = [n * mix(s), base?.[s] ?? { successes: 0, trials: 0 }];
      const rate = Math.min(0.95, 2 * promises[s].ceiling);
      return [s, { successes: before.successes + more * rate, trials: before.trials + more }] as const;
    });
    return stratifiedLogE(Object.fromEntries(grown) as Tally, promises);
  };
  // Half the stake is on everything so far, a fiftieth on the block in which the doubling begins.
  const total = (n: number): number => logSum([Math.log(0.5) + after(n, tally), Math.log(0.02) + after(n, null)]);
  return firstReached((n) => total(n) >= -Math.log(missedAlpha));
}

/** What could have been seen by now. */
interface MissedOutlook {
  /** Promised ceiling for the checks so far. */
  readonly ceiling: number;
  readonly doublingShownAfter: number | null;
}

/** The checks watched, with what was promised for them. */
export interface ChecksWatched extends FittedDetector {
  outlook(): MissedOutlook;
  byMonth(): MonitorReport['months'];
}

function detectionOf(checks: readonly Check[], promises: Promises, from: string, to: string): Detection {
  const tally = tallyOf(checks);
  const mixed = mixedStarts(from, to, (start) =>
    stratifiedLogE(tallyOf(checks.filter((c) => c.received >= start)), promises),
  );
  const range = expectedRange(tally, promises);
  const { e, logE } = evidenceOf(mixed.logE);
  const missed = checks.filter((check) => check.missed).length;
  const chance = Math.min(1, 1 / e);
  const alarm = logE >= -Math.log(missedAlpha);
  return {
    finding: {
      kind: 'missed',
      missed,
      checked: checks.length,
      expectedLow: range.low,
      expectedHigh: range.high,
      e,
      chance,
      alarm,
    },
    effect: missed / checks.length - pooledCeiling(tally, promises),
    evidence: { kind: 'e', e },
    level: alarm ? 'alarm' : chance <= doubtfulFrom ? 'watch' : 'calm',
    since: mixed.best,
  };
}

function watchChecks({ promises }: AssessReference): ChecksWatched {
  const checks: Check[] = [];
  let [from, to]: [string | null, string | null] = [null, null];
  return {
    *update(cases) {
      from ??= cases[0]?.received ?? null;
      to = cases.at(-1)?.received ?? to;
      for (const check of checksOf(cases)) checks.push(check);
      yield;
    },
    *verdict() {
      yield;
      if (from === null || to === null || checks.length === 0) return { detections: [] };
      return { detections: [detectionOf(checks, promises, from, to)] };
    },
    outlook() {
      const tally = tallyOf(checks);
      return { ceiling: pooledCeiling(tally, promises), doublingShownAfter: doublingShownAfter(tally, promises) };
    },
    byMonth: () => monthsOf(checks),
  };
}

/**
 * Tests the missed scams among finished checks against the promise, valid under daily looks (Ville): an alarm means
 * evidence of 1/alpha or more.
 */
export const missedDetector: Detector<ChecksWatched> = { name: 'missed', fit: watchChecks };

/** Finished checks and missed scams by month of receipt, with exact 95 % intervals. */
function monthsOf(checks: readonly Check[]): MonitorReport['months'] {
  const months = [...new Set(checks.map((check) => check.received.slice(0, 7)))].toSorted();
  return months.map((month) => {
    const inside = checks.filter((check) => check.received.startsWith(month));
    const missed = inside.filter((check) => check.missed).length;
    const { value, low, high } = clopperPearson(missed, inside.length);
    return { month, checked: inside.length, missed, share: value, low, high };
  });
}
