import { Command, InvalidArgumentError, Option } from 'commander';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { readBlob } from '../../platform/blobs/by-hash.ts';
import { parseManifest } from '../../platform/models/parse-manifest.ts';
import { requireWritable } from '../../platform/files.ts';
import { compareRuns } from '../runs/compare.ts';
import { reproduceRun, type RetrainFrom } from '../runs/reproduce.ts';
import { artefactNames, runSchema, shortId, type Run } from '../runs/run.ts';
import {
  countJudgedAlike,
  countUnder,
  findRun,
  keepsTo,
  listRuns,
  noteRun,
  sortedByFigure,
  type FigureLimit,
  type RunFilter,
} from '../runs/store.ts';
import { appVersion } from '../../platform/version.ts';
import { modelNamesIn, requireFree, writeModelFolder } from './model-folder.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRuns, withRuns, type RunsOptions } from './open-runs.ts';
import { compareLines, listLines, showLines } from './runs-text.ts';
import { jsonOption, plainDate, wholeNumber } from '../../platform/command-options.ts';
import { sentence } from '../../shared/language/sentence.ts';

type Options = RunsOptions & { readonly json?: boolean };

interface ListOptions extends Options, RunFilter {
  readonly sort?: string;
  readonly limit?: number;
  readonly min?: readonly FigureLimit[];
  readonly max?: readonly FigureLimit[];
}

function hashStart(text: string): string {
  if (!/^[0-9a-f]{1,64}$/i.test(text)) throw new InvalidArgumentError('It must be how a hash begins, in hex.');
  return text.toLowerCase();
}

function requireFigure(runs: readonly Run[], figure: string): void {
  const there = [...new Set(runs.flatMap((run) => Object.keys(run.figures)))].toSorted();
  if (runs.length > 0 && !there.includes(figure))
    throw new OutpostError(
      'BAD_INPUT',
      sentence('learn.no_such_figure', { figure, figures: there.join(', ') || 'none' }),
    );
}

function sorted(runs: readonly Run[], figure: string | undefined): readonly Run[] {
  if (figure === undefined) return runs;
  requireFigure(runs, figure);
  return sortedByFigure(runs, figure);
}

/** Adds a limit such as `auc=0.8` to those given before. */
function limitsOf(end: 'min' | 'max') {
  return (text: string, before: readonly FigureLimit[] = []): FigureLimit[] => {
    const [, figure, limit] = /^\s*([a-z0-9_]+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
    const value = Number(limit);
    if (figure === undefined || !Number.isFinite(value))
      throw new InvalidArgumentError('It must be a figure and a number, as in auc=0.8.');
    return [...before, { figure, [end]: value }];
  };
}

async function list(io: CommandIo, options: ListOptions): Promise<void> {
  const { trainer, kind, status, dataset, since, data, simulated, sort, limit, min = [], max = [] } = options;
  const { runs, under, folder } = await inRuns(io, options, async ({ db, folder: place }) => {
    const parent = options.parent === undefined ? undefined : (await findRun(db, options.parent)).id;
    const filter = { trainer, kind, status, dataset, since, data, simulated, parent };
    return { runs: await listRuns(db, filter), under: await countUnder(db), folder: place };
  });
  const limits = [...min, ...max];
  for (const { figure } of limits) requireFigure(runs, figure);
  const all = sorted(
    runs.filter((run) => keepsTo(run, limits)),
    sort,
  );
  const chosen = all.slice(0, limit ?? all.length);
  const left = all.length - chosen.length;
  const more = left === 0 ? [] : [`${left} more; see all without --limit.`];
  const asked = [trainer, kind, status, dataset, since, data, simulated, options.parent, limits[0]];
  const none = asked.some((one) => one !== undefined)
    ? `No run in ${folder} fits.`
    : `No run yet in ${folder}. Start one with "learn train" or "registry retrain".`;
  print(io, options.json, chosen, chosen.length === 0 ? [none] : [...listLines(chosen, under), ...more]);
}

const listExample = `
Figures: auc, log_loss, recall, missed, wrong_accusation, unclear and what else "runs show" lists.

Example: learn runs list --trainer boosting --min auc=0.8 --max wrong_accusation=0.05 --limit 10`;

function listCommand(io: CommandIo): Command {
  const { kind, status } = runSchema.shape;
  return withRuns(new Command('list'), io.language)
    .description('list training runs, newest first')
    .option('--trainer <name>', 'only of this trainer')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kind.options))
    .addOption(new Option('--status <status>', 'only with this status').choices(status.options))
    .option('--data <text>', 'only of data whose name holds this')
    .option('--dataset <hash>', 'only of the dataset whose hash begins so', hashStart)
    .option('--since <date>', 'only made from this day on (UTC)', plainDate(io.language))
    .option('--simulated', 'only on simulated cases')
    .option('--no-simulated', 'only on others')
    .option('--min <figure=value>', 'only with at least this, as auc=0.8; may be given several times', limitsOf('min'))
    .option('--max <figure=value>', 'only with at most this', limitsOf('max'))
    .option('--parent <id>', 'only those under this run, such as the trials of a search')
    .option('--sort <figure>', 'best first by a figure, such as auc or log_loss')
    .option('--limit <n>', 'at most so many', wholeNumber(io.language, 1))
    .option(...jsonOption(io.language))
    .addHelpText('after', listExample)
    .action((options: ListOptions) => list(io, options));
}

