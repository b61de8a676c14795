import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../../', import.meta.url));

/** System calls by which a program writes, removes, starts another or speaks to somebody. */
const CALLS = [
  'open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,truncate',
  'connect,sendto,execve',
].join(',');

/** What a traced program did, as far as others could see it. */
export interface Trace {
  readonly code: number | null;
  readonly out: string;
  /** Files and folders it made, opened for writing, renamed or removed. */
  readonly written: readonly string[];
  /** Addresses it connected to or sent to, loopback left out. */
  readonly contacted: readonly string[];
  /** Programs it started, itself included. */
  readonly started: readonly string[];
  /** What it left in its home and its folder for temporary files. */
  readonly left: readonly string[];
}

/** Home, temporary folder and working folder of one traced program; all of it is removed by `remove`. */
export interface TracedPlace {
  readonly home: string;
  readonly temporary: string;
  readonly work: string;
  remove(): void;
}

/** An empty home with an empty folder for temporary files and one to work in. */
export function tracedPlace(): TracedPlace {
  const root = mkdtempSync(join(tmpdir(), 'outpost-traced-'));
  const [home, temporary, work] = ['home', 'tmp', 'work'].map((name) => {
    const folder = join(root, name);
    mkdirSync(folder);
    return folder;
  }) as [string, string, string];
  return { home, temporary, work, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Null where programs can be traced, else why not. */
export function whyNotTraceable(): string | null {
  if (process.platform !== 'linux') return 'strace is needed, which is for Linux';
  const tried = spawnSync('strace', ['-f', '-qq', '-e', 'trace=execve', 'true'], { encoding: 'utf8' });
  if (tried.error) return 'strace is not installed';
  return tried.status === 0 ? null : `strace may not trace here: ${tried.stderr.trim().slice(0, 200)}`;
}

const WRITES = /\b(?:O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND)\b/;
const CHANGES = /^(?:creat|mkdir|rename|link|symlink|unlink|truncate)/;

/** Joins calls that strace shows in two parts because another thread ran in between. */
function wholeCalls(text: string): string[] {
  const begun = new Map<string, string>();
  const calls: string[] = [];
  for (const line of text.split('\n')) {
    const [, pid, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || rest === undefined) continue;
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (unfinished) begun.set(pid, unfinished[1] ?? '');
    else calls.push(resumed ? `${begun.get(pid) ?? ''}${resumed[1] ?? ''}` : rest);
  }
  return calls;
}

function quoted(call: string): string[] {
  return [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? '');
}

function failed(call: string): boolean {
  return /\) += -1 E/.test(call);
}

function contact(call: string): string | null {
  const inet = /sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)/.exec(call);
  const inet6 = /sin6_port=htons\((\d+)\).*inet_pton\(AF_INET6, "([^"]+)"/.exec(call);
  const [, port, address] = inet ?? inet6 ?? [];
  if (address !== undefined) return /^127\.|^::1$/.test(address) ? null : `${address}:${port ?? ''}`;
  const unix = /sun_path=@?"([^"]+)"/.exec(call);
  return unix ? `unix:${unix[1] ?? ''}` : null;
}

/** What a trace by strace says was written, contacted and started. Relative paths are those of the working folder. */
function readTrace(text: string): Pick<Trace, 'written' | 'contacted' | 'started'> {
  const calls = wholeCalls(text);
  const written = calls.flatMap((call) => {
    const opens = /^open(?:at)?\(/.test(call) && WRITES.test(call);
    return (opens && !failed(call)) || (CHANGES.test(call) && !failed(call)) ? quoted(call) : [];
  });
  // An attempt that was refused would have been made for real where there is a network.
  const contacted = calls.flatMap((call) => (/^(?:connect|sendto)\(/.test(call) ? [contact(call)] : []));
  const started = calls.flatMap((call) =>
    call.startsWith('execve(') && !failed(call) ? quoted(call).slice(0, 1) : [],
  );
  return {
    written: [...new Set(written)],
    contacted: [...new Set(contacted.filter((one) => one !== null))],
    started: [...new Set(started)],
  };
}

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}

/**
 * Runs a program of this project under strace in a place of its own, with no variables but PATH, HOME and TMPDIR. With
 * `endWhen` it is asked to end (SIGTERM) as soon as its output fits and `meanwhile` is done.
 */
export async function runTraced(
  place: TracedPlace,
  args: readonly string[],
  options: { endWhen?: RegExp; meanwhile?: (output: string) => Promise<void> } = {},
): Promise<Trace> {
  const file = join(place.work, '..', `trace-${Date.now()}.txt`);
  const command = ['-f', '-qq', '-s', '4096', '-o', file, '-e', `trace=${CALLS}`, process.execPath, ...args];
  const env = { PATH: process.env['PATH'], HOME: place.home, TMPDIR: place.temporary };
  const child = spawn('strace', command, { cwd: top, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let out = '';
  let asked = false;
  const end = async (): Promise<void> => {
    await options.meanwhile?.(out);
    // The program itself, not strace, which would let go of it: the first of strace's children.
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(/\s+/);
    process.kill(Number(children[0]), 'SIGTERM');
  };
  const read = (chunk: Buffer): void => {
    out += chunk.toString('utf8');
    if (asked || options.endWhen?.test(out) !== true) return;
    asked = true;
    end().catch((error: unknown) => {
      out += `\n${String(error)}`;
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    });
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const trace = readTrace(existsSync(file) ? readFileSync(file, 'utf8') : '');
  return { code, out, ...trace, left: [...everythingIn(place.home), ...everythingIn(place.temporary)] };
}
