import { ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { contextBridge, ipcRenderer } from 'electron';
import { z } from 'zod';
import { messageOf, OutpostError, sentenceOf } from '../shared/errors/index.ts';
import { wireData } from '../shared/errors/wire.ts';
import {
  APP_URL,
  CONNECT_CHANNEL,
  PORT_CHANNEL,
  refusalSchema,
  type BridgeAnswer,
  type OutpostBridge,
} from '../shared/hosting/bridge.ts';
import { sentence, type Sentence } from '../shared/language/sentence.ts';

// The page's policy forbids code made from text, which zod would try first.
z.config({ jitless: true });

type Link = RPCLink<Record<never, never>>;

/** One line to the backend; `lost` fires when the backend was started again and another line took its place. */
interface Line {
  readonly link: Link;
  readonly lost: AbortController;
}

/** Hands out the line that stands now, or the next one. */
interface Lines {
  current(): Promise<Line>;
}

function followLines(onPort: (listener: (port: MessagePort) => void) => void): Lines {
  let next = Promise.withResolvers<Line>();
  let line: Line | null = null;
  onPort((port) => {
    line?.lost.abort(new OutpostError('INTERNAL', sentence('host.outpost_started_inner_part_again')));
    if (line !== null) next = Promise.withResolvers<Line>();
    line = { link: new RPCLink({ port }), lost: new AbortController() };
    port.start();
    next.resolve(line);
  });
  return { current: () => next.promise };
}

const codedSchema = z.looseObject({ code: z.string(), message: z.string() });

function failure(error: unknown): BridgeAnswer {
  if (error instanceof ORPCError)
    return { ok: false, error: { code: String(error.code), message: error.message, data: error.data ?? {} } };
  if (error instanceof OutpostError)
    return { ok: false, error: { code: error.code, message: error.message, data: wireData(error) } };
  const coded = codedSchema.safeParse(error);
  const code = coded.success ? coded.data.code : 'INTERNAL';
  return { ok: false, error: { code, message: messageOf(error), data: {} } };
}

const asIterable = z.custom<AsyncIterable<unknown>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
);

async function follow(
  lines: Lines,
  path: readonly string[],
  input: unknown,
  ended: AbortSignal,
  onEvent: (value: unknown) => void,
): Promise<void> {
  const line = await lines.current();
  const signal = AbortSignal.any([ended, line.lost.signal]);
  try {
    const stream = asIterable.parse(await line.link.call(path, input, { context: {}, signal }));
    for await (const value of stream) {
      if (ended.aborted) return;
      onEvent(value);
    }
  } catch (error) {
    // The link says in its own words that a queue was closed.
    throw line.lost.signal.aborted ? line.lost.signal.reason : error;
  }
}

function subscribe(lines: Lines, ...[path, input, onEvent, onEnd]: Parameters<OutpostBridge['subscribe']>): () => void {
  const ended = new AbortController();
  const end = (why: Sentence): void => {
    if (!ended.signal.aborted) onEnd?.(why);
  };
  follow(lines, path, input, ended.signal, onEvent).then(
    () => end(sentence('host.stream_ended')),
    (error: unknown) => end(sentenceOf(error)),
  );
  return () => ended.abort();
}

const tokenSchema = z.object({ token: z.string() });

async function upload(bytes: ArrayBuffer): Promise<BridgeAnswer> {
  try {
    const response = await fetch(new URL('files', APP_URL), { method: 'POST', body: bytes });
    const answer: unknown = await response.json();
    if (!response.ok) return { ok: false, error: refusalSchema.parse(answer) };
    return { ok: true, value: tokenSchema.parse(answer).token };
  } catch (error) {
    return failure(error);
  }
}

async function download(token: string, name: string): Promise<void> {
  const link = document.createElement('a');
  const address = new URL(`files/${encodeURIComponent(token)}`, APP_URL);
  address.searchParams.set('name', name);
  link.href = address.href;
  link.download = name;
  link.click();
}

/** Makes what the page sees. Calls never reject; `whenSent` is handed a function that cancels the call. */
function createBridge(lines: Lines): OutpostBridge {
  return {
    async call(path, input, whenSent) {
      const cancelled = new AbortController();
      whenSent?.(() => cancelled.abort(new OutpostError('CANCELLED')));
      try {
        const line = await lines.current();
        const signal = AbortSignal.any([cancelled.signal, line.lost.signal]);
        return { ok: true, value: await line.link.call(path, input, { context: {}, signal }) };
      } catch (error) {
        return failure(error);
      }
    },
    subscribe: (...given) => subscribe(lines, ...given),
    upload,
    download,
  };
}

const lines = followLines((listener) => {
  ipcRenderer.on(PORT_CHANNEL, (event) => {
    const [port] = event.ports;
    if (port !== undefined) listener(port);
  });
});
contextBridge.exposeInMainWorld('outpost', createBridge(lines));
ipcRenderer.send(CONNECT_CHANNEL);
