import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const READY = /^OUTPOST_READY(?:\s+(\S+))?\s*$/;

/** What of a child process the wait looks at. */
interface Watched {
  readonly stdout: Readable | null;
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: (code: number | null) => void): unknown;
}

/** How the wait for a host ended: `detail` is what it gave with its ready line (the address, for the browser host). */
export type Readiness =
  | { readonly state: 'ready'; readonly detail: string }
  | { readonly state: 'exited'; readonly code: number | null }
  | { readonly state: 'timeout' };

/**
 * Waits until a started host prints its `OUTPOST_READY` line on standard output, ends, or takes longer than
 * `timeoutMs`. All its other lines are handed to `show`, also after it is ready.
 */
export function waitUntilReady(child: Watched, timeoutMs: number, show: (line: string) => void): Promise<Readiness> {
  const { promise, resolve } = Promise.withResolvers<Readiness>();
  const timer = setTimeout(() => resolve({ state: 'timeout' }), timeoutMs);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = READY.exec(line);
      if (ready === null) show(line);
      else resolve({ state: 'ready', detail: ready[1] ?? '' });
    });
  }
  child.once('error', () => resolve({ state: 'exited', code: null }));
  // `close`, not `exit`: a ready line may still be in the pipe when a short-lived second host has ended.
  child.once('close', (code: number | null) => resolve({ state: 'exited', code }));
  return promise.finally(() => clearTimeout(timer));
}
