import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { runAsProcess, runCommandLine } from '../platform/command-line.ts';
import { badUse } from '../shared/errors/exit-codes.ts';
import { courierCommand } from './cli/courier.ts';
import { datasetCommand } from './cli/dataset.ts';
import { deviceCommand } from './cli/devices.ts';
import { initCommand } from './cli/init.ts';
import { note, processIo, type CommandIo } from '../platform/command-io.ts';
import { adminCommand, enrolCommand } from './cli/admins.ts';
import { integrateCommand, monitorCommand, retrainCommand, cycleCommand } from './cli/retraining.ts';
import { quarantineCommand } from './cli/quarantine.ts';
import { channelCommand, officesCommand, proposalsCommand, pushCommand } from './cli/releases.ts';
import { keyCommand, renewCommand } from './cli/renew.ts';
import { resignCommand, serveCommand } from './cli/serve.ts';
import { makeEnrolmentFile } from './laptops/courier.ts';
import { watchNow } from './monitoring/monitor.ts';
import { cycleSentences, runUsualCycle } from './retraining/run-cycle.ts';
import type { ServeOptions } from './http/options.ts';
import { serve } from './server.ts';
import { sentence } from '../shared/language/sentence.ts';

const cycleNow: ServeOptions['cycle'] = async (context) => cycleSentences(await runUsualCycle(context));

/** The registry's command line. */
export function registryProgram(io: CommandIo): Command {
  return new Command('registry')
    .description(io.language.say('registry.about'))
    .addHelpText('after', `\n${io.language.say('commands.exit_codes')}`)
    .addCommand(initCommand(io))
    .addCommand(serveCommand(io, { serve, watch: watchNow, cycle: cycleNow }))
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
    .addCommand(cycleCommand(io))
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
    note(io, sentence('registry.needs_no_registry', { name, args: args.join(' ') }));
    return Promise.resolve(badUse);
  }
  return runCommandLine(program, args, io);
}

if (import.meta.main) {
  const languages = fileURLToPath(new URL('../shared/language/', import.meta.url));
  await runAsProcess((args) => runRegistry(args, processIo(languages)));
}
