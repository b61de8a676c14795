import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import type { Answer } from './boosting.ts';
import { compare, mustAgree, type Comparison } from './measure.ts';
import { pythonEnvironment, pythonWith } from './python.ts';

/** Rows of the file unless OUTPOST_BENCH_ROWS says otherwise: some minutes for both sides and both trainers. */
const defaultRows = 200_000;
const rounds = 3;

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function learn(args: readonly string[], usage?: string): string {
  const watch = usage === undefined ? [] : ['--import', file('usage.ts')];
  const env = { ...process.env, ...(usage !== undefined && { OUTPOST_BENCH_USAGE: usage }) };
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return execFileSync(process.execPath, [...watch, file('../../learning/cli.ts'), ...args], {
    encoding: 'utf8',
    env,
    stdio: [...stdio],
    maxBuffer: 1e9,
  });
}

const reportSchema = z.object({
  metrics: z.object({ figures: z.object({ log_loss: z.object({ value: z.number() }) }) }),
});
const used = z.object({ seconds: z.number(), processorSeconds: z.number(), megabytes: z.number() });

function ours(folder: string, csv: string, trainer: string): Answer {
  const usage = join(folder, 'usage.json');
  const [out, runs] = ['model-', 'runs-'].map((name) => mkdtempSync(join(folder, name)));
  const common = ['--label', 'y', '--split', 'none', '--simulated', '--json'];
  const text = learn(['train', '--data', csv, ...common, '--trainer', trainer, '--out', out!, '--runs', runs!], usage);
  const loss = reportSchema.parse(JSON.parse(text)).metrics.figures.log_loss.value;
  const what = `learn train --trainer ${trainer}`;
  return { what, loss, ...used.parse(JSON.parse(readFileSync(usage, 'utf8'))) };
}

/** What the other side is given; it reads the same columns. */
function writeTask(folder: string, csv: string, trainer: string): string {
  const path = join(folder, 'task.json');
  const columns = complaintsSchema.attributes
    .filter((a) => a.shareable)
    .map((a) => ({ name: a.name, kind: a.kind, values: a.kind === 'category' ? a.values : null }));
  const { minorPerReference } = complaintsSchema.currencies;
  writeFileSync(path, JSON.stringify({ csv, trainer, columns, minorPerReference }));
  return path;
}

function theirs(python: string | null, task: string): Answer {
  const [program, code, env] =
    python === null ? [process.execPath, 'whole-loop.ts', process.env] : [python, 'whole.py', pythonEnvironment()];
  return JSON.parse(execFileSync(program, [file(code), task], { encoding: 'utf8', env })) as Answer;
}

function resources({ processorSeconds, megabytes }: Answer): string {
  return `${processorSeconds.toFixed(1)} s of processor time and ${megabytes.toFixed(0)} MB`;
}

/** The answer in the middle by time. */
function middle(answers: readonly Answer[]): Answer {
  return answers.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(answers.length / 2)]!;
}

function compareTrainer(python: string | null, folder: string, csv: string, rows: number, trainer: string): Comparison {
  const task = writeTask(folder, csv, trainer);
  const turns: (readonly [Answer, Answer])[] = [];
  // In turns, so that other work on the machine falls on both.
  for (let round = 0; round < rounds; round++) turns.push([ours(folder, csv, trainer), theirs(python, task)]);
  const [one, other] = [middle(turns.map(([a]) => a)), middle(turns.map(([, b]) => b))];
  mustAgree(Math.abs(one.loss / other.loss - 1) < 0.05, 'the log losses of the folds differ by over 5 %');
  const times = turns.map(([a, b]) => a.seconds / b.seconds).toSorted((a, b) => a - b);
  return compare({
    name: `Training on a CSV file, ${trainer}`,
    unit: `whole run from ${rows} simulated complaints: reading, five folds, model of all rows`,
    ours: { what: one.what, microseconds: one.seconds * 1e6 },
    other: { what: other.what, microseconds: other.seconds * 1e6 },
    checked: `Median of ${rounds} rounds in turns; ours takes ${times[Math.floor(rounds / 2)]!.toFixed(2)} times the other in a round. Ours used ${resources(one)}, the other ${resources(other)}; each as many threads as it likes on ${availableParallelism()} cores. Log loss of the folds: ${one.loss.toFixed(4)} and ${other.loss.toFixed(4)}. Ours also calibrates, sets thresholds, gives figures with intervals, writes the graph and keeps the rows.`,
  });
}

/**
 * `learn train` from a CSV file against pandas and scikit-learn doing the same work; where no Python has both, that is
 * said, and the logistic trainer is compared with a bare loop. OUTPOST_BENCH_ROWS sets the number of rows.
 */
export async function wholeComparisons(): Promise<Comparison[]> {
  const python = pythonWith('sklearn', 'pandas');
  if (python === null)
    console.error(
      'No python3 here can import sklearn and pandas (Debian: python3-sklearn, python3-pandas): training on a CSV file is compared with a bare loop in Node, boosting with nothing.',
    );
  const rows = Number(process.env['OUTPOST_BENCH_ROWS'] ?? defaultRows);
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'));
  try {
    const csv = join(folder, 'cases.csv');
    learn(['simulate', '--cases', String(rows), '--seed', '1', '--from', '2024-01-01', '--out', csv]);
    const trainers = python === null ? ['logistic'] : ['boosting', 'logistic'];
    return trainers.map((trainer) => compareTrainer(python, folder, csv, rows, trainer));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
