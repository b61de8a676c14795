import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { addDays } from '../../shared/drift/days.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { dateSchema } from '../../shared/log/event.ts';
import { caseColumns, csvOf, recordedColumn, storyColumns, truthColumn } from '../simulate/csv.ts';
import { simulateCases, type SimulatedCase, type SimulationOptions } from '../simulate/index.ts';
import { createSummary } from '../simulate/summary.ts';
import { streamAtomic } from '../../platform/files.ts';
import type { CommandIo } from '../../platform/command-io.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { wholeNumber } from '../../platform/command-options.ts';

/** Reads a plain date from the command line. */
export function plainDate(text: string): string {
  if (!dateSchema.safeParse(text).success) throw new InvalidArgumentError('It must be a date such as 2026-03-01.');
  return text;
}

interface Options extends SimulationOptions {
  readonly changeAt?: string;
  readonly columns: 'case' | 'story';
  readonly labels: 'truth' | 'recorded';
  readonly out: string;
  readonly json?: boolean;
}

function* watched(cases: Iterable<SimulatedCase>, see: (one: SimulatedCase) => void): Generator<SimulatedCase> {
  for (const one of cases) {
    see(one);
    yield one;
  }
}

/** Writes until the person wants to end; throws CANCELLED then, saying what is there. */
async function untilEnded(io: CommandIo, left: string, write: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const [stop, done] = [new AbortController(), new AbortController()];
  void io.ended(done.signal).then(() => stop.abort());
  try {
    await write(stop.signal);
  } catch (cause) {
    if (stop.signal.aborted)
      throw new OutpostError('CANCELLED', sentence('learn.cancelled_while_cases_made', { left }), { cause });
    throw cause;
  } finally {
    done.abort();
  }
}

async function writeWhole(text: Readable, out: string, signal: AbortSignal): Promise<void> {
  try {
    await streamAtomic(out, (file) => pipeline(text, file, { signal }));
  } catch (cause) {
    if (typeof (cause as NodeJS.ErrnoException).code !== 'string' || cause instanceof OutpostError) throw cause;
    throw new OutpostError('BAD_INPUT', sentence('outpost.file_not_writable', { out }), {
      cause,
    });
  }
}

async function simulate(io: CommandIo, options: Options): Promise<void> {
  const { out, columns, labels, json = false, ...simulation } = options;
  if (json && out === '-') throw new OutpostError('BAD_INPUT', sentence('learn.out_cases_go_standard_output'));
  const counts = json ? createSummary(simulation) : null;
  const all = simulateCases(simulation);
  const names = columns === 'story' ? [...caseColumns, ...storyColumns] : caseColumns;
  const label = labels === 'truth' ? truthColumn : recordedColumn(addDays(options.from, options.days - 1));
  const text = Readable.from(csvOf(counts === null ? all : watched(all, counts.see), names, label));
  if (out === '-') {
    const left = 'What was printed is not all of them.';
    return untilEnded(io, left, (signal) => pipeline(text, io.stdout, { end: false, signal }));
  }
  await untilEnded(io, `Nothing was written to ${out}.`, (signal) => writeWhole(text, out, signal));
  io.stderr.write(`${options.cases.toLocaleString('en-GB')} simulated cases written to ${out}.\n`);
  if (counts !== null) io.stdout.write(`${JSON.stringify({ file: out, ...counts.summary() })}\n`);
}

const about = `
Everything is invented, and says so: references begin with SIM-. About one complaint in four is of a genuine provider.
Column y is the truth, which only a simulation knows; with --labels recorded it is what was recorded by the last day:
late, missing and inconclusive labels are empty, wrong ones are wrong. --columns story adds what was recorded and when,
the incident and scammer (which train and dataset build keep together), the investigator and the invented private part.
The change of tactics takes about four weeks; a --change-at before --from means that it began before the first day.
--json prints shares, counts of labels and the best possible AUC of a model that reads what a case of the complaints
schema says.`;

/** `learn simulate`: invents complaints, for trying things out. */
export function simulateCommand(io: CommandIo): Command {
  return new Command('simulate')
    .description('invent complaints and write them as CSV with their truth in column y')
    .requiredOption('--cases <n>', 'number of cases', wholeNumber(io.language, 1))
    .requiredOption('--seed <n>', 'the same seed gives the same cases', wholeNumber(io.language, 0))
    .requiredOption('--out <file>', 'CSV file to write, - for standard output')
    .option('--from <date>', 'first day', plainDate, '2026-06-01')
    .option('--days <n>', 'days over which they arrive', wholeNumber(io.language, 1), 122)
    .option('--change-at <date>', 'day from which scammers switch to UPI payments', plainDate)
    .addOption(new Option('--columns <which>', 'what is written').choices(['case', 'story']).default('case'))
    .addOption(new Option('--labels <which>', 'what column y says').choices(['truth', 'recorded']).default('truth'))
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', about)
    .action((options: Options) => simulate(io, options));
}
