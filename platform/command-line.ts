import { CommanderError, type Command } from 'commander';
import { badUse, exitCodeOf } from '../shared/errors/exit-codes.ts';
import { sentenceOf } from '../shared/errors/index.ts';
import { storageFailure } from '../shared/errors/storage.ts';
import type { Output } from './command-io.ts';

/** Lets a command and all below it write where `io` says and throw instead of ending the process. */
function confine(command: Command, io: Output): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  for (const child of command.commands) confine(child, io);
}

/**
 * Runs a command line and answers the exit code; never throws. Errors are written to standard error as one sentence, after
 * `prefix`.
 */
export async function runCommandLine(
  program: Command,
  args: readonly string[],
  io: Output,
  prefix = '',
): Promise<number> {
  confine(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what was wrong with the arguments; its own code would be 1.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badUse;
    const shown = storageFailure(error) ?? error;
    io.stderr.write(`${prefix}${io.language.say(sentenceOf(shown))}\n`);
    return exitCodeOf(shown);
  }
}

/** Ends quietly when whoever reads the output has had enough, as `head` does. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }
}

/** Runs a command line as this process: its exit code is that of the command. */
export async function runAsProcess(run: (args: readonly string[]) => Promise<number>): Promise<void> {
  endWithReader();
  const code = await run(process.argv.slice(2));
  // Who interrupts does not want to wait for a file that is still being read.
  if (code === 130) process.exit(code);
  process.exitCode = code;
}
