import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { BackendContract } from '../../shared/contract/backend.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { refusalSchema, type BridgeAnswer, type OutpostBridge } from '../../shared/hosting/bridge.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Typed access to every call of the backend contract. */
export type Client = ContractRouterClient<BackendContract>;

/** Ways of moving large bytes: a file becomes a token for a call, a token becomes a file for the person. */
export interface Files {
  upload(file: File): Promise<string>;
  download(token: string, name: string): Promise<void>;
}

interface Connection {
  readonly client: Client;
  readonly files: Files;
}

declare global {
  interface Window {
    readonly outpost?: OutpostBridge;
  }
}

/** Events of a subscription as an iterator; it ends when the signal is aborted, and throws when the stream breaks. */
async function* eventsOf(
  bridge: OutpostBridge,
  path: readonly string[],
  input: unknown,
  signal: AbortSignal | undefined,
) {
  const waiting: unknown[] = [];
  let broken: Sentence | null = null;
  let wake: () => void = () => {};
  const push = (event: unknown): void => {
    waiting.push(event);
    wake();
  };
  const stop = bridge.subscribe(path, input, push, (why) => {
    broken = why;
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      if (waiting.length > 0) yield waiting.shift();
      else if (broken !== null) throw new OutpostError('INTERNAL', broken);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop();
  }
}

/** Calls whose answer comes piece by piece. */
const streams: ReadonlySet<string> = new Set(['live.changes', 'imports.stage']);

async function callBridge(
  bridge: OutpostBridge,
  path: readonly string[],
  input: unknown,
  signal: AbortSignal | undefined,
) {
  const cancelWith = (cancel: () => void): void => {
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  };
  return valueOf(await bridge.call(path, input, cancelWith));
}

function refused({ code, message, data }: z.infer<typeof refusalSchema>): ORPCError<string, unknown> {
  return new ORPCError(code, { message, data, defined: true });
}

function valueOf(answer: BridgeAnswer): unknown {
  if (answer.ok) return answer.value;
  throw refused(answer.error);
}

function bridgeConnection(bridge: OutpostBridge): Connection {
  const call = async (path: readonly string[], input: unknown, options: { signal?: AbortSignal | undefined }) =>
    streams.has(path.join('.'))
      ? eventsOf(bridge, path, input, options.signal)
      : callBridge(bridge, path, input, options.signal);
  return {
    client: createORPCClient<Client>({ call }),
    files: {
      upload: async (file) => z.string().parse(valueOf(await bridge.upload(await file.arrayBuffer()))),
      download: (token, name) => bridge.download(token, name),
    },
  };
}

async function uploadOverHttp(file: File): Promise<string> {
  const response = await fetch('/files', {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const refusal = refusalSchema.safeParse(answer);
    if (refusal.success) throw refused(refusal.data);
    throw new OutpostError('INTERNAL', sentence('window_frame.file_not_taken', { status: response.status }));
  }
  if (typeof answer !== 'object' || answer === null || !('token' in answer) || typeof answer.token !== 'string') {
    throw new OutpostError('INTERNAL', sentence('window_frame.file_answer'));
  }
  return answer.token;
}

function httpConnection(origin: string): Connection {
  return {
    client: createORPCClient<Client>(new RPCLink({ url: `${origin}/rpc` })),
    files: {
      upload: uploadOverHttp,
      download: async (token, name) => {
        const link = document.createElement('a');
        link.href = `/files/${encodeURIComponent(token)}?name=${encodeURIComponent(name)}`;
        link.download = name;
        link.click();
      },
    },
  };
}

/** Picks the transport of this window: the shell's bridge when there is one, else HTTP on the same origin. */
export function connect(window: Pick<Window, 'outpost' | 'location'>): Connection {
  return window.outpost === undefined ? httpConnection(window.location.origin) : bridgeConnection(window.outpost);
}
