import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPglite } from './pglite-server.ts';

/** A throw-away PostgreSQL for one test file. `kind` says whether it is the real server or the embedded stand-in. */
export interface TestPostgres {
  readonly url: string;
  readonly kind: 'server' | 'pglite';
  readonly stop: () => Promise<void>;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'outpost';
const STOP_SIGNAL = 'SIGQUIT'; // immediate shutdown: the data is thrown away, so there is nothing to write back

/** Folder of the PostgreSQL server programs: `OUTPOST_POSTGRES_BIN`, else the newest that Debian installed, else null. */
export function findPostgresBin(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env['OUTPOST_POSTGRES_BIN'];
  if (named !== undefined && named !== '') return named;
  const debian = '/usr/lib/postgresql';
  if (!existsSync(debian)) return null;
  const versions = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((one) => join(debian, one, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null;
}

/** PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where that user does not exist. */
function ownerWhenRoot(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout);
    const gid = Number(spawnSync('id', ['-g', name], { encoding: 'utf8' }).stdout);
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and neither user postgres nor user nobody exists.');
}

function createCluster(bin: string, folder: string, owner: Owner | null): string {
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner !== null) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', USER, '--auth=trust', '--no-sync', '--no-locale', '--encoding=UTF8'],
    { cwd: folder, encoding: 'utf8', ...owner },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  return data;
}

async function waitUntilReady(url: string, server: ChildProcess, log: () => string): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) break;
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (error) {
      last = error;
      await sleep(100);
    } finally {
      await client.end().catch((error: unknown) => (last = error));
    }
  }
  throw new Error(`PostgreSQL did not start: ${log()}`, { cause: last });
}

async function startServer(bin: string): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-pg-'));
  const owner = ownerWhenRoot();
  const data = createCluster(bin, folder, owner);
  // Only a socket inside the private folder: no port that another test or user could meet.
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'full_page_writes=off'];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(bin, 'postgres'), args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...owner });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill(STOP_SIGNAL);
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgresql://${USER}@localhost/postgres?host=${encodeURIComponent(folder)}`;
  try {
    await waitUntilReady(url, server, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, kind: 'server', stop };
}

/**
 * Starts an empty PostgreSQL of its own: the real server on a private socket where its programs are installed, else
 * the embedded PGlite behind the same protocol, said loudly because it shares one session between all connections.
 * The caller must `stop` it. Throws when the installed server does not start.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = findPostgresBin();
  if (bin !== null) return startServer(bin);
  console.warn(
    'NO POSTGRESQL SERVER FOUND: these tests run on embedded PGlite. Install PostgreSQL to test the real one.',
  );
  const embedded = await startPglite();
  return { ...embedded, kind: 'pglite' };
}
