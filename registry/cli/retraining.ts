import { Command } from 'commander';

import { holdOutText } from '../../shared/releases/hold-out.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { gateSentence } from '../../shared/releases/gate-sentence.ts';
import { appVersion } from '../../platform/version.ts';
import { integrate, rebuild } from '../cases/integrate.ts';
import { watchAndKeep, watchedBefore } from '../monitoring/monitor.ts';
import { retrain, type RetrainResult } from '../retraining/retrain.ts';
import { isSimulated } from '../cases/simulated.ts';
import { runCycle, type CycleResult } from '../retraining/run-cycle.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { progressLine } from '../../learning/commands/progress.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { plainDate } from '../../learning/commands/simulate.ts';
import { jsonOption, wholeNumber } from '../../platform/command-options.ts';

function entriesRead(count: number): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? 'entry' : 'entries'} read.`;
}

type Options = FolderOptions & { readonly json?: boolean };

/** `registry integrate`: reads stored feedback into cases, scores and outcomes. */
export function integrateCommand(io: CommandIo): Command {
  return withFolder(new Command('integrate'))
    .description('read the feedback stored since the last time into cases, scores and outcomes')
    .option('--rebuild', 'derive everything again from the stored entries')
    .option(...jsonOption(io.language))
    .action(async (options: Options & { rebuild?: boolean }) => {
      const entries = await inRegistry(io, options, ({ db }) =>
        options.rebuild === true ? rebuild(db) : integrate(db),
      );
      print(io, options.json, { entries }, [entriesRead(entries)]);
    });
}

/** `registry monitor`: what the monitor says now, over all offices. */
export function monitorCommand(io: CommandIo): Command {
  return withFolder(new Command('monitor'))
    .description('look for new tactics and missed scams in the cases the current release scored first')
    .option('--history <n>', 'also what was said the last n times', wholeNumber(io.language, 1))
    .option(...jsonOption(io.language))
    .action(async (options: Options & { history?: number }) => {
      const said = await inRegistry(io, options, async (context) => {
        await integrate(context.db);
        const now = await watchAndKeep(context);
        const before =
          options.history === undefined ? [] : (await watchedBefore(context.db, options.history + 1)).slice(1);
        return { sentence: now.sentence, report: now.report, before };
      });
      print(io, options.json, said, [
        said.sentence,
        ...said.before.map((one) => `  ${one.at.slice(0, 10)}  ${one.sentence}`),
      ]);
    });
}

function retrainLines({ trials, search, candidate, proposed, cut, promoted, left }: RetrainResult): string[] {
  const tried = trials.map(
    ({ recipe, validation }) =>
      `  ${validation.logLoss.toFixed(4)}  ${recipe.name}${recipe === candidate.recipe ? ', chosen' : ''}`,
  );
  const { heldOut, gates, run } = candidate;
  const reads =
    promoted.length === 0
      ? []
      : [`New feature: ${promoted.map((g) => `${g.tag} (${g.spellings.join(', ')})`).join('; ')}`];
  const without = left.map(
    ({ tag, incidents }) => `Too few labelled cases name ${tag} to make a feature of it: ${incidents}.`,
  );
  const end =
    proposed === null
      ? 'A gate fails: nothing is proposed for approval; the runs are kept.'
      : `Up for approval: ${proposed.candidate}. ${proposed.sentence}`;
  return [
    `Log loss of the recipes on the later cases before ${cut} (search ${search}):`,
    ...tried,
    ...reads,
    ...without,
    `Trained on all cases before ${cut} (run ${run}). Judged once, on ${heldOut === null ? 'no case' : holdOutText(heldOut)}`,
    ...gates.map((gate) => `    ${inEnglish(gateSentence(gate))}`),
    end,
  ];
}

interface RetrainOptions extends Options {
  readonly tactic?: string[];
  readonly since?: string;
  readonly few?: boolean;
  readonly budget?: number;
  readonly seed: number;
}

async function retrained(io: CommandIo, options: RetrainOptions): Promise<RetrainResult> {
  const { tactic: tactics = [], since = null, few = false, budget, seed } = options;
  const stop = new AbortController();
  void io.ended().then(() => stop.abort());
  return inRegistry(io, options, async (context) => {
    await integrate(context.db);
    const progress = progressLine(io, 'Retraining');
    const request = { tactics, since, few, seed, ...(budget === undefined ? {} : { budget }) };
    const simulated = await isSimulated(context);
    const told = { simulated, codeVersion: appVersion(), by: 'the registry machine', signal: stop.signal };
    const onProgress = (done: number, total: number): void =>
      progress.show(done / total, { done, total, noun: 'steps' });
    return retrain(context, { ...request, ...told, onProgress }).finally(progress.end);
  });
}

const aboutRetraining = `
Recipes (trainer, feature schema, how fast older scams lose weight) are compared on the later part of the cases before a
cut: the simplest within one standard error of the smallest log loss is taken; after an alarm (--since) only those that
forget are tried, and the smallest log loss decides. Only that one is trained on all cases before the cut and judged, once, on those after it.`;

/** `registry retrain`: trains and judges candidates now. */
export function retrainCommand(io: CommandIo): Command {
  return withFolder(new Command('retrain'))
    .description('choose a recipe, train it, judge it on cases neither it nor the current model has seen, put it up')
    .option('--tactic <tag...>', 'tactics to make features of')
    .option('--since <date>', 'judge only on cases received from this day on', plainDate)
    .option('--few', 'go on with fewer cases than the gates need: they say "cannot tell", the approvers decide')
    .option('--budget <n>', 'recipes that are tried at most, the simplest first', wholeNumber(io.language, 1))
    .option('--seed <n>', 'the same seed and cases give the same bytes', wholeNumber(io.language, 0), 1)
    .option(...jsonOption(io.language))
    .addHelpText('after', aboutRetraining)
    .action(async (options: RetrainOptions) => {
      const result = await retrained(io, options);
      const { candidate, proposed, cut, search, trials, left } = result;
      const { run, gates, heldOut } = candidate;
      const tried = trials.map((one) => ({ run: one.run, recipe: one.recipe.name, logLoss: one.validation.logLoss }));
      print(
        io,
        options.json,
        { proposed, cut, search, trials: tried, run, gates, heldOut, left },
        retrainLines(result),
      );
    });
}

function cycleLines({ integrated, watched, retrained, waiting }: CycleResult): string[] {
  return [
    entriesRead(integrated),
    ...(watched === null ? [] : [watched.sentence]),
    ...(retrained === null ? [] : retrainLines(retrained)),
    ...(waiting === null ? [] : [waiting]),
  ];
}

/** `registry cycle`: one retraining cycle; a running server runs one every day. */
export function cycleCommand(io: CommandIo): Command {
  return withFolder(new Command('cycle'))
    .alias('step')
    .description(
      'run one retraining cycle: integrate feedback, monitor, and while an alarm stands retrain and propose a candidate',
    )
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const done = await inRegistry(io, options, async (context) =>
        runCycle(context, { seed: 1, codeVersion: appVersion(), simulated: await isSimulated(context) }),
      );
      const { integrated, watched, retrained, waiting } = done;
      print(
        io,
        options.json,
        {
          integrated,
          sentence: watched?.sentence ?? null,
          report: watched?.report ?? null,
          proposed: retrained?.proposed ?? null,
          waiting,
        },
        cycleLines(done),
      );
    });
}
