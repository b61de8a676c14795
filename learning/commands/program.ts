import { Command } from 'commander';
import type { CommandIo } from '../../platform/command-io.ts';
import { runCommandLine } from '../../platform/command-line.ts';
import { retrainFrom } from '../runs/retrain-from.ts';
import { compareCommand } from './compare.ts';
import { datasetCommand } from './dataset.ts';
import { evaluateCommand } from './evaluate.ts';
import { importModelCommand } from './import-model.ts';
import { runsCommand } from './runs.ts';
import { simulateCommand } from './simulate.ts';
import { trainCommand } from './train.ts';
import { trainersCommand } from './trainers.ts';

/** The command line of the learning core: from labelled rows to a validated model. */
export function learnProgram(io: CommandIo): Command {
  return new Command('learn')
    .description(io.language.say('learn.about'))
    .addHelpText('after', `\n${io.language.say('commands.exit_codes')}`)
    .addCommand(simulateCommand(io))
    .addCommand(datasetCommand(io))
    .addCommand(trainCommand(io))
    .addCommand(trainersCommand(io))
    .addCommand(evaluateCommand(io))
    .addCommand(compareCommand(io))
    .addCommand(runsCommand(io, retrainFrom))
    .addCommand(importModelCommand(io));
}

/** Runs the command line and answers the exit code; never throws. */
export function runLearn(args: readonly string[], io: CommandIo): Promise<number> {
  return runCommandLine(learnProgram(io), args, io);
}
