import { Command } from 'commander';
import { runCommandLine } from '../../platform/command-line.ts';
import { exitCodesHelp } from '../../shared/errors/exit-codes.ts';
import { approveCommand } from './approve.ts';
import { renewCommand } from './renew.ts';
import type { CommandIo } from './io.ts';
import { scoreCommand } from './score.ts';

function createProgram(io: CommandIo): Command {
  const commands = [scoreCommand(io), approveCommand(io), renewCommand(io)];
  const program = new Command('outpost')
    .description('Scores complaint cases of tech-support scams offline.')
    .addHelpText('after', exitCodesHelp);
  for (const command of commands) program.addCommand(command);
  return program;
}

/** Runs the command line and returns its exit code. `args` are the arguments after the program's name. */
export function runProgram(io: CommandIo, args: readonly string[]): Promise<number> {
  return runCommandLine(createProgram(io), args, io, 'outpost: ');
}
