import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A plain TCP proxy in front of a server that can cut connections in the middle. */
interface CuttingProxy {
  readonly url: string;
  /** Cuts a connection once this many bytes have come back on it from now on; null lets everything through. */
  cutAnswersAfter(bytes: number | null): void;
  /** Cuts a connection once this many bytes went to the server on it from now on. */
  cutRequestsAfter(bytes: number | null): void;
  /** Bytes that came back from the server so far, over all connections. */
  answered(): number;
  close(): Promise<void>;
}

/** Milliseconds between the last bytes and the cut. */
const cutDelay = 50;

/** Starts a proxy on loopback in front of `target` (`http://127.0.0.1:port`). */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const limits: { answers: number | null; requests: number | null } = { answers: null, requests: null };
  const sockets = new Set<Socket>();
  // connections are kept open between requests: bytes are counted from the last change of a limit
  let epoch = 0;
  let answered = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      sockets.delete(client);
    };
    sockets.add(client);
    let sent = 0;
    let received = 0;
    let counted = epoch;
    const recount = (): void => {
      if (counted === epoch) return;
      counted = epoch;
      sent = 0;
      received = 0;
    };
    client.on('data', (chunk: Buffer) => {
      recount();
      sent += chunk.length;
      if (limits.requests !== null && sent > limits.requests) end();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      recount();
      const room = limits.answers === null ? chunk.length : Math.max(0, limits.answers - received);
      received += chunk.length;
      answered += Math.min(room, chunk.length);
      client.write(chunk.subarray(0, room));
      // A moment later: a reader that learns of the cut together with the last bytes may never see these.
      if (room < chunk.length) setTimeout(end, cutDelay);
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAnswersAfter: (bytes) => {
      epoch += 1;
      limits.answers = bytes;
    },
    cutRequestsAfter: (bytes) => {
      epoch += 1;
      limits.requests = bytes;
    },
    answered: () => answered,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A `fetch` that reaches `to` where `from` is asked for. */
export function redirected(from: string, to: string): typeof globalThis.fetch {
  return (input, init) => {
    const request = new Request(input, init);
    const url = request.url.replace(from, to);
    return fetch(
      new Request(url, {
        method: request.method,
        headers: request.headers,
        body: request.body,
        duplex: 'half',
        signal: request.signal,
      } as RequestInit),
    );
  };
}
