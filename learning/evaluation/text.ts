import type { Language } from '../../shared/language/language.ts';
import { inLines, inTurn, sentence, type Sentence, type Text } from '../../shared/language/sentence.ts';
import type { VerdictCosts } from '../../shared/metrics/index.ts';
import type { ComparedFigure, Comparison, FigureComparison } from './compare.ts';
import type { EvaluatedFigure, Evaluation } from './evaluate.ts';
import { figureLabel, formatFigure, formatInterval } from '../figures/figure-names.ts';
import { comparedShares, otherValues, type Slice, type SliceReport } from './slices.ts';
import { known, missing } from './slicings.ts';

const inQueue = /^lift_first_\d+$/;

/** A column of a table: how wide it is at least, and the gap before it. */
interface TableColumn {
  readonly width: number;
  readonly gap: number;
  readonly side?: 'right';
}

/** Rows of a table as lines, each column as wide as its words in the language need. */
function tableLines({ say }: Language, columns: readonly TableColumn[], rows: readonly (readonly Text[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => say(inLines([cell]))));
  const widths = columns.map(({ width }, at) => Math.max(width, ...texts.map((row) => row[at]!.length)));
  return texts.map((row) =>
    row
      .map((words, at) => {
        const { gap, side } = columns[at]!;
        const cell = side === 'right' ? words.padStart(widths[at]!) : words.padEnd(widths[at]!);
        return ' '.repeat(gap) + cell;
      })
      .join('')
      .trimEnd(),
  );
}

const figureColumns: readonly TableColumn[] = [
  { width: 46, gap: 2 },
  { width: 8, gap: 0, side: 'right' },
  { width: 20, gap: 3 },
  { width: 0, gap: 1 },
];

/** Figures that are given without an interval, however many cases there are. */
const withoutInterval: readonly string[] = ['calibration_error', 'log_loss_base_rate'];

function figureRow(name: string, { value, low, high, n }: EvaluatedFigure): Text[] {
  const cases = sentence('evaluation.case_count', { n });
  const isBare = low === null && !withoutInterval.includes(name);
  const interval = isBare ? sentence('figures.too_few_cases') : formatInterval(name, low, high);
  return [figureLabel(name), formatFigure(name, value), interval, cases];
}

function points(value: number | null): Text {
  return value === null ? '?' : sentence('evaluation.points', { value });
}

/** Parts that are worse shown on a screen; the JSON has all. */
const mostWorse = 12;

function surest({ tests }: Slice): number {
  return Math.min(...comparedShares.map((share) => tests[share].adjusted ?? 1));
}

/** What people know an attribute by. */
type HeaderOf = (attribute: string) => string;
const byName: HeaderOf = (attribute) => attribute;

/** The value of a part: its own, or what stands for several. */
function valueText(value: string): Text {
  if (value === missing) return sentence('evaluation.missing');
  if (value === known) return sentence('evaluation.known');
  return value === otherValues ? sentence('evaluation.other_values') : value;
}

function worseLines({ name: attribute, value, shares: own, tests }: Slice, headerOf: HeaderOf): Sentence[] {
  const name = headerOf(attribute);
  return comparedShares.flatMap((share) => {
    const { result, rest, low, high } = tests[share];
    const here = own[share];
    if (result !== 'worse' || here === null) return [];
    const part = { name, value: valueText(value), share, here: points(here.value), n: here.n };
    const others = { rest: points(rest), low: points(low), high: points(high) };
    return [sentence('evaluation.part_worse', { ...part, ...others })];
  });
}

/** What became of all comparisons of parts. */
function comparisonsLine({ slices, comparisons, counts, margin, needed }: SliceReport): Sentence {
  return sentence('evaluation.comparisons', {
    comparisons,
    parts: slices.length,
    shares: comparedShares.length,
    worse: counts.worse,
    notWorse: counts.not_worse,
    margin,
    undecided: counts.undecided,
    tooFew: counts.too_few,
    scams: needed.missed,
    genuine: needed.wrong_accusation,
    cases: needed.unclear,
  });
}

/** What slices show, as lines: those that are worse than all others, and what became of all comparisons. */
export function sliceLines(report: SliceReport, headerOf: HeaderOf = byName): Sentence[] {
  const { slices, level } = report;
  if (slices.length === 0) return [];
  const worse = slices.toSorted((a, b) => surest(a) - surest(b)).flatMap((slice) => worseLines(slice, headerOf));
  const more = worse.length - mostWorse;
  return [
    worse.length === 0 ? sentence('evaluation.no_part_worse') : sentence('evaluation.parts_worse', { level }),
    ...worse.slice(0, mostWorse),
    ...(more > 0 ? [sentence('evaluation.more_parts', { n: more })] : []),
    comparisonsLine(report),
  ];
}