function showCommand(io: CommandIo): Command {
  return withRuns(new Command('show'), io.language)
    .description('everything about one run')
    .argument('<id>', 'its id, or a part that only it has')
    .option(...jsonOption(io.language))
    .addHelpText('after', '\nExample: learn runs show 1a2b3c4d')
    .action(async (id: string, options: Options) => {
      const { run, children, judgedAlike } = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        const judged = await countJudgedAlike(db, found);
        return { run: found, children: await listRuns(db, { parent: found.id }), judgedAlike: judged };
      });
      const under = children.map((child) => child.id);
      print(io, options.json, { ...run, children: under, judgedAlike }, showLines(run, children, judgedAlike));
    });
}

function compareCommand(io: CommandIo): Command {
  return withRuns(new Command('compare'), io.language)
    .description('what runs were told differently, and their figures side by side')
    .argument('<id...>', 'two or more runs')
    .option(...jsonOption(io.language))
    .addHelpText('after', '\nExample: learn runs compare 1a2b3c4d 5e6f7a8b')
    .action(async (ids: string[], options: Options) => {
      const runs = await inRuns(io, options, async ({ db }) => {
        const found: Run[] = [];
        for (const id of ids) found.push(await findRun(db, id));
        return found;
      });
      if (new Set(runs.map((run) => run.id)).size < 2)
        throw new OutpostError('BAD_INPUT', sentence('learn.comparing_needs_two_different_runs'));
      const comparison = compareRuns(runs);
      print(io, options.json, comparison, compareLines(comparison));
    });
}

function noteCommand(io: CommandIo): Command {
  return withRuns(new Command('note'), io.language)
    .description('add a line to the notes of a run')
    .argument('<id>', 'its id, or a part that only it has')
    .argument('<text>', 'what to note')
    .option(...jsonOption(io.language))
    .addHelpText('after', '\nExample: learn runs note 1a2b3c4d "shown to the office"')
    .action(async (id: string, text: string, options: Options) => {
      const run = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        await noteRun(db, found.id, text);
        return findRun(db, found.id);
      });
      print(io, options.json, { run: run.id, notes: run.notes }, [`Noted with run ${shortId(run.id)}.`]);
    });
}

/** How the files of a run are written: not over another model, unless that is asked for. */
interface WriteOptions extends Options {
  readonly out?: string;
  readonly force?: boolean;
}

/** Throws BAD_INPUT when the folder holds a model of another run's rows or settings. */
async function requireOwn(blobs: BlobStore, run: Run, { out, force }: WriteOptions): Promise<void> {
  if (out === undefined || force === true || modelNamesIn(out).length === 0) return;
  const kept = run.artefacts[artefactNames.manifest];
  const own = kept === undefined ? null : parseManifest(await readBlob(blobs, kept.sha256), null);
  const isSame = ({ training }: Manifest): boolean => own?.training.run === training.run;
  requireFree(out, isSame, sentence('learn.folder_of_another_run'));
}

const forceOption = ['--force', 'write over another model in that folder'] as const;

function reproduceCommand(io: CommandIo, retrainFrom: RetrainFrom): Command {
  return withRuns(new Command('reproduce'), io.language)
    .description('train a run again from its kept dataset and say whether the bytes are the same')
    .argument('<id>', 'its id, or a part that only it has')
    .option('--out <dir>', 'also write the files made now to this folder')
    .option(...forceOption)
    .option(...jsonOption(io.language))
    .addHelpText(
      'after',
      '\nExit code 0 only when model and manifest have the same bytes.\n\nExample: learn runs reproduce 1a2b3c4d',
    )
    .action(async (id: string, options: WriteOptions) => {
      if (options.out !== undefined) requireWritable(options.out);
      const { files, ...done } = await inRuns(io, options, async (runs) => {
        const run = await findRun(runs.db, id);
        await requireOwn(runs.blobs, run, options);
        return reproduceRun(runs, run, retrainFrom, appVersion());
      });
      if (options.out !== undefined) writeModelFolder(options.out, files);
      print(io, options.json, done, done.same ? [done.sentence] : []);
      if (!done.same) throw new OutpostError('CONFLICT', done.sentence);
    });
}

function exportCommand(io: CommandIo): Command {
  return withRuns(new Command('export'), io.language)
    .description('write the kept files of a run to a folder')
    .argument('<id>', 'its id, or a part that only it has')
    .requiredOption('--out <dir>', 'folder to write to')
    .option(...forceOption)
    .option(...jsonOption(io.language))
    .addHelpText('after', '\nExample: learn runs export 1a2b3c4d --out model')
    .action(async (id: string, options: WriteOptions & { readonly out: string }) => {
      requireWritable(options.out);
      const { run, files } = await inRuns(io, options, async ({ db, blobs }) => {
        const found = await findRun(db, id);
        await requireOwn(blobs, found, options);
        const kept: Record<string, Uint8Array> = {};
        for (const [name, { sha256 }] of Object.entries(found.artefacts)) kept[name] = await readBlob(blobs, sha256);
        return { run: found, files: kept };
      });
      const names = Object.keys(files);
      if (names.length === 0)
        throw new OutpostError('BAD_INPUT', sentence('learn.run_kept_no_files', { run: shortId(run.id) }));
      writeModelFolder(options.out, files);
      print(io, options.json, { run: run.id, files: names }, [`Written to ${options.out}: ${names.join(', ')}.`]);
    });
}

/** `learn runs`: training runs that were kept, listed, shown, compared, made again, noted on and taken out. */
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
