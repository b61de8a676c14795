import { Command } from 'commander';
import { integrate, rebuild } from '../cases/integrate.ts';
import { watchWithHistory } from '../monitoring/monitor.ts';
import { keptLine } from '../monitoring/report-line.ts';
import { retrainNow, type AskedRetraining, type RetrainResult } from '../retraining/retrain.ts';
import { runUsualCycle } from '../retraining/run-cycle.ts';
import { cycleLines, entriesRead, retrainLines } from '../retraining/retrain-text.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { RegistryContext } from '../identity/context.ts';
import { progressLine } from '../../learning/commands/progress.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { plainDate, jsonOption, wholeNumber } from '../../platform/command-options.ts';
import { inTurn } from '../../shared/language/sentence.ts';

type Options = FolderOptions & { readonly json?: boolean };

/** `registry integrate`: reads stored feedback into cases, scores and outcomes. */
export function integrateCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('integrate'), io.language)
    .description(say('registry.integrate_about'))
    .option('--rebuild', say('registry.integrate_rebuild'))
    .option(...jsonOption(io.language))
    .action(async (options: Options & { rebuild?: boolean }) => {
      const read = options.rebuild === true ? rebuild : integrate;
      const entries = await inRegistry(io, options, ({ db }) => read(db));
      print(io, options.json, { entries }, [entriesRead(entries)]);
    });
}

/** `registry monitor`: what the monitor says now, over all offices. */
export function monitorCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('monitor'), io.language)
    .description(say('registry.monitor_about'))
    .option('--history <n>', say('registry.monitor_history'), wholeNumber(io.language, 1))
    .option(...jsonOption(io.language))
    .action(async (options: Options & { history?: number }) => {
      const { history = 0 } = options;
      const { sentences, report, before } = await inRegistry(io, options, (context) =>
        watchWithHistory(context, history),
      );
      const words = inTurn(sentences);
      const earlier = before.map((one) => ({ at: one.at, sentence: say(inTurn(one.sentences)), report: one.report }));
      print(io, options.json, { sentence: say(words), report, before: earlier }, [words, ...before.map(keptLine)]);
    });
}

interface RetrainOptions extends Options {
  readonly tactic?: string[];
  readonly since?: string;
  readonly few?: boolean;
  readonly budget?: number;
  readonly seed: number;
}

/** What to do first where a registry has no case to learn from; any other failure as it is. */
async function withAdvice({ db }: RegistryContext, error: unknown): Promise<unknown> {
  if (!isOutpostError(error, 'BAD_INPUT')) return error;
  const one = await db.selectFrom('known_cases').select('id').where('outcome', 'is not', null).limit(1).execute();
  if (one.length > 0) return error;
  return new OutpostError('BAD_INPUT', sentence('registry.retrain_no_cases'), { cause: error });
}

async function retrained(io: CommandIo, options: RetrainOptions): Promise<RetrainResult> {
  const { tactic: tactics = [], since = null, few = false, budget, seed } = options;
  const stop = new AbortController();
  void io.ended().then(() => stop.abort());
  return inRegistry(io, options, (context) => {
    const progress = progressLine(io, sentence('progress.retraining'));
    const onProgress = (done: number, total: number): void => progress.show(done / total, { done, total, of: 'steps' });
    const given = budget === undefined ? {} : { budget };
    const asked: AskedRetraining = { tactics, since, few, seed, ...given, signal: stop.signal, onProgress };
    return retrainNow(context, asked)
      .catch(async (error: unknown) => {
        throw await withAdvice(context, error);
      })
      .finally(progress.end);
  });
}

/** What a retraining answers with as JSON. */
function retrainJson({ candidate, proposed, cut, search, tuningTrials, left }: RetrainResult) {
  const { run, gates, heldOut } = candidate;
  const trials = tuningTrials.map((one) => ({
    run: one.run,
    recipe: one.recipe.name,
    logLoss: one.validation.logLoss,
  }));
  return { proposed, cut, search, trials, run, gates, heldOut, left };
}

/** `registry retrain`: trains and judges candidates now. */
export function retrainCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('retrain'), io.language)
    .description(say('registry.retrain_about'))
    .option('--tactic <tag...>', say('registry.retrain_tactic'))
    .option('--since <date>', say('registry.retrain_since'), plainDate(io.language))
    .option('--few', say('registry.retrain_few'))
    .option('--budget <n>', say('registry.retrain_budget'), wholeNumber(io.language, 1))
    .option('--seed <n>', say('registry.retrain_seed'), wholeNumber(io.language, 0), 1)
    .option(...jsonOption(io.language))
    .addHelpText('after', `\n${say('registry.retrain_recipes')}`)
    .action(async (options: RetrainOptions) => {
      const result = await retrained(io, options);
      print(io, options.json, retrainJson(result), retrainLines(result));
    });
}

/** `registry cycle`: one retraining cycle; a running server runs one every day. */
export function cycleCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('cycle'), io.language)
    .alias('step')
    .description(say('registry.cycle_about'))
    .option(...jsonOption(io.language))
    .action(async (options: Options) => {
      const done = await inRegistry(io, options, runUsualCycle);
      const { integrated, watched, retrained: made, waiting } = done;
      const json = {
        integrated,
        sentence: watched === null ? null : say(inTurn(watched.sentences)),
        report: watched?.report ?? null,
        proposed: made?.proposed ?? null,
        waiting: waiting === null ? null : say(waiting),
      };
      print(io, options.json, json, cycleLines(done));
    });
}
