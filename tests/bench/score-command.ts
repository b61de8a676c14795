import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, mustAgree, type Comparison } from './measure.ts';

/** Rows of the file unless OUTPOST_BENCH_ROWS says otherwise. */
const defaultRows = 100_000;
const rounds = 5;

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Runs a program to its end and answers how long that took, in microseconds. */
function run(program: string, args: readonly string[]): number {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, [file(program), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  return Number(process.hrtime.bigint() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function compareScoring(folder: string, csv: string, rows: number, reasons: boolean): Comparison {
  const [ours, bare] = [join(folder, 'ours.csv'), join(folder, 'bare.csv')];
  const times: (readonly [number, number])[] = [];
  // In turns, so that other work on the machine falls on both.
  for (let round = 0; round < rounds; round++)
    times.push([
      run('../../electron/cli.ts', ['score', csv, '--out', ours, ...(reasons ? [] : ['--no-reasons'])]),
      run('score-loop.ts', [file('../../models'), csv, bare, reasons ? 'reasons' : 'plain']),
    ]);
  mustAgree(readFileSync(ours).equals(readFileSync(bare)), 'what was written');
  const loop = reasons ? 'bare loop, and one run more for each column made unknown' : 'bare loop';
  return compare({
    name: `Scoring a CSV file, ${reasons ? 'with' : 'without'} reasons`,
    unit: `whole program on ${rows} simulated complaints`,
    ours: { what: `outpost score${reasons ? '' : ' --no-reasons'}`, microseconds: median(times.map(([a]) => a)) },
    other: { what: loop, microseconds: median(times.map(([, b]) => b)) },
    checked: `Same bytes written. Median of ${rounds} rounds in turns; ours takes ${median(times.map(([a, b]) => a / b)).toFixed(2)} times the loop in a round. The loop holds the whole file, checks nothing, scores in its own process and reads with csv-parse; ours reads well-formed lines itself.`,
  });
}

/** `outpost score` against a bare loop that reads, scores and writes the same bytes. OUTPOST_BENCH_ROWS sets the rows. */
export async function scoreComparisons(): Promise<Comparison[]> {
  const rows = Number(process.env['OUTPOST_BENCH_ROWS'] ?? defaultRows);
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'));
  try {
    const csv = join(folder, 'cases.csv');
    run('../../learning/cli.ts', [
      'simulate',
      '--cases',
      String(rows),
      '--seed',
      '1',
      '--from',
      '2024-01-01',
      '--out',
      csv,
    ]);
    return [false, true].map((reasons) => compareScoring(folder, csv, rows, reasons));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
