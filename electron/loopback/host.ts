import type { AnyRouter } from '@orpc/server';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { OutpostError } from '../../shared/errors/index.ts';
import type { UploadedFiles } from '../backend/exchange/uploaded-files.ts';
import type { Clock } from '../../platform/environment.ts';
import { answerError, answerJson, answerText, secure } from './responses.ts';
import { serveFiles } from './files.ts';
import { bearerOf, checkControl, checkOrigin, cookieOf } from './guard.ts';
import { watchOpenWindows, type Deserted, type OpenWindows, type OpenWindowsTimes } from './open-windows.ts';
import { createRpcTransport, RPC_PREFIX, type RpcTransport } from './rpc.ts';
import { serveAsset, type WindowFiles } from './static.ts';
import { createTokens, newSecret, sameSecret, type Random, type Tokens } from './tokens.ts';
import { sentence } from '../../shared/language/sentence.ts';

const ADDRESS = '127.0.0.1';

/** What the browser host is made of. */
export interface LoopbackOptions extends WindowFiles {
  readonly router: AnyRouter;
  readonly exchange: UploadedFiles;
  /** 0 = any free port; that of the host before, where it is still free. */
  readonly port: number;
  /** What the host before this one was, so that its windows find this one again. */
  readonly before?: HostMemory | null;
  /** Given what the next host needs to know, whenever it changes. */
  readonly remember?: (memory: HostMemory) => void;
  readonly random: Random;
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly logger: Logger;
  readonly times: OpenWindowsTimes;
  readonly isBusy: () => Promise<boolean>;
  /** Called once, with why, when the last window is gone; absent = stay until asked to close. */
  readonly onDeserted?: (why: Deserted) => void;
}

/** By what windows know a host again: its name, port and sessions (digests only). */
export interface HostMemory {
  readonly instance: string;
  readonly port: number;
  readonly sessions: readonly string[];
}

/** A running browser host. */
export interface LoopbackHost {
  /** Names this instance; part of its cookie's name, since cookies do not tell ports apart. */
  readonly instance: string;
  readonly port: number;
  /** Secret of the door through which a second start of the program asks for an address. */
  readonly controlSecret: string;
  /** A fresh address that opens a window exactly once. */
  address(): string;
  close(): Promise<void>;
}

interface Wiring {
  readonly options: LoopbackOptions;
  readonly authority: string;
  readonly cookie: string;
  readonly controlSecret: string;
  readonly tokens: Tokens;
  readonly presence: OpenWindows;
  readonly rpc: RpcTransport;
  readonly remember: () => void;
}

function address({ authority, tokens, presence }: Wiring): string {
  presence.expectWindow();
  return `http://${authority}/enter?token=${tokens.issue()}`;
}

function enter(wiring: Wiring, response: ServerResponse, token: string): void {
  const session = wiring.tokens.redeem(token);
  if (session === null) return answerText(response, 403, sentence('host.address_used'), wiring.options.language);
  wiring.remember();
  const cookie = `${wiring.cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  response.writeHead(303, { 'set-cookie': cookie, location: '/' }).end();
}

function control(wiring: Wiring, request: IncomingMessage, response: ServerResponse): void {
  const { language } = wiring.options;
  const refusal = checkControl({ method: request.method ?? '', headers: request.headers }, wiring.authority);
  if (refusal !== null) return answerText(response, refusal.status, refusal.why, language);
  if (!sameSecret(wiring.controlSecret, bearerOf(request.headers) ?? ''))
    return answerText(response, 403, sentence('host.not_our_secret'), language);
  answerJson(response, 200, { address: address(wiring) });
}

async function route(wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  secure(response);
  const { options, authority, tokens } = wiring;
  const { language } = options;
  const url = URL.parse(`http://${authority}${request.url ?? ''}`);
  if (url === null || request.url?.startsWith('/') !== true)
    return answerText(response, 404, sentence('host.no_such_page'), language);
  const { pathname } = url;
  if (pathname === '/control') return control(wiring, request, response);
  const refusal = checkOrigin({ method: request.method ?? '', headers: request.headers }, authority);
  if (refusal !== null) return answerText(response, refusal.status, refusal.why, language);
  if (pathname === '/enter' && request.method === 'GET')
    return enter(wiring, response, url.searchParams.get('token') ?? '');
  if (!tokens.isSession(cookieOf(request.headers, wiring.cookie) ?? '')) {
    return answerText(response, 403, sentence('host.not_signed_in'), language);
  }
  if (pathname.startsWith(`${RPC_PREFIX}/`)) return wiring.rpc(request, response, pathname);
  if (pathname === '/files' || pathname.startsWith('/files/')) return serveFiles(request, response, url, options);
  if (request.method !== 'GET') return answerText(response, 405, sentence('host.read_only'), language);
  return serveAsset(response, pathname, options);
}

function fail(logger: Logger, response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (!(error instanceof OutpostError)) logger.error({ err: error }, 'a request failed');
  answerError(response, error);
}

function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (cause) => {
    reject(
      new OutpostError('BAD_INPUT', sentence('host.port_unusable', { port }), {
        cause,
      }),
    );
  });
  server.listen({ host: ADDRESS, port, exclusive: true }, () => {
    const bound = server.address();
    resolve(bound !== null && typeof bound === 'object' ? bound.port : port);
  });
  return promise;
}

/** Listens on the asked port; when any will do, on that of the host before, as long as nobody else has it. */
async function listenAgain(server: Server, asked: number, before: HostMemory | null): Promise<number> {
  if (asked !== 0 || before === null) return listen(server, asked);
  try {
    return await listen(server, before.port);
  } catch {
    return listen(server, 0);
  }
}

/**
 * Serves the window and the backend's calls to a browser on this machine, on loopback only. Whoever has an address
 * from `address()` gets a session; everybody else is turned away. BAD_INPUT when the port cannot be used.
 */
export async function startLoopbackHost(options: LoopbackOptions): Promise<LoopbackHost> {
  const server = createServer();
  const { before = null } = options;
  const port = await listenAgain(server, options.port, before);
  // A window only knows the port it came by: on another one none is left.
  const same = before?.port === port ? before : null;
  const instance = same?.instance ?? Buffer.from(options.random(8)).toString('hex');
  const tokens = createTokens(options.random, same?.sessions);
  const presence = watchOpenWindows(
    options.clock,
    options.times,
    options.isBusy,
    options.onDeserted ?? (() => undefined),
  );
  const wiring: Wiring = {
    options,
    authority: `${ADDRESS}:${port}`,
    cookie: `outpost-${instance}`,
    controlSecret: newSecret(options.random),
    tokens,
    presence,
    rpc: createRpcTransport(options.router, presence, options.language),
    remember: () => options.remember?.({ instance, port, sessions: tokens.sessions() }),
  };
  server.on('request', (request, response) => {
    route(wiring, request, response).catch((error: unknown) => fail(options.logger, response, error));
  });
  return {
    instance,
    port,
    controlSecret: wiring.controlSecret,
    address: () => address(wiring),
    close: () => close(server, presence),
  };
}

async function close(server: Server, presence: OpenWindows): Promise<void> {
  presence.stop();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
