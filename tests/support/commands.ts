import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../electron/commands/program.ts';
import { learnProgram, runLearn } from '../../learning/commands/program.ts';
import { programLanguage } from '../../platform/language/catalogues.ts';
import { processIo, type CommandIo } from '../../platform/command-io.ts';
import { runRegistry } from '../../registry/cli.ts';
import en from '../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../shared/language/language.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
/** Where the catalogues are. */
export const languages = join(top, 'shared', 'language');

/** What commands say in tests, whatever the system speaks. */
export const english = createLanguage(en);

/** What a command printed, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function printed(
  work: (streams: { stdin: Readable; stdout: PassThrough; stderr: PassThrough }) => Promise<number>,
): Promise<Printed> {
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() };
  const [out, err] = [textOf(streams.stdout), textOf(streams.stderr)];
  const code = await work(streams);
  streams.stdout.end();
  streams.stderr.end();
  return { code, out: await out, err: await err };
}

/** Resolves when something that fits is written to a stream, which still goes where it went. */
function written(stream: PassThrough, what: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk) => {
      text += String(chunk);
      if (what.test(text)) resolve();
    });
  });
}

type Run = (args: readonly string[], io: CommandIo) => Promise<number>;

function inProcess(
  run: Run,
  args: readonly string[],
  env: Record<string, string>,
  interruptedAt: RegExp | undefined,
): Promise<Printed> {
  return printed((streams) =>
    run(args, {
      ...streams,
      language: env['OUTPOST_LANGUAGE'] === undefined ? english : programLanguage(languages, env),
      env,
      ended: () => (interruptedAt ? written(streams.stderr, interruptedAt) : new Promise(() => undefined)),
      clock: { now: () => Date.parse('2026-11-01T00:00:00Z') },
      random: (n: number) => new Uint8Array(n),
    }),
  );
}

/**
 * Runs the registry's command line in this process, on 1 November 2026, with the given environment. It is interrupted, as
 * by Ctrl+C, as soon as what it says on standard error fits `interruptedAt`.
 */
export function registryCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  interruptedAt?: RegExp,
): Promise<Printed> {
  return inProcess(runRegistry, args, env, interruptedAt);
}

/** The same for the command line of the learning core. */
export function learnCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  interruptedAt?: RegExp,
): Promise<Printed> {
  return inProcess(runLearn, args, env, interruptedAt);
}

/** Runs a command where it is at home: in the registry's command line when it needs a registry, else in that of `learn`. */
export function anyCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  interruptedAt?: RegExp,
): Promise<Printed> {
  const [name, what] = args;
  const learns = learnProgram(processIo(languages)).commands.some((command) => command.name() === name);
  const needsRegistry = name === 'dataset' && (what !== 'build' || args.includes('--folder'));
  return (learns && !needsRegistry ? learnCommand : registryCommand)(args, env, interruptedAt);
}

/** Runs the `outpost` command line in this process; the model runs in its own. */
export function outpostCommand(args: readonly string[]): Promise<Printed> {
  return printed((streams) =>
    runProgram(
      { ...streams, language: english, modelsDir: join(top, 'models'), signal: new AbortController().signal },
      args,
    ),
  );
}
