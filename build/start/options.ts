/** What `npm start -- --help` says before the host's own options. */
export const START_HELP = `npm start [-- options]

  --no-open         only print the address, to be opened in a browser on this machine
  --browser         use a browser window although the desktop shell may be available
  --retry-electron  try the desktop shell again although it failed within the last day

Everything else goes to the application:
`;

/** What `npm start` was asked for. `host` is passed on unread to the shell or the browser host. */
export interface StartOptions {
  readonly help: boolean;
  readonly open: boolean;
  readonly retryElectron: boolean;
  readonly browserHost: boolean;
  readonly host: readonly string[];
}

/**
 * Sorts the words after `npm start --`: `--no-open` only prints the address, `--browser` asks for the browser host,
 * `--retry-electron` forgets an earlier failed installation; `--demo`, `--port N` and all else go to the host.
 * An address to print or a port to listen on only makes sense in the browser host, so both ask for it.
 */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const own = new Set(['--no-open', '--retry-electron', '--browser']);
  const host = args.filter((arg) => !own.has(arg));
  const open = !args.includes('--no-open');
  const wantsPort = host.some((arg) => arg === '--port' || arg.startsWith('--port='));
  return {
    help: host.includes('--help') || host.includes('-h'),
    open,
    retryElectron: args.includes('--retry-electron'),
    browserHost: !open || wantsPort || args.includes('--browser'),
    host,
  };
}
