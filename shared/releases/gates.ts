import type { Gate } from '../contract/registry.ts';
import { verdictOf, type Thresholds, type Verdict } from '../domain/verdict.ts';
import { storedName } from '../language/stored-name.ts';
import { bootstrapInterval, pairedUpperEnd, type Draw } from './bootstrap-bound.ts';

/** One labelled case that neither model has seen. `weight` = 1 / chance that it was looked at. */
interface GateRow {
  readonly label: 0 | 1;
  readonly weight: number;
  /** Equal for cases that are not independent: of one incident, or of one scammer where that is known. */
  readonly incident: string;
}

/** Scores of one model on the rows, in their order, with its thresholds. */
export interface Judged {
  readonly scores: readonly number[];
  readonly thresholds: Thresholds;
}

/** The rows with the scores of the candidate and of the current model (null: there is none). */
export interface GateSample {
  readonly rows: readonly GateRow[];
  readonly candidate: Judged;
  readonly champion: Judged | null;
}

/** Limits of the gates. Margins are in shares of cases; counts are incidents a rate needs before it is worth a verdict. */
export const gateLimits = {
  /** Ceiling of missed scams, as a share of scams. */
  missed: 0.08,
  /** Ceiling of genuine providers called scam, as a share of genuine providers. */
  wrongAccusation: 0.1,
  /** Ceiling of cases left unclear without a current model, and how much more of them than now a candidate may leave. */
  unclear: 0.25,
  moreUnclear: 0.1,
  /** How much more a candidate may miss or accuse than the current model, at the upper end of the 95 % interval. */
  margin: 0.05,
  scamsNeeded: 60,
  genuineNeeded: 30,
} as const;

/** Names of the gates in reports, signed ones among them; also the seeds of their resamples. */
export const gateNames = {
  missed: storedName`Missed scams`,
  accused: storedName`Genuine providers called scam`,
  unclear: storedName`Left unclear`,
  moreMissed: storedName`More missed scams than now, upper bound`,
  moreAccused: storedName`More accused providers than now, upper bound`,
  logLoss: storedName`Log loss, not above that of now`,
} as const;

function share(sample: GateSample, draw: Draw, judged: Judged, label: 0 | 1, verdict: Verdict): number | null {
  let [all, hits] = [0, 0];
  for (const i of draw) {
    const row = sample.rows[i]!;
    if (row.label !== label) continue;
    all += row.weight;
    if (verdictOf(judged.scores[i]!, judged.thresholds) === verdict) hits += row.weight;
  }
  return all === 0 ? null : hits / all;
}

function logLoss(sample: GateSample, draw: Draw, judged: Judged): number | null {
  let [sum, weight] = [0, 0];
  for (const i of draw) {
    const row = sample.rows[i]!;
    const score = judged.scores[i]!;
    const p = Math.min(1 - 1e-15, Math.max(1e-15, row.label === 1 ? score : 1 - score));
    sum -= row.weight * Math.log(p);
    weight += row.weight;
  }
  return weight === 0 ? null : sum / weight;
}

function unclearShare(sample: GateSample, draw: Draw, judged: Judged): number | null {
  let [all, hits] = [0, 0];
  for (const i of draw) {
    all += sample.rows[i]!.weight;
    if (verdictOf(judged.scores[i]!, judged.thresholds) === 'unclear') hits += sample.rows[i]!.weight;
  }
  return all === 0 ? null : hits / all;
}

type Statistic = (sample: GateSample, draw: Draw, judged: Judged) => number | null;
const missed: Statistic = (sample, draw, judged) => share(sample, draw, judged, 1, 'not_scam');
const accused: Statistic = (sample, draw, judged) => share(sample, draw, judged, 0, 'scam');

function everyRow(sample: GateSample): number[] {
  return sample.rows.map((_, i) => i);
}

/** "Candidate minus current model" as a statistic of a resample. */
function difference(sample: GateSample, champion: Judged, statistic: Statistic): (draw: Draw) => number | null {
  return (draw) => {
    const [a, b] = [statistic(sample, draw, sample.candidate), statistic(sample, draw, champion)];
    return a === null || b === null ? null : a - b;
  };
}

interface Rule extends Omit<Gate, 'result'> {
  readonly needed: number;
}

function judged({ needed, ...gate }: Rule): Gate {
  if (gate.figure === null || gate.n < needed) return { ...gate, result: 'cannot_tell' };
  const kept = gate.comparison === 'at_most' ? gate.figure <= gate.limit : gate.figure >= gate.limit;
  return { ...gate, result: kept ? 'holds' : 'fails' };
}

/** How many incidents a figure rests on: twins of one incident count once. */
interface Counts {
  readonly scams: number;
  readonly genuine: number;
  readonly all: number;
}

function countsOf(rows: readonly GateRow[]): Counts {
  const count = (some: readonly GateRow[]): number => new Set(some.map((row) => row.incident)).size;
  return {
    scams: count(rows.filter((row) => row.label === 1)),
    genuine: count(rows.filter((row) => row.label === 0)),
    all: count(rows),
  };
}

function absolute(sample: GateSample, counts: Counts): Gate[] {
  const draw = everyRow(sample);
  const rule = (name: string, statistic: Statistic, limit: number, n: number, needed: number): Gate =>
    judged({
      name,
      comparison: 'at_most',
      limit,
      figure: statistic(sample, draw, sample.candidate),
      champion: sample.champion && statistic(sample, draw, sample.champion),
      n,
      needed,
    });
  const { scamsNeeded, genuineNeeded } = gateLimits;
  const now = sample.champion && unclearShare(sample, draw, sample.champion);
  const mostUnclear = now === null ? gateLimits.unclear : now + gateLimits.moreUnclear;
  return [
    rule(gateNames.missed, missed, gateLimits.missed, counts.scams, scamsNeeded),
    rule(gateNames.accused, accused, gateLimits.wrongAccusation, counts.genuine, genuineNeeded),
    rule(gateNames.unclear, unclearShare, mostUnclear, counts.all, scamsNeeded),
  ];
}