/** Scams among the first of a queue: a part of one where scores tie or rows are weighted. */
function scamsFound(found: number): Sentence {
  const whole = Math.round(found);
  if (Math.abs(found - whole) < 1e-6) return sentence('evaluation.scams_found', { n: whole });
  return sentence('evaluation.scams_found_in_part', { n: found });
}

function queueLines({ queue, figures }: Evaluation): Sentence[] {
  return queue.map(({ first, found, share, lift }) => {
    const shown = { first, scams: scamsFound(found), share, lift };
    const { low = null, high = null } = figures[`lift_first_${first}`] ?? {};
    if (low === null || high === null) return sentence('evaluation.first_of_queue_too_few', shown);
    return sentence('evaluation.first_of_queue_within', { ...shown, low, high });
  });
}

function baselineRows({ baseline, figures, rows }: Evaluation): Text[][] {
  if (baseline === null) return [];
  // What leaves the log loss without an interval leaves its difference to another without one too.
  const bare = figures['log_loss']?.low === null ? { low: null, high: null } : {};
  const { logLoss, gain } = { ...baseline, gain: { ...baseline.gain, ...bare } };
  return [
    figureRow('log_loss_base_rate', { value: logLoss, low: null, high: null, n: rows, method: null }),
    figureRow('log_loss_gain', { ...gain, n: rows, method: null }),
  ];
}

/** What the cost of the verdicts counts, as a sentence. */
export function costsLine({ missed, accused, unclear }: VerdictCosts): Sentence {
  return sentence('evaluation.costs', { missed, accused, unclear });
}

/** An evaluation as lines for people: figures with their 95 % intervals, the queue, slices that stand out. */
export function evaluationLines(language: Language, evaluation: Evaluation, headerOf: HeaderOf = byName): Text[] {
  const { rows, scams, genuine, groups, figures, slices, thresholds, warnings } = evaluation;
  const { notScamBelow, scamFrom } = thresholds;
  const cases = sentence('evaluation.cases', { rows, scams, genuine });
  const own = Object.entries(figures).filter(([name]) => !inQueue.test(name));
  const table = [...own.map(([name, figure]) => figureRow(name, figure)), ...baselineRows(evaluation)];
  return [
    groups < rows ? inTurn([cases, sentence('evaluation.groups', { groups })]) : cases,
    sentence('evaluation.thresholds', { scamFrom, notScamBelow }),
    ...tableLines(language, figureColumns, table),
    ...queueLines(evaluation),
    ...sliceLines(slices, headerOf),
    ...warnings,
  ];
}

/** The names of the two models that are compared. */
export interface Compared {
  readonly first: string;
  readonly second: string;
}

/** The verdict of a comparison in one sentence. */
export function comparisonSentence({ result, reason }: Comparison, { first, second }: Compared): Sentence {
  if (result === 'cannot_tell') return sentence('compare.cannot_tell', { first, second, reason });
  return sentence('compare.result_because', { first, second, result, reason });
}

const comparedColumns: readonly TableColumn[] = [
  { width: 40, gap: 2 },
  { width: 8, gap: 0, side: 'right' },
  { width: 8, gap: 1, side: 'right' },
  { width: 8, gap: 1, side: 'right' },
  { width: 20, gap: 3 },
  { width: 0, gap: 1 },
];

const comparedHead: readonly Text[] = [
  sentence('compare.head_figure'),
  sentence('compare.head_first'),
  sentence('compare.head_second'),
  sentence('compare.head_difference'),
  sentence('compare.head_interval'),
  sentence('compare.head_result'),
];

function comparedRow(name: ComparedFigure, figure: FigureComparison): Text[] {
  const { first, second, difference, low, high, result } = figure;
  const values = [first, second, difference].map((value) => formatFigure(name, value));
  const isBare = difference !== null && low === null;
  const interval = isBare ? sentence('figures.too_few_cases') : formatInterval(name, low, high);
  return [figureLabel(name), ...values, interval, sentence('compare.result', { result })];
}

/** A comparison as lines for people, the sentence first. */
export function comparisonLines(language: Language, comparison: Comparison, names: Compared): Text[] {
  const { rows, scams, genuine, changed, figures } = comparison;
  const compared = Object.entries(figures).map(([name, figure]) => comparedRow(name as ComparedFigure, figure));
  const cases = sentence('evaluation.cases', { rows, scams, genuine });
  return [
    comparisonSentence(comparison, names),
    inTurn([cases, sentence('compare.changed', { n: changed })]),
    ...tableLines(language, comparedColumns, [comparedHead, ...compared]),
  ];
}
