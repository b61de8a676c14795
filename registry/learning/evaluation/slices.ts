import type { Thresholds } from '../../../shared/domain/verdict.ts';
import { holm } from '../../../shared/drift/holm.ts';
import { auc, logLoss } from '../../../shared/metrics/index.ts';
import type { JudgedCases } from './cases.ts';
import { shareDifference, without } from './differences.ts';
import { effectiveCases, shareInterval, type Share } from './shares.ts';
import {
  verdictShareNames,
  verdictShareRules,
  verdictShares,
  type VerdictShareName,
  type VerdictShareRules,
} from './verdict-shares.ts';

/** A way to part cases: by an attribute, the office, the month. */
export interface Slicing {
  readonly name: string;
  readonly levels: readonly string[];
  /** Level of each case as an index; -1: in none. */
  readonly codes: ArrayLike<number>;
}

/** A share of verdicts in a slice, with its 95 % interval and the cases behind it. */
export interface SliceShare {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Shares of which more is worse, and in which slices are compared with the rest. */
export const comparedShares = ['missed', 'wrong_accusation', 'unclear'] as const satisfies readonly VerdictShareName[];
export type ComparedShare = (typeof comparedShares)[number];

/** How a slice compares with all other cases in one share. */
export interface SliceTest {
  readonly rest: number | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** One-sided p-value that the slice is no worse than the rest, and the same after Holm's correction for all tests. */
  readonly p: number | null;
  readonly adjusted: number | null;
  readonly result: 'worse' | 'not_worse' | 'cannot_tell';
}

export interface Slice {
  readonly name: string;
  readonly value: string;
  readonly rows: number;
  readonly weight: number;
  readonly scams: number;
  readonly genuine: number;
  /** Share of scams, and mean score: far apart, the scores are off in this slice. */
  readonly baseRate: number | null;
  readonly meanScore: number | null;
  readonly shares: Readonly<Record<VerdictShareName, SliceShare | null>>;
  readonly auc: number | null;
  readonly logLoss: number | null;
  readonly tests: Readonly<Record<ComparedShare, SliceTest>>;
}

export interface SliceOptions {
  /** By how much more a slice may miss, accuse or leave unclear than the rest and still be no worse. */
  readonly margin: number;
  /** Chance of calling any slice worse when none is. */
  readonly level: number;
  /** Cases a share needs in the slice and in the rest, counted by group and effective number, before it is judged. */
  readonly needed: Readonly<Record<ComparedShare, number>>;
  /** Levels kept apart; the smaller ones beyond are put together. */
  readonly mostLevels: number;
}

/** Slices with how they were judged. */
export interface SliceReport extends SliceOptions {
  /** Comparisons made, all of which Holm's correction counts. */
  readonly tests: number;
  readonly slices: readonly Slice[];
}

export const otherValues = '(other values)';

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

interface Part {
  readonly value: string;
  readonly rows: Uint32Array;
}

/** Cases of each level, those of one group side by side; small levels beyond the largest together, empty ones left out. */
function partsOf({ groups }: JudgedCases, { levels, codes }: Slicing, most: number): Part[] {
  const counts = new Uint32Array(levels.length);
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) counts[codes[i]!]! += 1;
  const filled = [...counts.keys()].filter((level) => counts[level]! > 0);
  const largest = filled.toSorted((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = new Set(filled.length <= most ? filled : largest.slice(0, most - 1));
  const order = filled.filter((level) => kept.has(level));
  const rest = filled.length - order.length;
  const place = new Int32Array(levels.length).fill(order.length);
  order.forEach((level, at) => (place[level] = at));
  const sizes = order.map((level) => counts[level]!);
  if (rest > 0) sizes.push(filled.reduce((sum, level) => sum + (kept.has(level) ? 0 : counts[level]!), 0));
  const rows = sizes.map((size) => new Uint32Array(size));
  const next = sizes.map(() => 0);
  for (const i of groups.order) {
    if (codes[i]! < 0) continue;
    const at = place[codes[i]!]!;
    rows[at]![next[at]!++] = i;
  }
  return rows.map((own, at) => ({ value: at < order.length ? levels[order[at]!]! : otherValues, rows: own }));
}

interface Judging {
  readonly cases: JudgedCases;
  readonly scores: ArrayLike<number>;
  readonly rules: VerdictShareRules;
  readonly all: Readonly<Record<VerdictShareName, Share>>;
  readonly options: SliceOptions;
}

function undecided(part: Share, rest: Share, needed: number): SliceTest {
  const enough = Math.min(effectiveCases(part), effectiveCases(rest)) >= needed;
  const found = shareDifference(part, rest);
  return {
    rest: orNull(rest.hitWeight / rest.weight),
    difference: found?.difference ?? null,
    low: found?.low ?? null,
    high: found?.high ?? null,
    p: enough ? (found?.p ?? null) : null,
    adjusted: null,
    result: 'cannot_tell',
  };
}

function shareIn(share: Share): SliceShare | null {
  const found = shareInterval(share);
  return found && { value: found.value, low: found.low, high: found.high, n: share.rows };
}

function sliceOf({ cases, scores, rules, all, options }: Judging, name: string, { value, rows }: Part): Slice {
  const shares = verdictShares(cases, rules, rows);
  const data = {
    labels: Uint8Array.from(rows, (i) => cases.labels[i]!),
    scores: Float64Array.from(rows, (i) => scores[i]!),
    weights: Float64Array.from(rows, (i) => cases.weights[i]!),
  };
  const { weight } = shares.unclear;
  const scamWeight = shares.missed.weight;
  const sumOfScores = data.scores.reduce((sum, score, i) => sum + score * data.weights[i]!, 0);
  const test = (of: ComparedShare): SliceTest =>
    undecided(shares[of], without(all[of], shares[of]), options.needed[of]);
  const intervals = Object.fromEntries(verdictShareNames.map((of) => [of, shareIn(shares[of])]));
  return {
    name,
    value,
    rows: rows.length,
    weight,
    scams: shares.missed.rows,
    genuine: shares.wrong_accusation.rows,
    baseRate: orNull(scamWeight / weight),
    meanScore: orNull(sumOfScores / weight),
    shares: intervals as Record<VerdictShareName, SliceShare | null>,
    auc: orNull(auc(data)),
    logLoss: orNull(logLoss(data)),
    tests: { missed: test('missed'), wrong_accusation: test('wrong_accusation'), unclear: test('unclear') },
  };
}

/**
 * Worse: more than by chance, after correction, and not shown to be within the margin. Not worse: the whole interval of
 * the difference is within the margin.
 */
function judged(test: SliceTest, adjusted: number, { margin, level }: SliceOptions): SliceTest {
  const within = test.high !== null && test.high <= margin;
  return { ...test, adjusted, result: within ? 'not_worse' : adjusted <= level ? 'worse' : 'cannot_tell' };
}

/**
 * Figures per value of each slicing, and whether a value's share of missed scams, wrong accusations or unclear cases is
 * worse than that of all other cases: one-sided tests, corrected for their number (Holm 1979), against a non-inferiority
 * margin. With fewer cases than `needed` it cannot tell. Without cases there are no slices.
 */
export function judgeSlices(
  cases: JudgedCases,
  scores: ArrayLike<number>,
  thresholds: Thresholds,
  slicings: readonly Slicing[],
  options: SliceOptions,
): SliceReport {
  const rules = verdictShareRules(cases.labels, scores, thresholds);
  const judging = { cases, scores, rules, options, all: verdictShares(cases, rules) };
  const found = slicings.flatMap((slicing) => {
    const parts = partsOf(cases, slicing, options.mostLevels);
    // A slice that is everything has no rest.
    return parts
      .filter(({ rows }) => rows.length < cases.labels.length)
      .map((part) => sliceOf(judging, slicing.name, part));
  });
  const tested = found.flatMap((slice, at) =>
    comparedShares.flatMap((share) => (slice.tests[share].p === null ? [] : [{ at, share, p: slice.tests[share].p }])),
  );
  const adjusted = holm(tested.map(({ p }) => p));
  const tests = found.map((slice): Record<ComparedShare, SliceTest> => ({ ...slice.tests }));
  tested.forEach(({ at, share }, k) => (tests[at]![share] = judged(tests[at]![share], adjusted[k]!, options)));
  const slices = found.map((slice, at) => ({ ...slice, tests: tests[at]! }));
  return { ...options, tests: tested.length, slices };
}
