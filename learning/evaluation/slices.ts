import type { Thresholds } from '../../shared/domain/verdict.ts';
import { holm } from '../../shared/drift/holm.ts';
import { auc, logLoss } from '../../shared/metrics/index.ts';
import type { JudgedCases } from '../figures/cases.ts';
import { shareDifference, without } from '../figures/differences.ts';
import { effectiveCases } from '../statistics/effective-sample-size.ts';
import { storedName } from '../../shared/language/stored-name.ts';
import { shareInterval, type Share } from '../figures/shares.ts';
import {
  verdictShareNames,
  verdictShareRules,
  verdictShares,
  type VerdictShareName,
  type VerdictShareRules,
} from '../figures/verdict-shares.ts';

/** A way to part cases: by an attribute, the office, the month. */
export interface Slicing {
  readonly name: string;
  readonly levels: readonly string[];
  /** Level of each case as an index; -1: in none. */
  readonly codes: ArrayLike<number>;
}

/** A share of verdicts in a slice, with its 95 % interval and the cases behind it. */
interface SliceShare {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Shares of which more is worse, and in which slices are compared with the rest. */
export const comparedShares = ['missed', 'wrong_accusation', 'unclear'] as const satisfies readonly VerdictShareName[];
type ComparedShare = (typeof comparedShares)[number];

/** How a slice compares with all other cases in one share. */
export interface SliceTest {
  readonly rest: number | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** One-sided p-value that the slice is no worse than the rest, and the same after Holm's correction for all tests. */
  readonly p: number | null;
  readonly adjusted: number | null;
  /** One-sided p-value that it is worse by the margin or more, and the same after Holm's correction for all tests. */
  readonly pMargin: number | null;
  readonly adjustedMargin: number | null;
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
  /** Chance of calling any slice worse when none is; half of it that of calling one no worse that is, by the margin. */
  readonly level: number;
  /** Cases a share needs in the slice and in the rest, counted by group and effective number, before it is judged. */
  readonly needed: Readonly<Record<ComparedShare, number>>;
  /** Levels kept apart; the smaller ones beyond are put together. */
  readonly mostLevels: number;
}

/** What became of all comparisons; they add up. */
interface SliceCounts {
  readonly worse: number;
  readonly not_worse: number;
  /** Neither could be shown. */
  readonly undecided: number;
  /** Fewer cases than needed. */
  readonly too_few: number;
}

/** Slices with how they were judged. */
export interface SliceReport extends SliceOptions {
  /** Slices times shares, and what became of them. All but those with too few cases are what Holm's correction counts. */
  readonly comparisons: number;
  readonly counts: SliceCounts;
  readonly slices: readonly Slice[];
}

/** Value of the slice that holds all smaller ones. */
export const otherValues = storedName`(other values)`;

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

function undecided(part: Share, rest: Share, needed: number, margin: number): SliceTest {
  const enough = Math.min(effectiveCases(part), effectiveCases(rest)) >= needed;
  const found = shareDifference(part, rest, margin);
  return {
    rest: orNull(rest.hitWeight / rest.weight),
    difference: found?.difference ?? null,
    low: found?.low ?? null,
    high: found?.high ?? null,
    p: enough ? (found?.p ?? null) : null,
    adjusted: null,
    pMargin: enough ? (found?.pMargin ?? null) : null,
    adjustedMargin: null,
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
    undecided(shares[of], without(all[of], shares[of]), options.needed[of], options.margin);
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
 * Not worse: shown to be within the margin, after correction (one-sided at half the level, as the 95 % interval is). Worse:
 * more than by chance, after correction, and not shown to be within the margin.
 */
function judged(test: SliceTest, adjusted: number, adjustedMargin: number, { level }: SliceOptions): SliceTest {
  const result = adjustedMargin <= level / 2 ? 'not_worse' : adjusted <= level ? 'worse' : 'cannot_tell';
  return { ...test, adjusted, adjustedMargin, result };
}

function countsOf(slices: readonly Slice[]): SliceCounts {
  const tests = slices.flatMap((slice) => comparedShares.map((share) => slice.tests[share]));
  const count = (is: (test: SliceTest) => boolean): number => tests.filter(is).length;
  return {
    worse: count((t) => t.result === 'worse'),
    not_worse: count((t) => t.result === 'not_worse'),
    undecided: count((t) => t.result === 'cannot_tell' && t.p !== null),
    too_few: count((t) => t.p === null),
  };
}

/**
 * Figures per value of each slicing, and whether a value's share of missed scams, wrong accusations or unclear cases is
 * worse than that of all other cases, or no worse by a non-inferiority margin: one-sided tests, either kind corrected for
 * their number (Holm 1979; each slice that is called no worse is a claim of its own, so that the uncorrected tests of an
 * intersection-union, which only allow to say it of all slices at once, do not serve). With fewer cases than `needed` it
 * cannot tell. Without cases there are no slices.
 */
export function evaluateSlices(
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
    comparedShares.flatMap((share) => {
      const { p, pMargin } = slice.tests[share];
      return p === null || pMargin === null ? [] : [{ at, share, p, pMargin }];
    }),
  );
  const adjusted = holm(tested.map(({ p }) => p));
  const adjustedMargin = holm(tested.map(({ pMargin }) => pMargin));
  const tests = found.map((slice): Record<ComparedShare, SliceTest> => ({ ...slice.tests }));
  tested.forEach(({ at, share }, k) => {
    tests[at]![share] = judged(tests[at]![share], adjusted[k]!, adjustedMargin[k]!, options);
  });
  const slices = found.map((slice, at) => ({ ...slice, tests: tests[at]! }));
  return { ...options, comparisons: slices.length * comparedShares.length, counts: countsOf(slices), slices };
}
