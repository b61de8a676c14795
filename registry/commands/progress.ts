import type { Writable } from 'node:stream';

/** A line that says how far something is; only shown where a person looks on. */
export interface ProgressLine {
  readonly show: (share: number) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

/** Shows `what` with per cent on a terminal, nothing elsewhere. */
export function progressLine(stream: Writable & { readonly isTTY?: boolean }, what: string): ProgressLine {
  if (stream.isTTY !== true) return { show: () => undefined, end: () => undefined };
  let last = -1;
  return {
    show(share) {
      const percent = Math.floor(100 * share);
      if (percent !== last) stream.write(`\r${what} … ${percent} %`);
      last = percent;
    },
    end: () => void stream.write('\r\u001B[K'),
  };
}
