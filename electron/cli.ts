import { fileURLToPath } from 'node:url';
import { endWithReader } from '../platform/command-line.ts';
import { programLanguage } from '../platform/language/catalogues.ts';
import { runProgram } from './commands/program.ts';

// Composition root of the command line: everything environmental is handed in here.
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());

endWithReader();
process.exitCode = await runProgram(
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    language: programLanguage(fileURLToPath(new URL('../shared/language/', import.meta.url)), process.env),
    modelsDir: fileURLToPath(new URL('../models/', import.meta.url)),
    signal: interrupted.signal,
  },
  process.argv.slice(2),
);
