import { Command, CommanderError } from 'commander';
import { badUse, exitCodeOf, exitCodesHelp } from '../shared/errors/exit-codes.ts';
import { messageOf } from '../shared/errors/index.ts';
import { storageFailure } from '../shared/errors/storage.ts';
import { compareCommand } from './commands/compare.ts';
import { courierCommand } from './commands/courier.ts';
import { datasetCommand } from './commands/dataset.ts';
import { deviceCommand } from './commands/devices.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { importModelCommand } from './commands/import-model.ts';
import { initCommand } from './commands/init.ts';
import { processIo, type CommandIo } from './commands/io.ts';
import { adminCommand, enrolCommand } from './commands/people.ts';
import { integrateCommand, monitorCommand, retrainCommand, stepCommand } from './commands/pipeline.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { channelCommand, officesCommand, proposalsCommand, pushCommand } from './commands/releases.ts';
import { keyCommand, renewCommand } from './commands/renew.ts';
import { runsCommand } from './commands/runs.ts';
import { resignCommand, serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { trainCommand } from './commands/train.ts';
import { trainersCommand } from './commands/trainers.ts';
import { makeEnrolmentFile } from './courier.ts';
import { integrate } from './pipeline/integrate.ts';
import { watch } from './pipeline/monitor.ts';
import { isSimulated } from './pipeline/simulated.ts';
import { step } from './pipeline/step.ts';
import { retrainFrom } from './runs/retrain-from.ts';
import type { ServeOptions } from './app.ts';
import type { Watch } from './routes/admin.ts';
import { serve } from './server.ts';
import { appVersion } from './version.ts';

/** What admins see of the monitor: everything received so far counts. */
const watchNow: Watch = async (context) => {
  await integrate(context.db);
  const { sentence, report, from } = await watch(context);
  return { sentence, report, from };
};

const turnNow: ServeOptions['turn'] = async (context) => {
  const { watched, waiting, retrained } = await step(context, {
    seed: 1,
    codeVersion: appVersion(),
    simulated: await isSimulated(context),
  });
  return [watched?.sentence, retrained?.proposed?.sentence, waiting]
    .filter((text) => typeof text === 'string')
    .join(' ');
};

/** The registry's command line. */
export function registryProgram(io: CommandIo): Command {
  return new Command('registry')
    .description('the central registry of Outpost: collects feedback, trains, approves and releases models')
    .addHelpText('after', exitCodesHelp)
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride()
    .addCommand(initCommand(io))
    .addCommand(serveCommand(io, serve, watchNow, turnNow))
    .addCommand(adminCommand(io))
    .addCommand(enrolCommand(io, makeEnrolmentFile))
    .addCommand(officesCommand(io))
    .addCommand(deviceCommand(io))
    .addCommand(pushCommand(io))
    .addCommand(proposalsCommand(io))
    .addCommand(channelCommand(io))
    .addCommand(quarantineCommand(io))
    .addCommand(courierCommand(io))
    .addCommand(datasetCommand(io))
    .addCommand(integrateCommand(io))
    .addCommand(monitorCommand(io))
    .addCommand(retrainCommand(io))
    .addCommand(stepCommand(io))
    .addCommand(runsCommand(io, retrainFrom))
    .addCommand(resignCommand(io))
    .addCommand(renewCommand(io))
    .addCommand(keyCommand(io))
    .addCommand(simulateCommand(io))
    .addCommand(trainCommand(io))
    .addCommand(trainersCommand(io))
    .addCommand(evaluateCommand(io))
    .addCommand(compareCommand(io))
    .addCommand(importModelCommand(io));
}

function inherit(command: Command, io: CommandIo): void {
  for (const child of command.commands) {
    child
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
    inherit(child, io);
  }
}

/** Runs the command line and answers the exit code; never throws. */
export async function runRegistry(args: readonly string[], io: CommandIo): Promise<number> {
  const program = registryProgram(io);
  inherit(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badUse;
    const shown = storageFailure(error) ?? error;
    io.stderr.write(`${messageOf(shown)}\n`);
    return exitCodeOf(shown);
  }
}

/** Ends quietly when whoever reads the output has had enough, as `head` does. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }
}

if (import.meta.main) endWithReader();
if (import.meta.main) {
  const code = await runRegistry(process.argv.slice(2), processIo());
  // Who interrupts does not want to wait for a file that is still being read.
  if (code === 130) process.exit(code);
  process.exitCode = code;
}
