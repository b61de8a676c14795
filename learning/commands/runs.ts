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
import type { Language } from '../../shared/language/language.ts';
import { listed, sentence } from '../../shared/language/sentence.ts';

type Options = RunsOptions & { readonly json?: boolean };

interface ListOptions extends Options, RunFilter {
  readonly sort?: string;
  readonly limit?: number;
  readonly min?: readonly FigureLimit[];
  readonly max?: readonly FigureLimit[];
}

function hashStart({ say }: Language): (text: string) => string {
  return (text) => {
    if (!/^[0-9a-f]{1,64}$/i.test(text)) throw new InvalidArgumentError(say('runs.hash_start'));
    return text.toLowerCase();
  };
}

function requireFigure(runs: readonly Run[], figure: string): void {
  const there = [...new Set(runs.flatMap((run) => Object.keys(run.figures)))].toSorted();
  if (runs.length === 0 || there.includes(figure)) return;
  throw new OutpostError(
    'BAD_INPUT',
    there.length === 0
      ? sentence('learn.no_figures', { figure })
      : sentence('learn.no_such_figure', { figure, figures: listed(there) }),
  );
}

function sorted(runs: readonly Run[], figure: string | undefined): readonly Run[] {
  if (figure === undefined) return runs;
  requireFigure(runs, figure);
  return sortedByFigure(runs, figure);
}

/** Adds a limit such as `auc=0.8` to those given before. */
function limitsOf({ say }: Language, end: 'min' | 'max') {
  return (text: string, before: readonly FigureLimit[] = []): FigureLimit[] => {
    const [, figure, limit] = /^\s*([a-z0-9_]+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
    const value = Number(limit);
    if (figure === undefined || !Number.isFinite(value)) throw new InvalidArgumentError(say('runs.figure_limit'));
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
  const more = left === 0 ? [] : [sentence('runs.more', { n: left })];
  const asked = [trainer, kind, status, dataset, since, data, simulated, options.parent, limits[0]];
  const isAsked = asked.some((one) => one !== undefined);
  const none = sentence(isAsked ? 'runs.none_fits' : 'runs.none_yet', { folder });
  print(io, options.json, chosen, chosen.length === 0 ? [none] : [...listLines(io.language, chosen, under), ...more]);
}

function listCommand(io: CommandIo): Command {
  const { language } = io;
  const { say } = language;
  const { kind, status } = runSchema.shape;
  return withRuns(new Command('list'), language)
    .description(say('runs.list_about'))
    .option('--trainer <name>', say('runs.trainer_option'))
    .addOption(new Option('--kind <kind>', say('runs.kind_option')).choices(kind.options))
    .addOption(new Option('--status <status>', say('runs.status_option')).choices(status.options))
    .option('--data <text>', say('runs.data_option'))
    .option('--dataset <hash>', say('runs.dataset_option'), hashStart(language))
    .option('--since <date>', say('runs.since_option'), plainDate(language))
    .option('--simulated', say('runs.simulated_option'))
    .option('--no-simulated', say('runs.no_simulated_option'))
    .option('--min <figure=value>', say('runs.min_option'), limitsOf(language, 'min'))
    .option('--max <figure=value>', say('runs.max_option'), limitsOf(language, 'max'))
    .option('--parent <id>', say('runs.parent_option'))
    .option('--sort <figure>', say('runs.sort_option'))
    .option('--limit <n>', say('runs.limit_option'), wholeNumber(language, 1))
    .option(...jsonOption(language))
    .addHelpText('after', `\n${say('runs.list_figures')}\n\n${say('runs.list_example')}`)
    .action((options: ListOptions) => list(io, options));
}

function showCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withRuns(new Command('show'), io.language)
    .description(say('runs.show_about'))
    .argument('<id>', say('runs.id'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('runs.show_example')}`)
    .action(async (id: string, options: Options) => {
      const { run, children, judgedAlike } = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        const judged = await countJudgedAlike(db, found);
        return { run: found, children: await listRuns(db, { parent: found.id }), judgedAlike: judged };
      });
      const under = children.map((child) => child.id);
      const lines = showLines(io.language, run, children, judgedAlike);
      print(io, options.json, { ...run, children: under, judgedAlike }, lines);
    });
}

function compareCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withRuns(new Command('compare'), io.language)
    .description(say('runs.compare_about'))
    .argument('<id...>', say('runs.compare_ids'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('runs.compare_example')}`)
    .action(async (ids: string[], options: Options) => {
      const runs = await inRuns(io, options, async ({ db }) => {
        const found: Run[] = [];
        for (const id of ids) found.push(await findRun(db, id));
        return found;
      });
      if (new Set(runs.map((run) => run.id)).size < 2)
        throw new OutpostError('BAD_INPUT', sentence('learn.comparing_needs_two_different_runs'));
      const comparison = compareRuns(runs);
      print(io, options.json, comparison, compareLines(io.language, comparison));
    });
}

function noteCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withRuns(new Command('note'), io.language)
    .description(say('runs.note_about'))
    .argument('<id>', say('runs.id'))
    .argument('<text>', say('runs.note_text'))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('runs.note_example')}`)
    .action(async (id: string, text: string, options: Options) => {
      const run = await inRuns(io, options, async ({ db }) => {
        const found = await findRun(db, id);
        await noteRun(db, found.id, text);
        return findRun(db, found.id);
      });
      print(io, options.json, { run: run.id, notes: run.notes }, [sentence('runs.noted', { run: shortId(run.id) })]);
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

function forceOption({ say }: Language): [flags: string, says: string] {
  return ['--force', say('learn.force_option')];
}

function reproduceCommand(io: CommandIo, retrainFrom: RetrainFrom): Command {
  const { say } = io.language;
  return withRuns(new Command('reproduce'), io.language)
    .description(say('runs.reproduce_about'))
    .argument('<id>', say('runs.id'))
    .option('--out <dir>', say('runs.reproduce_out'))
    .option(...forceOption(io.language))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('runs.reproduce_explained')}\n\n${say('runs.reproduce_example')}`)
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
  const { say } = io.language;
  return withRuns(new Command('export'), io.language)
    .description(say('runs.export_about'))
    .argument('<id>', say('runs.id'))
    .requiredOption('--out <dir>', say('learn.out_option'))
    .option(...forceOption(io.language))
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('runs.export_example')}`)
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
      print(io, options.json, { run: run.id, files: names }, [
        sentence('runs.exported', { out: options.out, files: listed(names) }),
      ]);
    });
}

/** `learn runs`: training runs that were kept, listed, shown, compared, made again, noted on and taken out. */
export function runsCommand(io: CommandIo, retrainFrom: RetrainFrom): Command {
  return new Command('runs')
    .description(io.language.say('runs.about'))
    .addCommand(listCommand(io))
    .addCommand(showCommand(io))
    .addCommand(compareCommand(io))
    .addCommand(reproduceCommand(io, retrainFrom))
    .addCommand(noteCommand(io))
    .addCommand(exportCommand(io));
}
