import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../electron/commands/program.ts';
import { runRegistry } from '../../registry/cli.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));

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

/**
 * Runs the registry's command line in this process, on 1 November 2026, with the given environment. It is interrupted, as
 * by Ctrl+C, as soon as what it says on standard error fits `interruptedAt`.
 */
export function registryCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  interruptedAt?: RegExp,
): Promise<Printed> {
  return printed((streams) =>
    runRegistry(args, {
      ...streams,
      env,
      ended: () => (interruptedAt ? written(streams.stderr, interruptedAt) : new Promise(() => undefined)),
      clock: { now: () => Date.parse('2026-11-01T00:00:00Z') },
      random: (n: number) => new Uint8Array(n),
    }),
  );
}

/** Runs the `outpost` command line in this process; the model runs in its own. */
export function outpostCommand(args: readonly string[]): Promise<Printed> {
  return printed((streams) =>
    runProgram({ ...streams, modelsDir: join(top, 'models'), signal: new AbortController().signal }, args),
  );
}
