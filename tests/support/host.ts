import { os, type AnyRouter } from '@orpc/server';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createUploadedFiles, type UploadedFiles } from '../../electron/backend/exchange/uploaded-files.ts';
import { systemClock, systemRandom } from '../../electron/backend/host/system.ts';
import { english } from './commands.ts';
import { startLoopbackHost, type LoopbackHost, type LoopbackOptions } from '../../electron/loopback/host.ts';

/** A browser host in a temporary folder, with a small window of its own. */
export interface TestHost {
  readonly host: LoopbackHost;
  readonly exchange: UploadedFiles;
  readonly dir: string;
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** A router with the two kinds of calls: an answer and a stream. */
function smallRouter(): AnyRouter {
  return {
    app: { status: os.handler(() => ({ vault: 'new' })) },
    live: {
      changes: os.handler(async function* () {
        yield { topic: 'status', id: null };
        await new Promise(() => undefined);
      }),
    },
  };
}

/** Starts a browser host on a free port. */
export async function startTestHost(options: Partial<LoopbackOptions> = {}): Promise<TestHost> {
  const dir = await mkdtemp(join(tmpdir(), 'outpost-host-'));
  const rendererDir = join(dir, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><html lang="en"><title>Outpost</title>');
  await writeFile(join(rendererDir, 'assets', 'main-1a.js'), 'export {};');
  await writeFile(join(dir, 'secret.txt'), 'not to be seen');
  const exchange = createUploadedFiles(join(dir, 'exchange'));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  const host = await startLoopbackHost({
    router: smallRouter(),
    exchange,
    rendererDir,
    language: english,
    asked: null,
    port: 0,
    random: systemRandom,
    clock: systemClock(),
    logger: pino({ level: 'silent' }),
    times: { arriveMs: 60_000, leaveMs: 60_000 },
    isBusy: () => Promise.resolve(false),
    ...options,
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const close = async (): Promise<void> => {
    try {
      await host.close();
    } finally {
      await remove();
    }
  };
  return { host, exchange, dir, origin: `http://127.0.0.1:${host.port}`, close };
}

/** What came back, with its body as text. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request exactly as given: neither the path nor forbidden headers are cleaned up on the way. */
export function raw(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method = 'GET', headers = {}, body } = options;
  const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/** Uses an address up and returns the cookie header of the session that comes out of it. */
export async function signIn(host: LoopbackHost): Promise<string> {
  const url = new URL(host.address());
  const answer = await raw(host.port, `${url.pathname}${url.search}`);
  const [cookie] = answer.headers['set-cookie'] ?? [];
  if (answer.status !== 303 || cookie === undefined) throw new Error(`Signing in was answered with ${answer.status}.`);
  return cookie.split(';')[0] ?? '';
}
