import type { Gate } from '../../shared/contract/registry.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { createRandom } from '../learning/random.ts';

/** One labelled case that neither model has seen, judged by both. `weight` = 1 / chance of having been looked at. */
export interface JudgedRow {
  readonly label: 0 | 1;
  readonly weight: number;
  readonly incident: string;
  readonly candidate: { readonly score: number; readonly verdict: Verdict; readonly outside: boolean };
  readonly champion: { readonly score: number; readonly verdict: Verdict; readonly outside: boolean } | null;
}

export type Judge = 'candidate' | 'champion';

/** Limits of the gates. Margins are in shares of cases; counts are what a rate needs before it is worth a verdict. */
export const gateLimits = {
  /** Promised ceiling of missed scams, as a share of scams. */
  missed: 0.08,
  /** Genuine providers called scam: absolute ceiling, and how much worse than the current model a candidate may be. */
  wrongAccusation: 0.08,
  wrongAccusationMargin: 0.03,
  recallMargin: 0.03,
  scamsNeeded: 60,
  genuineNeeded: 40,
} as const;

function weightedShare(rows: readonly JudgedRow[], label: 0 | 1, hit: (row: JudgedRow) => boolean): number | null {
  let [all, hits] = [0, 0];
  for (const row of rows) {
    if (row.label !== label) continue;
    all += row.weight;
    if (hit(row)) hits += row.weight;
  }
  return all === 0 ? null : hits / all;
}

/** Share of scams called scam (recall), called not scam (missed), and of genuine providers called scam; null without cases. */
export function rates(
  rows: readonly JudgedRow[],
  judge: Judge,
): { recall: number | null; missed: number | null; accused: number | null; unclear: number | null } {
  const verdict = (row: JudgedRow): Verdict | undefined => row[judge]?.verdict;
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  const unclear = rows.reduce((sum, row) => sum + (verdict(row) === 'unclear' ? row.weight : 0), 0);
  return {
    recall: weightedShare(rows, 1, (row) => verdict(row) === 'scam'),
    missed: weightedShare(rows, 1, (row) => verdict(row) === 'not_scam'),
    accused: weightedShare(rows, 0, (row) => verdict(row) === 'scam'),
    unclear: total === 0 ? null : unclear / total,
  };
}

/** Mean weighted log loss of a judge's scores; null without rows. */
export function logLossOf(rows: readonly JudgedRow[], judge: Judge): number | null {
  let [sum, weight] = [0, 0];
  for (const row of rows) {
    const score = row[judge]?.score;
    if (score === undefined) return null;
    const p = Math.min(1 - 1e-15, Math.max(1e-15, row.label === 1 ? score : 1 - score));
    sum -= row.weight * Math.log(p);
    weight += row.weight;
  }
  return weight === 0 ? null : sum / weight;
}

/**
 * 95 % percentile interval of a difference between the judges, by resampling incidents (Efron & Tibshirani 1993,
 * ch. 13): twins of one incident stay together. Null when the statistic has no value in the sample.
 */
export function bootstrapInterval(
  rows: readonly JudgedRow[],
  statistic: (rows: readonly JudgedRow[]) => number | null,
  seed: number,
  repeats = 400,
): { low: number; high: number } | null {
  const byIncident = new Map<string, JudgedRow[]>();
  for (const row of rows) byIncident.set(row.incident, [...(byIncident.get(row.incident) ?? []), row]);
  const groups = [...byIncident.values()];
  const random = createRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < repeats && groups.length > 0; i += 1) {
    const value = statistic(groups.flatMap(() => groups[Math.floor(random.next() * groups.length)]!));
    if (value !== null) values.push(value);
  }
  if (values.length < repeats / 2) return null;
  values.sort((a, b) => a - b);
  return { low: values[Math.floor(0.025 * values.length)]!, high: values[Math.ceil(0.975 * values.length) - 1]! };
}

interface Rule {
  readonly name: string;
  readonly comparison: Gate['comparison'];
  readonly limit: number;
  readonly figure: number | null;
  readonly champion: number | null;
  readonly n: number;
  readonly needed: number;
}

