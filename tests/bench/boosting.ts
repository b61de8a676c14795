import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { columnBuilder, type Column } from '../../learning/dataset/frame.ts';
import { simulateCases } from '../../learning/simulate/index.ts';
import { complaintsSchema } from '../../shared/encoding/complaints.ts';
import { encodeFacts } from '../../shared/encoding/encode.ts';
import { hasReferenceData } from '../support/reference-data.ts';
import { referenceFrame } from '../support/reference-frame.ts';
import { compare, mustAgree, type Comparison } from './measure.ts';
import { pythonEnvironment, pythonWith } from './python.ts';

/** What both sides are given; they run in processes of their own, one after the other. */
export interface Task {
  readonly rows: number;
  /** The first of them are fitted, the others judge. */
  readonly fitted: number;
  /** `values` are the listed levels of a category, null for numbers. */
  readonly columns: readonly { readonly name: string; readonly values: readonly string[] | null }[];
  /** File of little-endian float32, column after column; NaN for missing, level codes (-1 missing or unlisted). */
  readonly matrix: string;
  /** File of bytes. */
  readonly labels: string;
  readonly rounds: number;
  readonly learningRate: number;
  readonly leaves: number;
  readonly leafRows: number;
}

/** What a side says of its fit. */
export interface Answer {
  readonly what: string;
  readonly seconds: number;
  /** Of all threads together. */
  readonly processorSeconds: number;
  /** How far the fit raised the peak memory of its process. */
  readonly megabytes: number;
  /** Mean log loss of the rows that were not fitted. */
  readonly loss: number;
}

interface Data {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: Uint32Array;
  readonly labels: Uint8Array;
}

function writeTask(folder: string, { columns, rows, labels }: Data): string {
  const [matrix, marks, path] = ['matrix.bin', 'labels.bin', 'task.json'].map((name) => join(folder, name));
  const file = openSync(matrix!, 'w');
  for (const column of columns) {
    const values = Float32Array.from(rows, (i) => {
      if (column.kind === 'number') return column.values[i]!;
      return column.codes[i]! < column.listed ? column.codes[i]! : -1;
    });
    writeSync(file, new Uint8Array(values.buffer));
  }
  closeSync(file);
  writeFileSync(
    marks!,
    Uint8Array.from(rows, (i) => labels[i]!),
  );
  const task: Task = {
    rows: rows.length,
    fitted: Math.floor(0.9 * rows.length),
    columns: columns.map((c) => ({
      name: c.attribute.name,
      values: c.kind === 'category' ? c.attribute.values : null,
    })),
    matrix: matrix!,
    labels: marks!,
    rounds: 200,
    learningRate: 0.1,
    leaves: 31,
    leafRows: 20,
  };
  writeFileSync(path!, JSON.stringify(task));
  return path!;
}

function run(program: string, args: readonly string[]): Answer {
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env: pythonEnvironment() })) as Answer;
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function resources({ processorSeconds, megabytes }: Answer): string {
  return `${processorSeconds.toFixed(1)} s of processor time and ${megabytes.toFixed(0)} MB`;
}

function compareOn(data: Data, python: string | null): Comparison {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'));
  try {
    const task = writeTask(folder, data);
    const ours = run(process.execPath, [file('boosting-child.ts'), task]);
    const other =
      python === null
        ? run(process.execPath, [file('boosting-child.ts'), task, 'logistic'])
        : run(python, [file('boosting.py'), task]);
    // Categories are split differently (a level against the rest, or sets of levels), so the losses are not the same.
    if (python !== null) mustAgree(Math.abs(ours.loss / other.loss - 1) < 0.1, 'the log losses differ by over 10 %');
    const stand = python === null ? 'NOT COMPARED with scikit-learn: no python3 here can import sklearn. ' : '';
    const used = `Ours took ${resources(ours)} more than before the fit, the other ${resources(other)}.`;
    const losses = `Log loss on the tenth that was not fitted: ${ours.loss.toFixed(4)} and ${other.loss.toFixed(4)}.`;
    return compare({
      name: `Boosted trees on ${data.name}`,
      unit: `fit of nine tenths of ${data.rows.length} rows, ${data.columns.length} columns, 200 trees of 31 leaves, one run each`,
      ours: { what: ours.what, microseconds: ours.seconds * 1e6 },
      other: { what: other.what, microseconds: other.seconds * 1e6 },
      checked: `${stand}${used} ${losses}`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Simulated complaints with their truth, streamed into columns. */
function simulated(rows: number): Data {
  const builder = columnBuilder(complaintsSchema);
  const labels = new Uint8Array(rows);
  let i = 0;
  for (const entry of simulateCases({ cases: rows, seed: 1, from: '2024-01-01', days: 730 })) {
    builder.add(encodeFacts(complaintsSchema, entry.facts));
    labels[i++] = entry.truth;
  }
  const order = Uint32Array.from({ length: rows }, (_, k) => k);
  return { name: 'simulated complaints', columns: builder.build(order), rows: order, labels };
}

/**
 * Boosted trees against scikit-learn's on the same matrix with the same settings, or against our logistic trainer where
 * no Python with scikit-learn is installed. `OUTPOST_BENCH_ROWS` asks for fewer simulated rows than a million.
 */
export async function boostingComparisons(): Promise<Comparison[]> {
  const python = pythonWith('sklearn');
  const comparisons: Comparison[] = [];
  if (hasReferenceData('boosted trees on adult')) {
    const { frame, train } = referenceFrame('adult');
    comparisons.push(compareOn({ name: 'adult', columns: frame.columns, rows: train, labels: frame.labels }, python));
  }
  comparisons.push(compareOn(simulated(Number(process.env['OUTPOST_BENCH_ROWS'] ?? 1_000_000)), python));
  return comparisons;
}
