import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { addDays } from '../../shared/drift/days.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { caseColumns, csvOf, recordedColumn, storyColumns, truthColumn } from '../simulate/csv.ts';
import { simulateCases, type SimulatedCase, type SimulationOptions } from '../simulate/index.ts';
import { createSummary } from '../simulate/summary.ts';
import { streamAtomic } from '../../platform/files.ts';
import { note, type CommandIo } from '../../platform/command-io.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import { plainDate, wholeNumber } from '../../platform/command-options.ts';

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
async function untilEnded(io: CommandIo, left: Sentence, write: (signal: AbortSignal) => Promise<void>): Promise<void> {
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
    const left = sentence('simulate.printed_in_part');
    return untilEnded(io, left, (signal) => pipeline(text, io.stdout, { end: false, signal }));
  }
  await untilEnded(io, sentence('commands.nothing_written', { out }), (signal) => writeWhole(text, out, signal));
  note(io, sentence('simulate.written', { n: options.cases, out }));
  if (counts !== null) io.stdout.write(`${JSON.stringify({ file: out, ...counts.summary() })}\n`);
}

/** `learn simulate`: invents complaints, for trying things out. */
export function simulateCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  const columns = new Option('--columns <which>', say('simulate.columns')).choices(['case', 'story']);
  const labels = new Option('--labels <which>', say('simulate.labels')).choices(['truth', 'recorded']);
  return new Command('simulate')
    .description(say('simulate.about'))
    .requiredOption('--cases <n>', say('simulate.cases'), wholeNumber(language, 1))
    .requiredOption('--seed <n>', say('simulate.seed'), wholeNumber(language, 0))
    .requiredOption('--out <file>', say('simulate.out'))
    .option('--from <date>', say('simulate.from'), plainDate(language), '2026-06-01')
    .option('--days <n>', say('simulate.days'), wholeNumber(language, 1), 122)
    .option('--change-at <date>', say('simulate.change_at'), plainDate(language))
    .addOption(columns.default('case'))
    .addOption(labels.default('truth'))
    .option('--json', say('simulate.json'))
    .addHelpText('after', `\n${say('simulate.explained')}`)
    .action((options: Options) => simulate(io, options));
}
