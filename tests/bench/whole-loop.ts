// Trains from a CSV file as whole.py does, in this process and with nothing else: for where no Python can be compared
// with. Logistic regression by Newton's method on a dense design, five folds that are scored and a model of all rows.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { solveCholesky } from '../../learning/trainers/logistic/cholesky.ts';
import type { Answer } from './boosting.ts';

interface Task {
  readonly csv: string;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: string;
    readonly values: readonly string[] | null;
  }[];
  readonly minorPerReference: Readonly<Record<string, number>>;
}

const folds = 5;
const most = 100;
const start = process.hrtime.bigint();
const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const [header = [], ...table]: string[][] = parse(readFileSync(task.csv), { bom: true });
const at = new Map(header.map((name, i) => [name, i]));

/** A column of numbers; NaN for missing. */
function numbersOf({ name, kind }: Task['columns'][number]): Float64Array {
  const [i, currency] = [at.get(name)!, at.get(`${name}_currency`)];
  return Float64Array.from(table, (cells) => {
    const cell = cells[i]!;
    if (cell === '') return NaN;
    if (kind === 'boolean') return cell === 'yes' ? 1 : 0;
    if (kind !== 'money') return Number(cell);
    return Math.log1p((Number(cell) * 100) / task.minorPerReference[cells[currency!]!]!);
  });
}

/** Columns of the design: numbers with the mean for missing, standardised, with an indicator; one column a value. */
function designOf(): Float64Array[] {
  return task.columns.flatMap((column) => {
    const i = at.get(column.name)!;
    if (column.values !== null)
      return column.values.map((value) => Float64Array.from(table, (cells) => Number(cells[i] === value)));
    const values = numbersOf(column);
    const known = values.filter((v) => !Number.isNaN(v));
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    const scale = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length) || 1;
    const filled = values.map((v) => (Number.isNaN(v) ? 0 : (v - mean) / scale));
    return [filled, values.map((v) => Number(Number.isNaN(v)))];
  });
}

const columns = designOf();
const size = columns.length + 1;
const y = Uint8Array.from(table, (cells) => Number(cells[at.get('y')!]));
const x = new Float64Array(table.length * size);
for (let i = 0; i < table.length; i++) {
  x[i * size] = 1;
  for (let j = 1; j < size; j++) x[i * size + j] = columns[j - 1]![i]!;
}

function margin(row: number, theta: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < size; j++) sum += x[row * size + j]! * theta[j]!;
  return sum;
}

/** Weights at the optimum of the rows that are not of a fold. */
function fit(without: number | null): Float64Array {
  let theta = new Float64Array(size);
  for (let step = 0; step < most; step++) {
    const [g, h] = [theta.map((w, j) => (j === 0 ? 0 : w)), new Float64Array(size * size)];
    for (let j = 1; j < size; j++) h[j * size + j] = 1;
    for (let i = 0; i < table.length; i++) {
      if (i % folds === without) continue;
      const p = 1 / (1 + Math.exp(-margin(i, theta)));
      for (let j = 0; j < size; j++) {
        const value = x[i * size + j]!;
        if (value === 0) continue;
        g[j]! += (p - y[i]!) * value;
        const curve = p * (1 - p) * value;
        for (let m = 0; m <= j; m++) h[j * size + m]! += curve * x[i * size + m]!;
      }
    }
    if (g.every((v) => Math.abs(v) < 1e-6)) break;
    const change = solveCholesky(h, g);
    theta = theta.map((w, j) => w - change[j]!);
  }
  return theta;
}

let loss = 0;
for (let fold = 0; fold < folds; fold++) {
  const theta = fit(fold);
  for (let i = fold; i < table.length; i += folds) {
    const z = margin(i, theta);
    loss += Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))) - y[i]! * z;
  }
}
fit(null);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const answer: Answer = {
  what: 'bare loop in one process (no Python with pandas and scikit-learn)',
  seconds: Number(process.hrtime.bigint() - start) / 1e9,
  processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  megabytes: maxRSS / 1024,
  loss: loss / table.length,
};
console.log(JSON.stringify(answer));
