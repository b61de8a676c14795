import { counted } from '../../shared/encoding/phrases.ts';
import { heldOutSchema, type HoldOut } from '../../shared/contract/registry.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { holdOutSentence } from '../../shared/releases/hold-out.ts';
import type { Json } from '../../shared/log/canonical.ts';
import type { RunComparison } from '../runs/compare.ts';
import { shortId, type Run } from '../runs/run.ts';

type Figure = Run['figures'][string];

/** Figures that are shares, shown in per cent. */
const shares = /^(recall|missed|wrong_accusation|unclear|precision)/;

function figureText(name: string, value: number): string {
  return shares.test(name) ? `${(100 * value).toFixed(1)} %` : value.toFixed(4);
}

function shown(run: Run, name: string): string {
  const figure = run.figures[name];
  return figure === undefined ? '' : figureText(name, figure.value);
}

/** Lines of a table: cells padded to their columns, those of `right` on the right. */
export function tableLines(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const width = (at: number): number => Math.max(...rows.map((row) => [...(row[at] ?? '')].length));
  const widths = (rows[0] ?? []).map((_, at) => width(at));
  const pad = (text: string, at: number): string => {
    const space = ' '.repeat(Math.max(0, widths[at]! - [...text].length));
    return right.has(at) ? space + text : text + space;
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

function when(run: Run): string {
  return run.createdAt.slice(0, 16).replace('T', ' ');
}

/** What a trial tried: `l2 0.013, depth 4`. */
function pointOf({ kind, params }: Run): string[] {
  if (kind !== 'trial') return [];
  // A recipe of a retraining has a name that says all of it.
  if (typeof params['recipe'] === 'string') return [params['recipe']];
  const said = Object.entries(params).map(([name, value]) => {
    const isLong = typeof value === 'number' && !Number.isInteger(value);
    return `${name} ${isLong ? value.toPrecision(3) : text(value)}`;
  });
  return [said.length === 0 ? 'defaults' : said.join(', ')];
}

/** What cases a retraining was judged on; null for other runs, and for those from before uses were counted. */
function heldOutOf(run: Run): HoldOut | null {
  return heldOutSchema
    .nullable()
    .catch(null)
    .parse(run.metrics['heldOut'] ?? null);
}

function usesOf(run: Run): string[] {
  const before = heldOutOf(run)?.judgedBefore ?? 0;
  return before === 0 ? [] : [`held-out cases that judged ${counted(before, 'candidate')} before`];
}

function remarkOf(run: Run, under: number): string {
  const state = run.status === 'done' ? [] : [run.status + (run.reason === null ? '' : `: ${run.reason}`)];
  const simulated = run.simulated ? ['simulated cases'] : [];
  const note = run.notes === '' ? [] : [run.notes.split('\n').at(-1)!];
  return [...state, ...simulated, ...kinOf(run, under), ...pointOf(run), ...usesOf(run), ...note].join('; ');
}

/** What a run is, in a word or two: `boosting`, `search auto`. */
function whatOf({ kind, trainer }: Run): string {
  if (kind === 'training') return trainer;
  return `${kind === 'retraining' ? 'retrain' : kind} ${trainer}`;
}

/** Where a run stands among others: what it came from, and how many came from it. */
function kinOf({ kind, parent }: Run, under: number): string[] {
  const from = { trial: 'trial of', training: 'settings from', retraining: 'chosen by', search: 'to replace' }[kind];
  return [
    ...(parent === null ? [] : [`${from} ${shortId(parent)}`]),
    ...(under === 0 ? [] : [`${counted(under, 'run')} under it`]),
  ];
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
const listHead = ['run', 'when (UTC)', 'what', 'data', 'rows', 'AUC', 'log loss', 'missed', 'accused'];
const dataAt = listHead.indexOf('data');

/**
 * A table of runs of at most `width` letters: short id, when, what, data, rows and four figures; below each run what else
 * there is to say. `under` has how many runs there are under a run.
 */
export function listLines(
  runs: readonly Run[],
  under: ReadonlyMap<string, number> = new Map(),
  width = listWidth,
): string[] {
  const rows = runs.map((run) => [
    shortId(run.id),
    when(run),
    whatOf(run),
    run.data ?? '',
    run.rows === null ? '' : run.rows.toLocaleString('en-GB'),
    shown(run, 'auc'),
    shown(run, 'log_loss'),
    shown(run, 'missed'),
    shown(run, 'wrong_accusation'),
  ]);
  const all = [listHead, ...rows];
  const widest = (at: number): number => Math.max(...all.map((row) => [...row[at]!].length));
  const others = listHead.reduce((sum, _, at) => (at === dataAt ? sum : sum + 2 + widest(at)), 0);
  const name = Math.max(leastName, width - others);
  const cut = all.map((row) => row.map((cell, at) => (at === dataAt ? shortened(cell, name) : cell)));
  const [head, ...lines] = tableLines(cut, new Set([4, 5, 6, 7, 8]));
  const below = runs.map((run) => {
    const remark = remarkOf(run, under.get(run.id) ?? 0);
    return remark === '' ? [] : wrapped(remark, width - 10).map((line) => `${' '.repeat(10)}${line}`);
  });
  return [head!, ...lines.flatMap((line, i) => [line, ...below[i]!])];
}

function text(value: Json): string {
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function withInterval(name: string, { value, low, high, n }: Figure): string {
  const interval =
    low === undefined || high === undefined ? '' : ` (${figureText(name, low)} to ${figureText(name, high)})`;
  return `${figureText(name, value)}${interval}, ${counted(n, 'case')}`;
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...tableLines(rows).map((line) => `  ${line}`)];
}

function pairs(values: Readonly<Record<string, Json>>): string[][] {
  return Object.entries(values).map(([name, value]) => [name, text(value)]);
}

function stateOf(run: Run): string {
  return run.reason === null ? run.status : `${run.status}: ${run.reason}`;
}

/** What the figures of a run were computed on, and how often that has served. */
function judgedPairs(run: Run, sameRows: number): string[][] {
  const heldOut = heldOutOf(run);
  return [
    ...(run.judgedOn === null ? [] : [['rows', `${run.judgedOn}, ${counted(sameRows, 'other run')} on the same`]]),
    ...(heldOut === null ? [] : [['cases', inEnglish(holdOutSentence(heldOut))]]),
  ];
}

/** Everything about a run but its whole metrics, for reading. `sameRows` other runs were judged on the same rows. */
export function showLines(run: Run, children: readonly Run[], sameRows: number): string[] {
  const said = new Set(['params', 'trainer', 'seed', 'codeVersion', 'simulated']);
  const settings = Object.fromEntries(Object.entries(run.settings ?? {}).filter(([name]) => !said.has(name)));
  const head = {
    run: run.id,
    what: `${whatOf(run)}${run.simulated ? ', on simulated cases' : ''}`,
    state: stateOf(run),
    made: when(run),
    parent: run.parent,
    data: run.data ?? 'not kept',
    dataset: `${run.dataset}${run.rows === null ? '' : `, ${counted(run.rows, 'row')}`}`,
    seed: run.seed,
    'code version': run.codeVersion === '' ? 'not kept' : run.codeVersion,
  };
  const notes = run.notes === '' ? [] : run.notes.split('\n').map((line) => [line]);
  return [
    ...tableLines(pairs(head)),
    ...section('Parameters', pairs(run.params)),
    ...section('Settings', pairs(settings)),
    ...section('Result', run.kind === 'search' ? pairs(run.metrics) : []),
    ...section('Judged on', judgedPairs(run, sameRows)),
    ...section(
      'Figures',
      Object.entries(run.figures).map(([name, figure]) => [name, withInterval(name, figure)]),
    ),
    ...section(
      'Time',
      Object.entries(run.timings).map(([name, ms]) => [name, `${(ms / 1000).toFixed(2)} s`]),
    ),
    ...section(
      'Files',
      Object.entries(run.artefacts).map(([name, { sha256, bytes }]) => [name, `${counted(bytes, 'byte')}`, sha256]),
    ),
    ...section('Notes', notes),
    ...(children.length === 0
      ? []
      : ['', 'Runs under it', ...listLines(children, new Map(), listWidth - 2).map((line) => `  ${line}`)]),
  ];
}

function differenceText(name: string, figure: Figure | null, difference: number | null, isFirst: boolean): string {
  if (figure === null) return '-';
  const value = figureText(name, figure.value);
  if (isFirst || difference === null) return value;
  const by = figureText(name, Math.abs(difference)).replace('%', 'points');
  return `${value} (${difference < 0 ? '-' : '+'}${by})`;
}

/** Runs side by side: what differs in what they were told, then figures with the difference to the first. */
export function compareLines({ runs, differing, figures, sentence }: RunComparison): string[] {
  const head = ['', ...runs.map(shortId)];
  const told = differing.map(({ name, values }) => [
    name,
    ...values.map((value) => (name === 'dataset' ? text(value).slice(0, 12) : text(value))),
  ]);
  const judged = figures.map(({ name, figures: each, differences }) => [
    name,
    ...each.map((figure, at) => differenceText(name, figure, differences[at]!, at === 0)),
  ]);
  const table = tableLines([head, ...told, head.map(() => ''), ...judged]);
  return [...table, '', sentence];
}
