import { attributeNameOf } from '../../shared/encoding/attribute-names.ts';
import { headersOfFile } from '../../shared/encoding/headers-of-file.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Dataset } from './dataset.ts';
import type { Column, Frame } from './frame.ts';
import { createRandom } from '../statistics/random.ts';
import { repeatedRows, sameAs } from './repeats.ts';
import { anyOf, inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Something about a dataset that makes figures look better than the model will be. */
export interface Finding {
  /** Name of the attribute; null when it is about whole rows. */
  readonly column: string | null;
  /** What its file calls the column, where that is something else. */
  readonly header?: string;
  readonly kind: 'tells_label' | 'hints_label' | 'missing_tells_label' | 'same_column' | 'same_rows';
  /** An area under the ROC curve; 1 for columns that are the same; a number of rows for `same_rows`. */
  readonly figure: number;
  readonly sentence: Sentence;
  /** Nothing should be learned from the column unless somebody says that it may. */
  readonly refuse: boolean;
  /** Its values come several times each: it may name whom cases are of. */
  readonly repeats?: true;
}

/** Area from which a single column is taken for the label, gives a hint of it, or tells too much by being empty. */
const tells = 0.995;
const hints = 0.95;
const missingTells = 0.9;
/** Fewest rows of each class for which an area says something; fewest rows for which being equal does. */
const fewestOfAClass = 20;
/** Different values from which a column may name whom cases are of. */
const fewestNames = 20;
const fewestEqual = 10;
/** Quantiles of either class that end the bins of a number, and rows of the class that each needs. */
const quantilesPerClass = 16;
const rowsPerQuantile = 10;
const sampleSize = 10_000;

/** Rows of a column by half, label and bin; the last bin is for missing values. */
interface Table {
  readonly bins: number;
  /** Entry `(half * 2 + label) * bins + bin`. */
  readonly rows: Float64Array;
}

/** A number below a float32 and above all smaller ones. */
function justBelow(value: number): number {
  return value - Math.abs(value) * 2 ** -30 - 1e-300;
}

/** Up to `sampleSize` known values of the rows of one class, drawn evenly, ascending. */
function drawnOf(values: Float32Array, labels: Uint8Array, label: 0 | 1): Float64Array {
  const isKnown = (i: number): boolean => labels[i] === label && values[i] === values[i];
  let count = 0;
  for (let i = 0; i < values.length; i++) if (isKnown(i)) count += 1;
  const step = Math.max(1, count / sampleSize);
  const drawn = new Float64Array(Math.ceil(count / step));
  let [seen, next] = [0, 0];
  for (let i = 0; i < values.length && next < drawn.length; i++) {
    if (!isKnown(i)) continue;
    if (seen === Math.floor(next * step)) drawn[next++] = values[i]!;
    seen += 1;
  }
  return drawn.sort();
}

/**
 * Upper ends of a number's bins: quantiles of either class, both ends included, so that a rare class that lies in a
 * corner of the values has bins of its own there. So has a value that is two quantiles at once.
 */
function endsOf(values: Float32Array, labels: Uint8Array): Float64Array {
  const ends = new Set<number>();
  for (const label of [0, 1] as const) {
    const drawn = drawnOf(values, labels, label);
    const count = Math.min(quantilesPerClass, Math.ceil(drawn.length / rowsPerQuantile));
    let last = NaN;
    for (let k = 0; k < count; k++) {
      const quantile = drawn[Math.round((k * (drawn.length - 1)) / Math.max(1, count - 1))]!;
      if (k === 0 || quantile === last) ends.add(justBelow(quantile));
      if (k > 0) ends.add(quantile);
      last = quantile;
    }
  }
  return Float64Array.from(ends).sort();
}

/** Number of ends below a value. */
function binOf(value: number, ends: Float64Array): number {
  let [from, to] = [0, ends.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ends[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function tableOf(column: Column, { labels }: Frame, halves: Uint8Array): Table {
  if (column.kind === 'category') {
    const bins = column.levels.length + 1;
    const rows = new Float64Array(4 * bins);
    column.codes.forEach((code, i) => {
      rows[(halves[i]! * 2 + labels[i]!) * bins + (code === -1 ? bins - 1 : code)]! += 1;
    });
    return { bins, rows };
  }
  const { values } = column;
  const ends = endsOf(values, labels);
  const bins = ends.length + 2;
  const rows = new Float64Array(4 * bins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const bin = Number.isNaN(value) ? bins - 1 : binOf(value, ends);
    rows[(halves[i]! * 2 + labels[i]!) * bins + bin]! += 1;
  }
  return { bins, rows };
}

/** Area under the ROC curve of bins with a score each (Mann and Whitney 1947): ties count half. NaN without both classes. */
function areaOf(scores: Float64Array, genuine: Float64Array, scams: Float64Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [below, won, total] = [0, 0, 0];
  for (let at = 0; at < order.length;) {
    let [g, s] = [0, 0];
    const score = scores[order[at]!]!;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      g += genuine[order[at]!]!;
      s += scams[order[at]!]!;
    }
    won += s * (below + g / 2);
    below += g;
    total += s;
  }
  return won / (below * total);
}

/**
 * How well a column alone tells the label: the area of label rates per bin, learned on one half of the incidents and
 * judged on the other, both ways. Rates lean towards the half's own rate by one row (the m-estimate; Cestnik 1990), so
 * that a value seen in one half only says nothing. NaN when neither half can be judged.
 */
function areaAlone({ bins, rows }: Table): number {
  const part = (half: number, label: number): Float64Array =>
    rows.subarray((half * 2 + label) * bins, (half * 2 + label + 1) * bins);
  let [sum, halves] = [0, 0];
  for (const half of [0, 1]) {
    const [g, s] = [part(1 - half, 0), part(1 - half, 1)];
    const [ofGenuine, ofScams] = [g, s].map((list) => list.reduce((a, b) => a + b, 0)) as [number, number];
    // Few groups may all be dealt to the other half: there is nothing to learn from in this one.
    if (ofGenuine + ofScams === 0) continue;
    const rate = ofScams / (ofGenuine + ofScams);
    const area = areaOf(
      g.map((n, bin) => (s[bin]! + rate) / (n + s[bin]! + 1)),
      part(half, 0),
      part(half, 1),
    );
    if (Number.isNaN(area)) continue;
    sum += area;
    halves += 1;
  }
  return halves === 0 ? NaN : sum / halves;
}

/** Rows of each label by bin, both halves together. */
function byLabel({ bins, rows }: Table): [Float64Array, Float64Array] {
  const of = (label: number): Float64Array =>
    Float64Array.from({ length: bins }, (_, bin) => rows[label * bins + bin]! + rows[(2 + label) * bins + bin]!);
  return [of(0), of(1)];
}

/** Whether each of two values goes with one label, and nothing is missing: the label itself, or its opposite. */
function isLabel(column: Column, { labels, rows }: Frame): boolean {
  if (rows < fewestEqual) return false;
  const value = (i: number): number => (column.kind === 'number' ? column.values[i]! : column.codes[i]!);
  const of: [number | null, number | null] = [null, null];
  for (let i = 0; i < rows; i++) {
    const [v, label] = [value(i), labels[i] === 1 ? 1 : 0];
    if (Number.isNaN(v) || (column.kind === 'category' && v === -1)) return false;
    of[label] ??= v;
    if (of[label] !== v) return false;
  }
  return of[0] !== null && of[1] !== null && of[0] !== of[1];
}

function areaText(area: number): string {
  return area.toFixed(area > 0.9995 ? 4 : 3);
}

/** Whether a column has many values that come several times each, as the names of customers do. */
function comesAgain(column: Column): boolean {
  const all: readonly number[] = [...(column.kind === 'number' ? column.values : column.codes)];
  const there = all.filter((v) => (column.kind === 'number' ? !Number.isNaN(v) : v !== -1));
  const values = new Set(there).size;
  return values >= fewestNames && there.length >= 2 * values;
}

/** The name of a column with its header in the file, and what it is called in a sentence. */
function called({ attribute: { name } }: Column, headerOf: (name: string) => string) {
  const header = headerOf(name);
  return { own: { column: name, ...(header !== name && { header }) }, shown: header };
}

interface Look {
  readonly frame: Frame;
  readonly halves: Uint8Array;
  /** There are enough rows of each class for an area. */
  readonly enough: boolean;
  readonly headerOf: (name: string) => string;
}

function aboutLabel(column: Column, { frame, halves, enough, headerOf }: Look): Finding[] {
  const { own, shown } = called(column, headerOf);
  if (isLabel(column, frame)) {
    const words = sentence('leakage.is_label', { column: shown });
    return [{ ...own, kind: 'tells_label', figure: 1, sentence: words, refuse: true }];
  }
  if (!enough) return [];
  const found: Finding[] = [];
  const table = tableOf(column, frame, halves);
  const area = areaAlone(table);
  if (area > hints) {
    const refuse = area >= tells;
    const words = sentence('leakage.tells_label', { column: shown, tells: refuse, area: areaText(area) });
    const repeats = refuse && comesAgain(column);
    const kind = refuse ? 'tells_label' : 'hints_label';
    found.push({ ...own, kind, figure: area, sentence: words, refuse, ...(repeats && { repeats }) });
  }
  const [genuine, scams] = byLabel(table).map((rows) => rows.at(-1)! / rows.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  const missing = 0.5 + Math.abs(scams - genuine) / 2;
  if (missing > missingTells) {
    const words = sentence('leakage.missing_tells', { column: shown, area: areaText(missing) });
    found.push({ ...own, kind: 'missing_tells_label', figure: missing, sentence: words, refuse: false });
  }
  return found;
}

/** Half of each row, dealt by group. */
function halvesOf({ groups, rows }: Pick<Frame, 'groups' | 'rows'>, seed: number): Uint8Array {
  const random = createRandom(seed);
  const byGroup = new Uint8Array(groups.reduce((most, group) => Math.max(most, group), -1) + 1).fill(2);
  const halves = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const group = groups[i]!;
    if (byGroup[group] === 2) byGroup[group] = random.below(2) === 1 ? 1 : 0;
    halves[i] = byGroup[group]!;
  }
  return halves;
}

/**
 * Looks for what a model could cheat with: columns that alone tell the label, also by being empty, columns that are the
 * same, and rows that are the same. A column is refused when it equals the label or its opposite (10 rows or more), or
 * when its area under the ROC curve on unseen incidents is 0.995 or more (20 rows of each class or more). Empty for an
 * empty dataset.
 */
export function leakageOf(
  { frame, texts = [] }: Pick<Dataset, 'frame'> & Partial<Pick<Dataset, 'texts'>>,
  seed = 1,
): Finding[] {
  const headerOf = headersOfFile(texts);
  const scams = frame.labels.reduce((sum, label) => sum + label, 0);
  const enough = Math.min(scams, frame.rows - scams) >= fewestOfAClass;
  const halves = halvesOf(frame, seed);
  const found = frame.columns.flatMap((column) => aboutLabel(column, { frame, halves, enough, headerOf }));
  for (const [later, earlier] of sameAs(frame)) {
    const { own, shown } = called(later, headerOf);
    const words = sentence('leakage.same_column', { later: shown, earlier: called(earlier, headerOf).shown });
    found.push({ ...own, kind: 'same_column', figure: 1, sentence: words, refuse: false });
  }
  const repeats = repeatedRows(frame);
  if (repeats > 0) {
    const words = sentence('leakage.same_rows', { n: repeats, all: frame.rows });
    found.push({ column: null, kind: 'same_rows', figure: repeats, sentence: words, refuse: false });
  }
  return found;
}

/** A word that a command line takes as it is. */
const plainWord = /^[\p{L}\p{M}\p{N}_.]+$/u;

/** What a column is called in a command: as its file does, where that is one word. */
function nameOf({ column, header }: Finding): string {
  return header !== undefined && plainWord.test(header) ? header : (column ?? '');
}

/**
 * Throws BAD_INPUT when columns tell the label and are not among those that may (named by attribute or header), saying
 * which and what can be done.
 */
export function requireNoLeak(findings: readonly Finding[], allowed: readonly string[] = []): void {
  const may = new Set(allowed.flatMap((name) => [name, attributeNameOf(name)]));
  const leaks = findings.filter((f) => f.refuse && ![f.column, f.header].some((name) => may.has(name ?? '')));
  if (leaks.length === 0) return;
  const names = leaks.map(nameOf).join(',');
  const whom = leaks.filter((f) => f.repeats === true).map(nameOf);
  const leaked = inTurn(leaks.map((f) => f.sentence));
  const words = [sentence('dataset.leaks', { leaks: leaked, names })];
  const [first] = whom;
  if (first !== undefined) words.push(sentence('leakage.keep_together', { names: anyOf(whom), first }));
  throw new OutpostError('BAD_INPUT', inTurn(words));
}
