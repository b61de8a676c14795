import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { OutpostError } from '../../shared/errors/index.ts';
import { readBlob } from '../blobs.ts';
import { writeAtomic } from '../files.ts';
import { compareRuns } from '../runs/compare.ts';
import { reproduceRun, type RetrainFrom } from '../runs/reproduce.ts';
import { runSchema, shortId, type Run } from '../runs/run.ts';
import { findRun, listRuns, noteRun, sortedByFigure, type RunFilter } from '../runs/store.ts';
import { appVersion } from '../version.ts';
import { print, type CommandIo } from './io.ts';
import { inRuns, withRuns, type RunsOptions } from './open-runs.ts';
import { compareLines, listLines, showLines } from './runs-text.ts';
import { plainDate, wholeNumber } from './simulate.ts';

type Options = RunsOptions & { readonly json?: boolean };

interface ListOptions extends Options, RunFilter {
  readonly sort?: string;
  readonly limit?: number;
}

function hashStart(text: string): string {
  if (!/^[0-9a-f]{1,64}$/i.test(text)) throw new InvalidArgumentError('It must be how a hash begins, in hex.');
  return text.toLowerCase();
}

function sorted(runs: readonly Run[], figure: string | undefined): readonly Run[] {
  if (figure === undefined) return runs;
  const there = [...new Set(runs.flatMap((run) => Object.keys(run.figures)))].toSorted();
  if (runs.length > 0 && !there.includes(figure))
    throw new OutpostError('BAD_INPUT', `No run has the figure ${figure}. There are: ${there.join(', ') || 'none'}.`);
  return sortedByFigure(runs, figure);
}

async function list(io: CommandIo, options: ListOptions): Promise<void> {
  const { trainer, kind, status, dataset, since, sort, limit } = options;
  const { runs, folder } = await inRuns(io, options, async ({ db, folder: place }) => {
    const parent = options.parent === undefined ? undefined : (await findRun(db, options.parent)).id;
    return { runs: await listRuns(db, { trainer, kind, status, dataset, since, parent }), folder: place };
  });
  const all = sorted(runs, sort);
  const chosen = all.slice(0, limit ?? all.length);
  const left = all.length - chosen.length;
  const more = left === 0 ? [] : [`${left} more; see all without --limit.`];
  const filtered = [trainer, kind, status, dataset, since, options.parent].some((one) => one !== undefined);
  const none = filtered
    ? `No run in ${folder} fits.`
    : `No run yet in ${folder}. Start one with "registry train" or "registry retrain".`;
  print(io, options.json, chosen, chosen.length === 0 ? [none] : [...listLines(chosen), ...more]);
}

function listCommand(io: CommandIo): Command {
  const { kind, status } = runSchema.shape;
  return withRuns(new Command('list'))
    .description('list training runs, newest first')
    .option('--trainer <name>', 'only of this trainer')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kind.options))
    .addOption(new Option('--status <status>', 'only with this status').choices(status.options))
    .option('--dataset <hash>', 'only of the dataset whose hash begins so', hashStart)
    .option('--since <date>', 'only made from this day on (UTC)', plainDate)
    .option('--parent <id>', 'only those under this run, such as the trials of a search')
    .option('--sort <figure>', 'best first by a figure, such as auc or log_loss')
    .option('--limit <n>', 'at most so many', wholeNumber(1))
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(io, options));
}

function showCommand(io: CommandIo): Command {
  return withRuns(new Command('show'))
    .description('everything about one run')
    .argument('<id>', 'its id, or a part that only it has')
    .option('--json', 'print JSON')
    .action(async (id: string, options: Options) => {
      const { run, children } = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        return { run: found, children: await listRuns(db, { parent: found.id }) };
      });
      const under = children.map((child) => child.id);
      print(io, options.json, { ...run, children: under }, showLines(run, children));
    });
}

function compareCommand(io: CommandIo): Command {
  return withRuns(new Command('compare'))
    .description('what runs were told differently, and their figures side by side')
    .argument('<id...>', 'two or more runs')
    .option('--json', 'print JSON')
    .action(async (ids: string[], options: Options) => {
      const runs = await inRuns(io, options, async ({ db }) => {
        const found: Run[] = [];
        for (const id of ids) found.push(await findRun(db, id));
        return found;
      });
      if (new Set(runs.map((run) => run.id)).size < 2)
        throw new OutpostError('BAD_INPUT', 'Comparing needs two different runs.');
      const comparison = compareRuns(runs);
      print(io, options.json, comparison, compareLines(comparison));
    });
}

function noteCommand(io: CommandIo): Command {
  return withRuns(new Command('note'))
    .description('add a line to the notes of a run')
    .argument('<id>', 'its id, or a part that only it has')
    .argument('<text>', 'what to note')
    .option('--json', 'print JSON')
    .action(async (id: string, text: string, options: Options) => {
      const run = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        await noteRun(db, found.id, text);
        return findRun(db, found.id);
      });
      print(io, options.json, { run: run.id, notes: run.notes }, [`Noted with run ${shortId(run.id)}.`]);
    });
}

function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [name, bytes] of Object.entries(files)) writeAtomic(join(folder, name), bytes);
}

function reproduceCommand(io: CommandIo, retrainFrom: RetrainFrom): Command {
  return withRuns(new Command('reproduce'))
    .description('train a run again from its kept dataset and say whether the bytes are the same')
    .argument('<id>', 'its id, or a part that only it has')
    .option('--out <dir>', 'also write the files made now to this folder')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 0 only when model and manifest have the same bytes.')
    .action(async (id: string, options: Options & { readonly out?: string }) => {
      const { files, ...done } = await inRuns(io, options, async (runs) =>
        reproduceRun(runs, await findRun(runs.db, id), retrainFrom, appVersion()),
      );
      if (options.out !== undefined) writeFiles(options.out, files);
      print(io, options.json, done, done.same ? [done.sentence] : []);
      if (!done.same) throw new OutpostError('CONFLICT', done.sentence);
    });
}

function exportCommand(io: CommandIo): Command {
  return withRuns(new Command('export'))
    .description('write the kept files of a run to a folder')
    .argument('<id>', 'its id, or a part that only it has')
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--json', 'print JSON')
    .action(async (id: string, options: Options & { readonly out: string }) => {
      const { run, files } = await inRuns(io, options, async ({ db, folder }) => {
        const found = await findRun(db, id);
        const kept = Object.entries(found.artefacts).map(([name, { sha256 }]) => [name, readBlob(folder, sha256)]);
        return { run: found, files: Object.fromEntries(kept) as Record<string, Uint8Array> };
      });
      const names = Object.keys(files);
      if (names.length === 0) throw new OutpostError('BAD_INPUT', `Run ${shortId(run.id)} kept no files.`);
      writeFiles(options.out, files);
      print(io, options.json, { run: run.id, files: names }, [`Written to ${options.out}: ${names.join(', ')}.`]);
    });
}

/** `registry runs`: training runs that were kept, listed, shown, compared, made again, noted on and taken out. */
export function runsCommand(io: CommandIo, retrainFrom: RetrainFrom): Command {
  return new Command('runs')
    .description('training runs: list, show, compare, reproduce')
    .addCommand(listCommand(io))
    .addCommand(showCommand(io))
    .addCommand(compareCommand(io))
    .addCommand(reproduceCommand(io, retrainFrom))
    .addCommand(noteCommand(io))
    .addCommand(exportCommand(io));
}
