import { canonicalJson, type Json } from '../../shared/log/canonical.ts';
import { inTurn, listed, sentence, type Sentence } from '../../shared/language/sentence.ts';
import { shortId, type Run } from './run.ts';

type Figure = Run['figures'][string];

/** A figure of several runs: null where a run has none. Differences are to the first run. */
interface FigureComparison {
  readonly name: string;
  readonly figures: readonly (Figure | null)[];
  readonly differences: readonly (number | null)[];
}

/** What sets runs apart. All lists are in the order of the runs. */
export interface RunComparison {
  readonly runs: readonly string[];
  readonly sameDataset: boolean;
  /** Whether the figures are about the same rows; null when that was not kept. */
  readonly comparable: boolean | null;
  /** What follows from it, for people. */
  readonly sentence: Sentence;
  /** Parameters and settings that differ, by dotted name; null where a run has none of the name. */
  readonly differing: readonly { readonly name: string; readonly values: readonly (Json | null)[] }[];
  readonly figures: readonly FigureComparison[];
}

function flat(prefix: string, value: Json | undefined): [string, Json][] {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([name, part]) => flat(prefix === '' ? name : `${prefix}.${name}`, part));
}

/** Settings that differ between any two runs and do not matter. */
const uninteresting = new Set(['created', 'expires', 'params', 'trainer', 'seed', 'codeVersion', 'simulated']);

function comparedOf(run: Run): Map<string, Json> {
  const settings = Object.entries(run.settings ?? {}).filter(([name]) => !uninteresting.has(name));
  const { kind, trainer, seed, dataset, rows, codeVersion, simulated } = run;
  return new Map([
    ...flat('', { kind, trainer, seed, dataset, rows, codeVersion, simulated }),
    ...flat('settings', Object.fromEntries(settings)),
    ...flat('params', run.params),
  ]);
}

function unionOf<T>(lists: readonly (readonly T[])[]): T[] {
  return [...new Set(lists.flat())];
}

function differingOf(runs: readonly Run[]): RunComparison['differing'] {
  const each = runs.map(comparedOf);
  const names = unionOf(each.map((one) => [...one.keys()]));
  const all = names.map((name) => ({ name, values: each.map((one) => one.get(name) ?? null) }));
  return all.filter(({ values }) => new Set(values.map((value) => canonicalJson(value))).size > 1);
}

function figuresOf(runs: readonly Run[]): FigureComparison[] {
  const names = unionOf(runs.map((run) => Object.keys(run.figures)));
  return names.map((name) => {
    const figures = runs.map((run) => run.figures[name] ?? null);
    const first = figures[0] ?? null;
    const differences = figures.map((figure) =>
      figure === null || first === null ? null : figure.value - first.value,
    );
    return { name, figures, differences };
  });
}

function simulatedOf(runs: readonly Run[]): Sentence[] {
  const simulated = runs.filter((run) => run.simulated).map((run) => shortId(run.id));
  if (simulated.length === 0) return [];
  if (simulated.length === runs.length) return [sentence('runs.all_simulated')];
  return [sentence('runs.some_simulated', { runs: listed(simulated) })];
}

function sentenceOf(comparable: boolean | null, sameDataset: boolean, runs: readonly Run[]): Sentence {
  const judged = comparable === null ? 'unknown' : comparable ? 'alike' : 'apart';
  const unfinished = runs.filter((run) => run.status !== 'done');
  return inTurn([
    sentence('runs.compared', { same: sameDataset, judged }),
    ...unfinished.map(({ id, status }) => sentence('runs.ended_badly', { run: shortId(id), status })),
    ...simulatedOf(runs),
  ]);
}

/** Sets runs side by side: what differs in their settings, and their figures with the differences to the first. */
export function compareRuns(runs: readonly Run[]): RunComparison {
  const sameDataset = new Set(runs.map((run) => run.dataset)).size <= 1;
  const judgedOn = new Set(runs.map((run) => run.judgedOn));
  const comparable = judgedOn.has(null) ? null : judgedOn.size <= 1;
  return {
    runs: runs.map((run) => run.id),
    sameDataset,
    comparable,
    sentence: sentenceOf(comparable, sameDataset, runs),
    differing: differingOf(runs),
    figures: figuresOf(runs),
  };
}
