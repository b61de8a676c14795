import { heldOutSchema, type HoldOut } from '../../shared/contract/registry.ts';
import type { Language } from '../../shared/language/language.ts';
import {
  inClauses,
  listed,
  sentence,
  type ArgumentsOf,
  type Sentence,
  type Text,
} from '../../shared/language/sentence.ts';
import { holdOutSentence } from '../../shared/releases/hold-out.ts';
import type { Json } from '../../shared/log/canonical.ts';
import { formatFigure, formatInterval, isShare } from '../figures/figure-names.ts';
import type { RunComparison } from '../runs/compare.ts';
import { feedbackData } from '../runs/record.ts';
import { shortId, type Run } from '../runs/run.ts';

type Figure = Run['figures'][string];

/** Lines of a table: cells padded to their columns, those of `right` on the right. */
function tableLines(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const width = (at: number): number => Math.max(...rows.map((row) => [...(row[at] ?? '')].length));
  const widths = (rows[0] ?? []).map((_, at) => width(at));
  const pad = (cell: string, at: number): string => {
    const space = ' '.repeat(Math.max(0, widths[at]! - [...cell].length));
    return right.has(at) ? space + cell : cell + space;
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

function when(run: Run): string {
  return run.createdAt.slice(0, 16).replace('T', ' ');
}

function text(value: Json): string {
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a trial tried: `l2 0.013, depth 4`. */
function pointOf({ kind, params }: Run): Text[] {
  if (kind !== 'trial') return [];
  // A recipe of a retraining has a name that says all of it.
  if (typeof params['recipe'] === 'string') return [params['recipe']];
  const each = Object.entries(params).map(([name, value]) => {
    const isLong = typeof value === 'number' && !Number.isInteger(value);
    return sentence('runs.parameter', { name, value: isLong ? value.toPrecision(3) : text(value) });
  });
  return [each.length === 0 ? sentence('runs.defaults') : listed(each)];
}

/** On what share of the rows a trial was judged, where these were not all. */
function partOf({ kind, metrics: { share } }: Run): Text[] {
  return kind === 'trial' && typeof share === 'number' && share < 1 ? [sentence('runs.on_part', { share })] : [];
}

/** What cases a retraining was judged on; null for other runs, and for those from before uses were counted. */
function heldOutOf(run: Run): HoldOut | null {
  return heldOutSchema
    .nullable()
    .catch(null)
    .parse(run.metrics['heldOut'] ?? null);
}

function usesOf(run: Run): Text[] {
  const before = heldOutOf(run)?.judgedBefore ?? 0;
  return before === 0 ? [] : [sentence('runs.judged_before', { n: before })];
}

function stateOf({ status, reason }: Run): Sentence {
  return reason === null ? sentence('runs.state', { status }) : sentence('runs.state_because', { status, reason });
}

function remarkOf(run: Run, under: number): Sentence {
  return inClauses([
    ...(run.status === 'done' ? [] : [stateOf(run)]),
    ...(run.simulated ? [sentence('runs.simulated_cases')] : []),
    ...kinOf(run, under),
    ...pointOf(run),
    ...partOf(run),
    ...usesOf(run),
    ...(run.notes === '' ? [] : [run.notes.split('\n').at(-1)!]),
  ]);
}

/** What a run is, in a word or two: `boosting`, `search auto`. */
function whatOf({ kind, trainer }: Run): Sentence {
  return sentence('runs.what', { kind, trainer });
}

/** Where a run stands among others: what it came from, and how many came from it. */
function kinOf({ kind, parent }: Run, under: number): Text[] {
  return [
    ...(parent === null ? [] : [sentence('runs.from_parent', { kind, parent: shortId(parent) })]),
    ...(under === 0 ? [] : [sentence('runs.under', { n: under })]),
  ];
}

/** What the rows of a run came from; nothing where that was not kept. */
function dataOf({ data }: Run): Text | null {
  return data === feedbackData ? sentence('runs.feedback') : data;
}

/** Texts as words of a language, to be set in columns. */
function sayer({ say }: Language): (what: Text) => string {
  return (what) => (typeof what === 'string' ? what : say(inClauses([what])));
}

function shortened(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(1, width - 1)).join('')}…`;
}

/** Breaks a text into lines of at most so many letters, at its spaces where it has any. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && [...last].length + 1 + [...word].length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shortened(word, width));
  }
  return lines;
}

/** Letters of a line of the list at most, and of the name of the data at least. */
const [listWidth, leastName] = [100, 8];
/** Columns of the list, and those of them that are numbers. */
const columns = ['run', 'when', 'what', 'data', 'rows', 'auc', 'log_loss', 'missed', 'wrong_accusation'] as const;
const numbers = new Set([4, 5, 6, 7, 8]);
const dataAt = columns.indexOf('data');
const shownFigures = ['auc', 'log_loss', 'missed', 'wrong_accusation'] as const;

function cellsOf(run: Run): Text[] {
  return [
    shortId(run.id),
    when(run),
    whatOf(run),
    dataOf(run) ?? '',
    run.rows === null ? '' : sentence('runs.count', { n: run.rows }),
    ...shownFigures.map((name) => formatFigure(name, run.figures[name]?.value)),
  ];
}

/**
 * A table of runs of at most `width` letters: short id, when, what, data, rows and four figures; below each run what else
 * there is to say. `under` has how many runs there are under a run.
 */
export function listLines(
  language: Language,
  runs: readonly Run[],
  under: ReadonlyMap<string, number> = new Map(),
  width = listWidth,
): string[] {
  const say = sayer(language);
  const all = [columns.map((column) => sentence('runs.column', { column })), ...runs.map(cellsOf)].map((row) =>
    row.map(say),
  );
  const widest = (at: number): number => Math.max(...all.map((row) => [...row[at]!].length));
  const others = columns.reduce((sum, _, at) => (at === dataAt ? sum : sum + 2 + widest(at)), 0);
  const name = Math.max(leastName, width - others);
  const cut = all.map((row) => row.map((cell, at) => (at === dataAt ? shortened(cell, name) : cell)));
  const [head, ...lines] = tableLines(cut, numbers);
  const below = runs.map((run) => {
    const remark = say(remarkOf(run, under.get(run.id) ?? 0));
    return remark === '' ? [] : wrapped(remark, width - 10).map((line) => `${' '.repeat(10)}${line}`);
  });
  return [head!, ...lines.flatMap((line, i) => [line, ...below[i]!])];
}

function withInterval(name: string, { value, low, high, n }: Figure): Sentence {
  const shown = formatFigure(name, value);
  if (low === undefined || high === undefined) return sentence('figures.on_cases', { value: shown, n });
  const within = sentence('figures.within', { value: shown, interval: formatInterval(name, low, high) });
  return sentence('figures.on_cases', { value: within, n });
}

function pairs(values: Readonly<Record<string, Json>>): Text[][] {
  return Object.entries(values).map(([name, value]) => [name, text(value)]);
}

type Label = ArgumentsOf<'runs.label'>[0]['label'];
const labelled = (label: Label, value: Text): Text[] => [sentence('runs.label', { label }), value];

/** What the figures of a run were computed on, and how often that has served. */
function judgedPairs(run: Run, sameRows: number): Text[][] {
  const heldOut = heldOutOf(run);
  const { judgedOn } = run;
  const alike = judgedOn === null ? null : sentence('runs.judged_alike', { rows: judgedOn, n: sameRows });
  return [
    ...(alike === null ? [] : [labelled('rows', alike)]),
    ...(heldOut === null ? [] : [labelled('cases', holdOutSentence(heldOut))]),
  ];
}

/** What a run is, what it was made of and what came of it, in pairs. */
function headPairs(run: Run): Text[][] {
  const { dataset, rows, codeVersion, simulated } = run;
  const notKept = sentence('runs.not_kept');
  const what = whatOf(run);
  return [
    labelled('run', run.id),
    labelled('what', simulated ? sentence('runs.what_simulated', { what }) : what),
    labelled('state', stateOf(run)),
    labelled('made', when(run)),
    labelled('parent', text(run.parent)),
    labelled('data', dataOf(run) ?? notKept),
    labelled('dataset', rows === null ? dataset : sentence('runs.dataset_of_rows', { dataset, n: rows })),
    labelled('seed', text(run.seed)),
    labelled('code_version', codeVersion === '' ? notKept : codeVersion),
  ];
}

type Section = ArgumentsOf<'runs.section'>[0]['section'];

/** The settings that do not stand elsewhere. */
function settingsOf(run: Run): Run['params'] {
  const elsewhere = new Set(['params', 'trainer', 'seed', 'codeVersion', 'simulated']);
  return Object.fromEntries(Object.entries(run.settings ?? {}).filter(([name]) => !elsewhere.has(name)));
}

/** The parts below the head of a run, with their rows. */
function sectionsOf(run: Run, sameRows: number): [Section, Text[][]][] {
  const figures = Object.entries(run.figures).map(([name, figure]) => [name, withInterval(name, figure)]);
  const times = Object.entries(run.timings).map(([name, ms]) => [
    name,
    sentence('runs.seconds', { seconds: ms / 1000 }),
  ]);
  const files = Object.entries(run.artefacts).map(([name, { sha256, bytes: n }]) => [
    name,
    sentence('runs.bytes', { n }),
    sha256,
  ]);
  return [
    ['parameters', pairs(run.params)],
    ['settings', pairs(settingsOf(run))],
    ['result', run.kind === 'search' ? pairs(run.metrics) : []],
    ['judged_on', judgedPairs(run, sameRows)],
    ['figures', figures],
    ['time', times],
    ['files', files],
    ['notes', run.notes === '' ? [] : run.notes.split('\n').map((line) => [line])],
  ];
}

/** Everything about a run but its whole metrics, for reading. `sameRows` other runs were judged on the same rows. */
export function showLines(language: Language, run: Run, children: readonly Run[], sameRows: number): string[] {
  const say = sayer(language);
  const table = (rows: readonly (readonly Text[])[]): string[] => tableLines(rows.map((row) => row.map(say)));
  const section = (name: Section, lines: readonly string[]): string[] =>
    lines.length === 0
      ? []
      : ['', say(sentence('runs.section', { section: name })), ...lines.map((line) => `  ${line}`)];
  return [
    ...table(headPairs(run)),
    ...sectionsOf(run, sameRows).flatMap(([name, rows]) => section(name, table(rows))),
    ...(children.length === 0 ? [] : section('under', listLines(language, children, new Map(), listWidth - 2))),
  ];
}

function differenceText(name: string, figure: Figure | null, difference: number | null, isFirst: boolean): Text {
  if (figure === null) return '-';
  const value = formatFigure(name, figure.value);
  if (isFirst || difference === null) return value;
  const by = sentence(isShare(name) ? 'figures.share_difference' : 'figures.value_difference', { difference });
  return sentence('figures.beside_first', { value, difference: by });
}

/** Runs side by side: what differs in their settings, then figures with the difference to the first. */
export function compareLines(language: Language, comparison: RunComparison): Text[] {
  const { runs, differing, figures } = comparison;
  const head = ['', ...runs.map(shortId)];
  const settings = differing.map(({ name, values }) => [
    name,
    ...values.map((value) => (name === 'dataset' ? text(value).slice(0, 12) : text(value))),
  ]);
  const judged = figures.map(({ name, figures: each, differences }) => [
    name,
    ...each.map((figure, at) => differenceText(name, figure, differences[at]!, at === 0)),
  ]);
  const table = [head, ...settings, head.map(() => ''), ...judged].map((row) => row.map(sayer(language)));
  return [...tableLines(table), '', comparison.sentence];
}
