import { Command } from 'commander';
import { counted } from '../../shared/encoding/phrases.ts';
import type { Gate } from '../../shared/contract/registry.ts';
import { appVersion } from '../version.ts';
import { integrate, rebuild } from '../pipeline/integrate.ts';
import { watchAndKeep, watchedBefore } from '../pipeline/monitor.ts';
import { retrain, type RetrainResult } from '../pipeline/retrain.ts';
import { isSimulated } from '../pipeline/simulated.ts';
import { step, type Step } from '../pipeline/step.ts';
import { print, type CommandIo } from './io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { plainDate, wholeNumber } from './simulate.ts';

function entriesRead(count: number): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? 'entry' : 'entries'} read.`;
}

type Options = FolderOptions & { readonly json?: boolean };

/** `registry integrate`: reads stored feedback into cases, scores and outcomes. */
export function integrateCommand(io: CommandIo): Command {
  return withFolder(new Command('integrate'))
    .description('read the feedback stored since the last time into cases, scores and outcomes')
    .option('--rebuild', 'derive everything again from the stored entries')
    .option('--json', 'print JSON')
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
    .option('--history <n>', 'also what was said the last n times', wholeNumber(1))
    .option('--json', 'print JSON')
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

function gateLine({ name, figure, limit, n, result }: Gate): string {
  const value = figure === null ? 'no figure' : figure.toFixed(4);
  return `    ${result.replace('_', ' ').padEnd(11)} ${name}: ${value} (at most ${limit.toFixed(4)}, ${counted(n, 'case')})`;
}

function retrainLines({ candidates, proposed, cut, promoted }: RetrainResult): string[] {
  const made = candidates.flatMap((c) => [
    `  ${c.recipe.name}: log loss ${c.logLoss.toFixed(4)}, run ${c.run}`,
    ...c.gates.map(gateLine),
  ]);
  const reads =
    promoted.length === 0
      ? []
      : [`New feature: ${promoted.map((g) => `${g.tag} (${g.spellings.join(', ')})`).join('; ')}`];
  const end =
    proposed === null
      ? 'None may be proposed; the runs are kept.'
      : `Up for approval: ${proposed.candidate}. ${proposed.sentence}`;
  return [`Trained on cases received before ${cut}, judged on later ones.`, ...reads, ...made, end];
}

/** `registry retrain`: trains and judges candidates now. */
export function retrainCommand(io: CommandIo): Command {
  return withFolder(new Command('retrain'))
    .description('train candidates, judge them on cases neither they nor the current model have seen, put up the best')
    .option('--tactic <tag...>', 'tactics to make features of')
    .option('--since <date>', 'judge only on cases received from this day on', plainDate)
    .option('--seed <n>', 'the same seed and cases give the same bytes', wholeNumber(0), 1)
    .option('--json', 'print JSON')
    .action(async (options: Options & { tactic?: string[]; since?: string; seed: number }) => {
      const result = await inRegistry(io, options, async (context) => {
        await integrate(context.db);
        const request = { tactics: options.tactic ?? [], since: options.since ?? null, seed: options.seed };
        const simulated = await isSimulated(context);
        return retrain(context, { ...request, simulated, codeVersion: appVersion(), by: 'the registry machine' });
      });
      print(
        io,
        options.json,
        {
          proposed: result.proposed,
          cut: result.cut,
          runs: result.candidates.map((c) => ({ run: c.run, gates: c.gates })),
        },
        retrainLines(result),
      );
    });
}

function stepLines({ integrated, watched, retrained, waiting }: Step): string[] {
  return [
    entriesRead(integrated),
    ...(watched === null ? [] : [watched.sentence]),
    ...(retrained === null ? [] : retrainLines(retrained)),
    ...(waiting === null ? [] : [waiting]),
  ];
}

/** `registry step`: one turn of the loop; a running server takes one every day. */
export function stepCommand(io: CommandIo): Command {
  return withFolder(new Command('step'))
    .description('one turn of the loop: read feedback, look, and while an alarm stands retrain and propose')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const done = await inRegistry(io, options, async (context) =>
        step(context, { seed: 1, codeVersion: appVersion(), simulated: await isSimulated(context) }),
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
        stepLines(done),
      );
    });
}