function judged(rule: Rule): Gate {
  const { needed, ...gate } = rule;
  const kept =
    rule.figure !== null && (rule.comparison === 'at_most' ? rule.figure <= rule.limit : rule.figure >= rule.limit);
  return { ...gate, result: rule.n < needed || rule.figure === null ? 'cannot_tell' : kept ? 'holds' : 'fails' };
}

function difference(
  rows: readonly JudgedRow[],
  of: (judge: Judge, rows: readonly JudgedRow[]) => number | null,
): number | null {
  const [a, b] = [of('candidate', rows), of('champion', rows)];
  return a === null || b === null ? null : a - b;
}

/** Gates that compare with the current model: the whole 95 % interval must stay on the right side of the margin. */
function comparisons(rows: readonly JudgedRow[], seed: number, counts: { scams: number; genuine: number }): Gate[] {
  const recallLoss = (sample: readonly JudgedRow[]): number | null =>
    difference(sample, (judge, s) => rates(s, judge).missed);
  const accusationGain = (sample: readonly JudgedRow[]): number | null =>
    difference(sample, (judge, s) => rates(s, judge).accused);
  const lossGain = (sample: readonly JudgedRow[]): number | null =>
    difference(sample, (judge, s) => logLossOf(s, judge));
  return [
    judged({
      name: 'Missed scams, worse than the current model by (upper bound)',
      comparison: 'at_most',
      limit: gateLimits.recallMargin,
      figure: bootstrapInterval(rows, recallLoss, seed)?.high ?? null,
      champion: null,
      n: counts.scams,
      needed: gateLimits.scamsNeeded,
    }),
    judged({
      name: 'Genuine providers called scam, worse by (upper bound)',
      comparison: 'at_most',
      limit: gateLimits.wrongAccusationMargin,
      figure: bootstrapInterval(rows, accusationGain, seed + 1)?.high ?? null,
      champion: null,
      n: counts.genuine,
      needed: gateLimits.genuineNeeded,
    }),
    judged({
      name: 'Log loss against the current model',
      comparison: 'at_most',
      limit: 0,
      figure: lossGain(rows),
      champion: null,
      n: rows.length,
      needed: gateLimits.scamsNeeded,
    }),
  ];
}

/**
 * Judges a candidate on cases neither model has seen. Without enough cases a gate says "cannot tell" and the approver
 * decides; it never holds by default. `schemasAccepted` of `schemasIssued` feature schemas can still be read.
 */
export function judgeGates(
  rows: readonly JudgedRow[],
  options: { seed: number; schemasAccepted: number; schemasIssued: number },
): Gate[] {
  const scams = rows.filter((r) => r.label === 1).length;
  const genuine = rows.length - scams;
  const now = rates(rows, 'candidate');
  const hasChampion = rows.length > 0 && rows.every((r) => r.champion !== null);
  const before = hasChampion ? rates(rows, 'champion') : null;
  return [
    judged({
      name: 'Missed scams',
      comparison: 'at_most',
      limit: gateLimits.missed,
      figure: now.missed,
      champion: before?.missed ?? null,
      n: scams,
      needed: gateLimits.scamsNeeded,
    }),
    judged({
      name: 'Genuine providers called scam',
      comparison: 'at_most',
      limit: gateLimits.wrongAccusation,
      figure: now.accused,
      champion: before?.accused ?? null,
      n: genuine,
      needed: gateLimits.genuineNeeded,
    }),
    ...(hasChampion ? comparisons(rows, options.seed, { scams, genuine }) : []),
    judged({
      name: 'Feature schemas still read',
      comparison: 'at_least',
      limit: options.schemasIssued,
      figure: options.schemasAccepted,
      champion: null,
      n: options.schemasIssued,
      needed: 1,
    }),
  ];
}

/** True when no gate fails and at least the two absolute ones could be told. */
export function mayBeProposed(gates: readonly Gate[]): boolean {
  return gates.every((g) => g.result !== 'fails') && gates.slice(0, 2).every((g) => g.result === 'holds');
}
