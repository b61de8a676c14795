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

const said = z.object({
  metrics: z.object({ figures: z.object({ log_loss: z.object({ value: z.number() }) }) }),
});
const used = z.object({ seconds: z.number(), processorSeconds: z.number(), megabytes: z.number() });

function ours(folder: string, csv: string, trainer: string): Answer {
  const usage = join(folder, 'usage.json');
  const [out, runs] = [join(folder, trainer), join(folder, `${trainer}-runs`)];
  const common = ['--label', 'y', '--split', 'none', '--simulated', '--json'];
  const text = learn(['train', '--data', csv, ...common, '--trainer', trainer, '--out', out, '--runs', runs], usage);
  const loss = said.parse(JSON.parse(text)).metrics.figures.log_loss.value;
  const what = `learn train --trainer ${trainer}`;
  return { what, loss, ...used.parse(JSON.parse(readFileSync(usage, 'utf8'))) };
}

function theirs(python: string, folder: string, csv: string, trainer: string): Answer {
  const path = join(folder, 'task.json');
  const columns = complaintsSchema.attributes
    .filter((a) => a.shareable)
    .map((a) => ({ name: a.name, kind: a.kind, values: a.kind === 'category' ? a.values.map((v) => v.value) : null }));
  const { minorPerReference } = complaintsSchema.currencies;
  writeFileSync(path, JSON.stringify({ csv, trainer, columns, minorPerReference }));
  const text = execFileSync(python, [file('whole.py'), path], { encoding: 'utf8', env: pythonEnvironment() });
  return JSON.parse(text) as Answer;
}

function resources({ processorSeconds, megabytes }: Answer): string {
  return `${processorSeconds.toFixed(1)} s of processor time and ${megabytes.toFixed(0)} MB`;
}

function compareTrainer(python: string, folder: string, csv: string, rows: number, trainer: string): Comparison {
  const [one, other] = [ours(folder, csv, trainer), theirs(python, folder, csv, trainer)];
  mustAgree(Math.abs(one.loss / other.loss - 1) < 0.05, 'the log losses of the folds differ by over 5 %');
  return compare({
    name: `Training on a CSV file, ${trainer}`,
    unit: `whole run from ${rows} simulated complaints: reading, five folds, model of all rows, one run each`,
    ours: { what: one.what, microseconds: one.seconds * 1e6 },
    other: { what: other.what, microseconds: other.seconds * 1e6 },
    checked: `Ours used ${resources(one)}, the other ${resources(other)}; each as many threads as it likes on ${availableParallelism()} cores. Log loss of the folds: ${one.loss.toFixed(4)} and ${other.loss.toFixed(4)}. Ours also calibrates, sets thresholds, gives figures with intervals, writes the graph and keeps the rows.`,
  });
}

/**
 * `learn train` from a CSV file against pandas and scikit-learn doing the same work; nothing where no Python has both.
 * OUTPOST_BENCH_ROWS sets the number of rows.
 */
export async function wholeComparisons(): Promise<Comparison[]> {
  const python = pythonWith('sklearn', 'pandas');
  if (python === null) {
    console.error('Training on a CSV file is not compared: no python3 here can import sklearn and pandas.');
    return [];
  }
  const rows = Number(process.env['OUTPOST_BENCH_ROWS'] ?? defaultRows);
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'));
  try {
    const csv = join(folder, 'cases.csv');
    learn(['simulate', '--cases', String(rows), '--seed', '1', '--from', '2024-01-01', '--out', csv]);
    return ['boosting', 'logistic'].map((trainer) => compareTrainer(python, folder, csv, rows, trainer));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
