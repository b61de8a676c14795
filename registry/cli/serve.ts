import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { lockFolder } from '../../platform/folder-lock.ts';
import { resignIfDue } from '../releases/resign.ts';
import type { Watch } from '../http/admin.ts';
import type { Every, Serve, ServeOptions } from '../http/options.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence } from '../../shared/language/sentence.ts';

function port({ say }: Language): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 0 || number > 65_535)
      throw new InvalidArgumentError(say('registry.bad_port', { most: 65_535 }));
    return number;
  };
}

const every: Every = (ms, work) => {
  const timer = setInterval(work, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};

type Options = FolderOptions & { readonly host: string; readonly port: number; readonly logLevel: string };
type Parts = { readonly serve: Serve; readonly watch?: Watch; readonly cycle?: ServeOptions['cycle'] };

async function serveUntilEnded(io: CommandIo, { serve, watch, cycle }: Parts, options: Options): Promise<void> {
  await inRegistry(io, options, async (context) => {
    // Two servers would sign and retrain side by side on the same files.
    const lock = lockFolder(options.folder, process.pid, io.clock.now(), 'registry');
    try {
      const logger = pino({ level: options.logLevel }, io.stderr);
      const { host, port: number } = options;
      const server = await serve({ context, logger, watch, cycle, host, port: number, every });
      print(io, false, null, [sentence('registry.listening', { url: server.url })]);
      await io.ended();
      await server.close();
    } finally {
      lock.release();
    }
  });
}

/** `registry serve`: listens until it is asked to end. A store that cannot be brought to the newest shape ends it. */
export function serveCommand(io: CommandIo, parts: Parts): Command {
  const { say } = io.language;
  return withFolder(new Command('serve'), io.language)
    .description(say('registry.serve_about'))
    .option('--host <address>', say('registry.serve_host'), '127.0.0.1')
    .option('--port <number>', say('registry.serve_port'), port(io.language), 7410)
    .option('--log-level <level>', say('registry.serve_log'), 'info')
    .action((options: Options) => serveUntilEnded(io, parts, options));
}

/** `registry resign`: signs the online release information again, now. The server does it daily by itself. */
export function resignCommand(io: CommandIo): Command {
  const { say } = io.language;
  return withFolder(new Command('resign'), io.language)
    .description(say('registry.resign_about'))
    .option('--clock-is-right', say('registry.resign_clock'))
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { clockIsRight?: boolean; json?: boolean }) => {
      const { clockIsRight = false } = options;
      const done = await inRegistry(io, options, (context) => resignIfDue(context, { always: true, clockIsRight }));
      print(io, options.json, done, [sentence('registry.signed_again', { expires: done.expires })]);
    });
}
