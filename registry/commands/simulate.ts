import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError } from 'commander';
import { dateSchema } from '../../shared/log/event.ts';
import { csvOf } from '../learning/simulate/csv.ts';
import { simulateCases } from '../learning/simulate/index.ts';
import type { CommandIo } from './io.ts';

/** Reads a whole number of at least `least` from the command line. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** Reads a plain date from the command line. */
export function plainDate(text: string): string {
  if (!dateSchema.safeParse(text).success) throw new InvalidArgumentError('It must be a date such as 2026-03-01.');
  return text;
}

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly from: string;
  readonly days: number;
  readonly changeAt?: string;
  readonly out: string;
}

async function simulate(io: CommandIo, { out, ...options }: Options): Promise<void> {
  const text = Readable.from(csvOf(simulateCases(options)));
  if (out === '-') {
    await pipeline(text, io.stdout, { end: false });
    return;
  }
  // Beside its place first: a file that is there is complete.
  try {
    await pipeline(text, createWriteStream(`${out}.part`));
    await rename(`${out}.part`, out);
  } catch (error) {
    await rm(`${out}.part`, { force: true });
    throw error;
  }
  io.stderr.write(`${options.cases.toLocaleString('en-GB')} simulated cases written to ${out}.\n`);
}

/** `registry simulate`: invents complaints, for trying things out. */
export function simulateCommand(io: CommandIo): Command {
  return new Command('simulate')
    .description('invent complaints and write them as CSV with their truth in column y')
    .requiredOption('--cases <n>', 'number of cases', wholeNumber(1))
    .requiredOption('--seed <n>', 'the same seed gives the same cases', wholeNumber(0))
    .requiredOption('--out <file>', 'CSV file to write, - for standard output')
    .option('--from <date>', 'first day', plainDate, '2026-06-01')
    .option('--days <n>', 'days over which they arrive', wholeNumber(1), 122)
    .option('--change-at <date>', 'day from which scammers switch to UPI payments', plainDate)
    .action((options: Options) => simulate(io, options));
}
