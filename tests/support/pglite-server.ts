import { PGlite } from '@electric-sql/pglite';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const TERMINATE = 'X'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/** Lets one connection at a time use the single session, from its first message until the server says it is idle. */
interface Turnstile {
  readonly enter: (socket: Socket) => Promise<void>;
  readonly leave: (socket: Socket) => void;
}

function createTurnstile(): Turnstile {
  let holder: Socket | null = null;
  const waiting: Array<{ socket: Socket; admit: () => void }> = [];
  return {
    enter: async (socket) => {
      if (holder === null || holder === socket) {
        holder = socket;
        return;
      }
      await new Promise<void>((admit) => waiting.push({ socket, admit }));
    },
    leave: (socket) => {
      if (holder !== socket) return;
      const next = waiting.shift();
      holder = next?.socket ?? null;
      next?.admit();
    },
  };
}

/** Cuts the next whole message off the buffered bytes; the first message of a connection has no type byte. */
function takeMessage(bytes: Buffer, isFirst: boolean): Buffer | null {
  const offset = isFirst ? 0 : 1;
  if (bytes.length < offset + 4) return null;
  const length = offset + bytes.readUInt32BE(offset);
  return bytes.length < length ? null : bytes.subarray(0, length);
}

function endsIdle(answer: Uint8Array): boolean {
  const tail = answer.subarray(-6);
  return tail.length === 6 && tail[0] === READY_FOR_QUERY && tail[5] === IDLE;
}

async function serve(socket: Socket, database: PGlite, turnstile: Turnstile): Promise<void> {
  let pending: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    pending = Buffer.concat([pending, chunk]);
    for (let message = takeMessage(pending, isFirst); message !== null; message = takeMessage(pending, isFirst)) {
      pending = pending.subarray(message.length);
      const request = isFirst ? message.readUInt32BE(4) : 0;
      if (request === SSL_REQUEST) {
        socket.write('N');
        continue;
      }
      if (request === CANCEL_REQUEST || (!isFirst && message[0] === TERMINATE)) return;
      isFirst = false;
      await turnstile.enter(socket);
      const answer = await database.execProtocolRaw(message);
      socket.write(answer);
      if (endsIdle(answer)) turnstile.leave(socket);
    }
  }
}

/**
 * Serves an empty in-memory PGlite over the PostgreSQL protocol on a random loopback port. All connections share one
 * session (settings, temporary tables, advisory locks); transactions of different connections wait for each other.
 */
export async function startPglite(): Promise<{ url: string; stop: () => Promise<void> }> {
  const database = await PGlite.create();
  const turnstile = createTurnstile();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, database, turnstile)
      .catch((error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        sockets.delete(socket);
        turnstile.leave(socket);
        socket.end();
      });
    // The reason is kept by the promise above; without a listener Node would end the test run here.
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    await database.close();
  };
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, stop };
}
