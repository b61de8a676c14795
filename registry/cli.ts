import { Command } from 'commander';
import { runAsProcess, runCommandLine } from '../platform/command-line.ts';
import { badUse, exitCodesHelp } from '../shared/errors/exit-codes.ts';
import { courierCommand } from './commands/courier.ts';
import { datasetCommand } from './commands/dataset.ts';
import { deviceCommand } from './commands/devices.ts';
import { initCommand } from './commands/init.ts';
import { processIo, type CommandIo } from '../platform/command-io.ts';
import { adminCommand, enrolCommand } from './commands/people.ts';
import { integrateCommand, monitorCommand, retrainCommand, stepCommand } from './commands/pipeline.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { channelCommand, officesCommand, proposalsCommand, pushCommand } from './commands/releases.ts';
import { keyCommand, renewCommand } from './commands/renew.ts';
import { resignCommand, serveCommand } from './commands/serve.ts';
import { makeEnrolmentFile } from './courier.ts';
import { integrate } from './pipeline/integrate.ts';
import { watch } from './pipeline/monitor.ts';
import { isSimulated } from './pipeline/simulated.ts';
import { step } from './pipeline/step.ts';
import type { ServeOptions } from './app.ts';
import type { Watch } from './routes/admin.ts';
import { serve } from './server.ts';
import { appVersion } from '../platform/version.ts';

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
    .addCommand(resignCommand(io))
    .addCommand(renewCommand(io))
    .addCommand(keyCommand(io));
}

/** Commands that need no registry and have a command line of their own. */
const ofLearn = ['simulate', 'train', 'trainers', 'evaluate', 'compare', 'runs', 'import-model'];

/** Runs the command line and answers the exit code; never throws. */
export function runRegistry(args: readonly string[], io: CommandIo): Promise<number> {
  const program = registryProgram(io);
  const [name = ''] = args;
  if (ofLearn.includes(name)) {
    io.stderr.write(`"${name}" needs no registry: run "npm run -s learn -- ${args.join(' ')}".\n`);
    return Promise.resolve(badUse);
  }
  return runCommandLine(program, args, io);
}

if (import.meta.main) await runAsProcess((args) => runRegistry(args, processIo()));
