import { Command } from 'commander';
import { runCommandLine } from '../../platform/command-line.ts';
import type { CommandIo } from './io.ts';

/** What makes each command. It is loaded when it is asked for: what the others need takes as long to load as a small file to score. */
const commands: Readonly<Record<string, (io: CommandIo) => Promise<Command>>> = {
  score: async (io) => (await import('./score.ts')).scoreCommand(io),
  approve: async (io) => (await import('./approve.ts')).approveCommand(io),
  import: async (io) => (await import('./import.ts')).importCommand(io),
  setup: async (io) => (await import('./setup.ts')).setupCommand(io),
  renew: async (io) => (await import('./renew.ts')).renewCommand(io),
};

/** The program with the command that is asked for, or with all of them when none of them is. */
async function createProgram(io: CommandIo, asked: string): Promise<Command> {
  const wanted = Object.hasOwn(commands, asked) ? [commands[asked]!] : Object.values(commands);
  const program = new Command('outpost')
    .description(io.language.say('score.about_outpost'))
    .addHelpText('after', `\n${io.language.say('commands.exit_codes')}`);
  for (const make of wanted) program.addCommand(await make(io));
  return program;
}

/** Runs the command line and returns its exit code. `args` are the arguments after the program's name. */
export async function runProgram(io: CommandIo, args: readonly string[]): Promise<number> {
  return runCommandLine(await createProgram(io, args[0] ?? ''), args, io, 'outpost: ');
}
