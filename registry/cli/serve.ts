import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { lockFolder } from '../../platform/folder-lock.ts';
import { resignIfDue } from '../releases/resign.ts';
import type { Watch } from '../http/admin.ts';
import type { Every, Serve, ServeOptions } from '../http/options.ts';
import { print, type CommandIo } from '../../platform/command-io.ts';
import { inRegistry, withFolder, type FolderOptions } from './open.ts';
import { jsonOption } from '../../platform/command-options.ts';

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return number;
}

const every: Every = (ms, work) => {
  const timer = setInterval(work, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};

const anotherServer = { name: 'Another "registry serve"', wayOut: 'End it first, or name another --folder.' };

/** `registry serve`: listens until it is asked to end. A store that cannot be brought to the newest shape ends it. */
export function serveCommand(io: CommandIo, serve: Serve, watch?: Watch, cycle?: ServeOptions['cycle']): Command {
  return withFolder(new Command('serve'))
    .description('serve laptops and admins over HTTP; put it behind a proxy that adds TLS')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', port, 7410)
    .option('--log-level <level>', 'how much to log', 'info')
    .action(async (options: FolderOptions & { host: string; port: number; logLevel: string }) => {
      await inRegistry(io, options, async (context) => {
        // Two servers would sign and retrain side by side on the same files.
        const lock = lockFolder(options.folder, process.pid, io.clock.now(), anotherServer);
        try {
          const logger = pino({ level: options.logLevel }, io.stderr);
          const server = await serve({ context, logger, watch, cycle, host: options.host, port: options.port, every });
          io.stdout.write(`Listening on ${server.url}\n`);
          await io.ended();
          await server.close();
        } finally {
          lock.release();
        }
      });
    });
}

/** `registry resign`: signs the online release information anew, now. The server does it daily by itself. */
export function resignCommand(io: CommandIo): Command {
  return withFolder(new Command('resign'))
    .description('sign snapshot, timestamp and channels anew now; a running server does it every day')
    .option('--clock-is-right', 'sign although the clock of this machine does not fit the newest signature')
    .option(...jsonOption(io.language))
    .action(async (options: FolderOptions & { clockIsRight?: boolean; json?: boolean }) => {
      const { clockIsRight = false } = options;
      const done = await inRegistry(io, options, (context) => resignIfDue(context, { always: true, clockIsRight }));
      print(io, options.json, done, [`Signed anew; valid until ${done.expires}.`]);
    });
}