/** What a model must not get wrong more often than the current one: cases of a label given a verdict. */
interface Mistake {
  readonly label: 0 | 1;
  readonly verdict: Verdict;
  readonly statistic: Statistic;
}

const mistakes = {
  missed: { label: 1, verdict: 'not_scam', statistic: missed },
  accused: { label: 0, verdict: 'scam', statistic: accused },
} as const satisfies Record<string, Mistake>;

/** The larger of two upper ends: by resampling, which knows weights, and of the interval for paired shares. */
function upperEnd(name: string, sample: GateSample, champion: Judged, mistake: Mistake): number | null {
  const resampled = bootstrapInterval(sample.rows, difference(sample, champion, mistake.statistic), name);
  if (resampled === null) return null;
  const isWrong = (by: Judged, i: number): boolean => verdictOf(by.scores[i]!, by.thresholds) === mistake.verdict;
  const paired = sample.rows.flatMap(({ label, weight, incident }, i) =>
    label === mistake.label
      ? [{ weight, incident, candidate: isWrong(sample.candidate, i), champion: isWrong(champion, i) }]
      : [],
  );
  return Math.max(resampled.high, pairedUpperEnd(paired));
}

/**
 * Non-inferiority: holds when the whole 95 % interval of the difference stays within the margin, fails when the
 * difference itself exceeds it, and cannot tell in between. The figure is the upper end of the interval.
 */
function notWorse(
  name: string,
  sample: GateSample,
  champion: Judged,
  mistake: Mistake,
  of: { readonly n: number; readonly needed: number },
): Gate {
  const point = difference(sample, champion, mistake.statistic)(everyRow(sample));
  const figure = upperEnd(name, sample, champion, mistake);
  const gate = judged({ name, comparison: 'at_most', limit: gateLimits.margin, figure, champion: null, ...of });
  return gate.result === 'fails' && point !== null && point <= gateLimits.margin
    ? { ...gate, result: 'cannot_tell' }
    : gate;
}

function comparisons(sample: GateSample, champion: Judged, counts: Counts): Gate[] {
  const { scamsNeeded, genuineNeeded } = gateLimits;
  const draw = everyRow(sample);
  const [own, theirs] = [logLoss(sample, draw, sample.candidate), logLoss(sample, draw, champion)];
  const more = (name: string, mistake: Mistake, n: number, needed: number): Gate =>
    notWorse(name, sample, champion, mistake, { n, needed });
  return [
    more(gateNames.moreMissed, mistakes.missed, counts.scams, scamsNeeded),
    more(gateNames.moreAccused, mistakes.accused, counts.genuine, genuineNeeded),
    judged({
      name: gateNames.logLoss,
      comparison: 'at_most',
      limit: theirs ?? 0,
      figure: own,
      champion: theirs,
      n: counts.all,
      needed: scamsNeeded,
    }),
  ];
}

/**
 * Judges a candidate on cases neither model has seen. Without enough cases a gate says "cannot tell" and the approver
 * decides; none holds by default. Deterministic, so that an admin's machine gets the same figures.
 */
export function evaluateGates(sample: GateSample): Gate[] {
  const counts = countsOf(sample.rows);
  return [
    ...absolute(sample, counts),
    ...(sample.champion === null ? [] : comparisons(sample, sample.champion, counts)),
  ];
}

/**
 * True when there was something to judge by and no gate fails. What too few cases leave open ("cannot tell") is the
 * approver's to decide.
 */
export function mayBeProposed(gates: readonly Gate[]): boolean {
  return gates.some((g) => g.n > 0) && gates.every((g) => g.result !== 'fails');
}

/** Mean weighted log loss of the candidate on all rows; Infinity without rows. */
export function heldOutLogLoss(sample: GateSample): number {
  return logLoss(sample, everyRow(sample), sample.candidate) ?? Infinity;
}

/**
 * What a wrong verdict costs, in visits: a scam nobody looks at, a genuine provider called scam, a case left unclear,
 * which somebody has to visit.
 */
export const verdictCosts = { missed: 10, accused: 5, unclear: 1 } as const;

/** Mean cost per case of the candidate's verdicts in visits, by `verdictCosts` and the rows' weights; Infinity without rows. */
export function meanCost({ rows, candidate }: GateSample): number {
  let [cost, weight] = [0, 0];
  rows.forEach((row, i) => {
    const verdict = verdictOf(candidate.scores[i]!, candidate.thresholds);
    weight += row.weight;
    if (verdict === 'unclear') cost += row.weight * verdictCosts.unclear;
    else if (verdict === 'not_scam' && row.label === 1) cost += row.weight * verdictCosts.missed;
    else if (verdict === 'scam' && row.label === 0) cost += row.weight * verdictCosts.accused;
  });
  return weight === 0 ? Infinity : cost / weight;
}

/** How many cases change their verdict from the current model to the candidate; 0 without a current model. */
export function countFlips({ candidate, champion }: GateSample): number {
  if (champion === null) return 0;
  const before = champion.scores.map((score) => verdictOf(score, champion.thresholds));
  return candidate.scores.filter((score, i) => verdictOf(score, candidate.thresholds) !== before[i]).length;
}
