import { counted } from '../../shared/encoding/phrases.ts';
import type { VerdictCosts } from '../../shared/metrics/index.ts';
import type { ComparedFigure, Comparison, FigureComparison } from './compare.ts';
import type { EvaluatedFigure, Evaluation } from './evaluate.ts';
import { figureLabel, formatFigure } from '../figures/figure-names.ts';
import { comparedShares, type ComparedShare, type Slice, type SliceReport } from './slices.ts';

const shareWords: Readonly<Record<ComparedShare, string>> = {
  missed: 'missed scams',
  wrong_accusation: 'wrong accusations',
  unclear: 'unclear cases',
};

const inQueue = /^lift_first_\d+$/;

function figureLine(name: string, { value, low, high, n }: EvaluatedFigure): string {
  const interval = low === null ? '' : `${formatFigure(name, low)} to ${formatFigure(name, high)}`;
  return `  ${figureLabel(name).padEnd(46)}${formatFigure(name, value).padStart(8)}   ${interval.padEnd(20)} ${counted(n, 'case')}`;
}

function points(value: number | null): string {
  return value === null ? '?' : (100 * value).toFixed(1);
}

/** Parts that are worse shown on a screen; the JSON has all. */
const mostWorse = 12;

function surest({ tests }: Slice): number {
  return Math.min(...comparedShares.map((share) => tests[share].adjusted ?? 1));
}

function worseLines({ name, value, shares: own, tests }: Slice): string[] {
  return comparedShares.flatMap((share) => {
    const { result, rest, low, high } = tests[share];
    const here = own[share];
    if (result !== 'worse' || here === null) return [];
    const there = `${points(here.value)} % ${shareWords[share]} against ${points(rest)} % in all others`;
    return [
      `  ${name} = ${value}: ${there} (${points(low)} to ${points(high)} points more), ${counted(here.n, 'case')}`,
    ];
  });
}

/** What slices show, as lines: those that are worse than all others, and what became of all comparisons. */
export function sliceLines({ slices, comparisons, counts, margin, level, needed }: SliceReport): string[] {
  if (slices.length === 0) return [];
  const worse = slices.toSorted((a, b) => surest(a) - surest(b)).flatMap(worseLines);
  const number = (count: number): string => count.toLocaleString('en-GB');
  const few =
    counts.too_few === 0
      ? ''
      : ` (each side needs ${needed.missed} scams, ${needed.wrong_accusation} genuine providers or ${needed.unclear} cases)`;
  return [
    worse.length === 0
      ? 'No part of the cases stands out as worse than the others.'
      : `Worse than all other cases, beyond chance (${points(level)} % for all comparisons together):`,
    ...worse.slice(0, mostWorse),
    ...(worse.length > mostWorse ? [`  and ${worse.length - mostWorse} more; --json lists all.`] : []),
    `${counted(comparisons, 'comparison')} (${counted(slices.length, 'part')}, ${comparedShares.length} shares each): ` +
      `${number(counts.worse)} worse, ${number(counts.not_worse)} no worse by ${points(margin)} points or more, ` +
      `${number(counts.undecided)} undecided, ${number(counts.too_few)} with too few cases${few}.`,
  ];
}

/** Scams among the first of a queue: a part of one where scores tie or rows are weighted. */
function scamsFound(found: number): string {
  const whole = Math.round(found);
  return Math.abs(found - whole) < 1e-6 ? counted(whole, 'scam') : `${found.toFixed(1)} scams`;
}

function baselineLines({ baseline, rows }: Evaluation): string[] {
  if (baseline === null) return [];
  const { logLoss, gain } = baseline;
  return [
    figureLine('log_loss_base_rate', { value: logLoss, low: null, high: null, n: rows, method: null }),
    figureLine('log_loss_gain', { ...gain, n: rows, method: null }),
  ];
}

/** What the cost of the verdicts counts, as a sentence. */
export function costsLine({ missed, accused, unclear }: VerdictCosts): string {
  return `Verdicts cost, in visits: a missed scam ${missed}, a wrong accusation ${accused}, an unclear case ${unclear} (--costs).`;
}

/** An evaluation as lines for people: figures with their 95 % intervals, the queue, slices that stand out. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { rows, scams, genuine, groups, figures, queue, slices, thresholds, warnings } = evaluation;
  const together =
    groups < rows ? ` Those of one incident or one scammer count as one: ${counted(groups, 'group')}.` : '';
  const { notScamBelow, scamFrom } = thresholds;
  return [
    `${counted(rows, 'case')}: ${counted(scams, 'scam')}, ${counted(genuine, 'genuine provider')}.${together}`,
    `Scam from ${scamFrom} on, not scam below ${notScamBelow}; intervals are 95 %.`,
    ...Object.entries(figures)
      .filter(([name]) => !inQueue.test(name))
      .map(([name, figure]) => figureLine(name, figure)),
    ...baselineLines(evaluation),
    ...queue.map(({ first, found, share, lift }) => {
      const { low = null, high = null } = figures[`lift_first_${first}`] ?? {};
      const ends = low === null ? '' : ` (${low.toFixed(2)} to ${high?.toFixed(2)})`;
      const what = `${scamsFound(found)} (${points(share)} %), ${lift.toFixed(2)}${ends} times what chance finds`;
      return `  In the first ${first} of the queue: ${what}`;
    }),
    ...sliceLines(slices),
    ...warnings,
  ];
}

const results = { better: 'better', worse: 'worse', cannot_tell: 'cannot tell' } as const;

/** The names of the two models that are compared. */
export interface Compared {
  readonly first: string;
  readonly second: string;
}

/** The verdict of a comparison in one sentence. */
export function comparisonSentence({ result, reason }: Comparison, { first, second }: Compared): string {
  if (result === 'cannot_tell') return `Whether ${first} is better or worse than ${second} cannot be told: ${reason}.`;
  return `${first} is ${result} than ${second}: ${reason}.`;
}

function comparedLine(
  name: ComparedFigure,
  { first, second, difference, low, high, result }: FigureComparison,
): string {
  const value = (v: number | null): string => formatFigure(name, v).padStart(8);
  const ends = low === null ? '' : `${formatFigure(name, low)} to ${formatFigure(name, high)}`;
  return `  ${figureLabel(name).padEnd(40)}${value(first)} ${value(second)} ${value(difference)}   ${ends.padEnd(20)} ${results[result]}`;
}

/** A comparison as lines for people, the sentence first. */
export function comparisonLines(comparison: Comparison, names: Compared): string[] {
  const { rows, scams, genuine, changed, figures } = comparison;
  const cases = `${counted(rows, 'case')}: ${counted(scams, 'scam')}, ${counted(genuine, 'genuine provider')}`;
  return [
    comparisonSentence(comparison, names),
    `${cases}. ${counted(changed, 'case')} would get another verdict.`,
    `  ${'figure'.padEnd(40)}${'first'.padStart(8)} ${'second'.padStart(8)} ${'diff.'.padStart(8)}   ${'95 % interval'.padEnd(20)} the first is`,
    ...Object.entries(figures).map(([name, figure]) => comparedLine(name as ComparedFigure, figure)),
  ];
}
