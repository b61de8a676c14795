import { Command, CommanderError } from 'commander';
import { badUse, exitCodeOf, exitCodesHelp } from '../../shared/errors/exit-codes.ts';
import { messageOf } from '../../shared/errors/index.ts';
import { storageFailure } from '../../shared/errors/storage.ts';
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
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });
  }
  return program;
}

/**
 * Runs the command line and returns its exit code. `args` are the arguments after the program's name. Errors are
 * written to standard error as one sentence.
 */
export async function runProgram(io: CommandIo, args: readonly string[]): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what was wrong with the arguments; its own code would be 1.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badUse;
    const shown = storageFailure(error) ?? error;
    io.stderr.write(`outpost: ${messageOf(shown)}\n`);
    return exitCodeOf(shown);
  }
}
