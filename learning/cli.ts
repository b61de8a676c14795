import { fileURLToPath } from 'node:url';
import { processIo } from '../platform/command-io.ts';
import { runAsProcess } from '../platform/command-line.ts';
import { runLearn } from './commands/program.ts';

// Composition root of `learn`: everything environmental is handed in here.
const languages = fileURLToPath(new URL('../shared/language/', import.meta.url));
await runAsProcess((args) => runLearn(args, processIo(languages)));
