import { basename } from 'node:path';
import { OutpostError } from '../../shared/errors/index.ts';
import type { ReadingWatch } from '../data/csv-rows.ts';
import type { CommandIo } from '../../platform/command-io.ts';
import { progressLine, type ProgressLine } from './progress.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

function readText(bytes: number, size: number, rows: number): Sentence {
  if (size < 1e7) return sentence('progress.read_of_small', { done: bytes / 1e6, size: size / 1e6, rows });
  return sentence('progress.read', { done: Math.round(bytes / 1e6), size: Math.round(size / 1e6), rows });
}

/** Shows how far a file is read, each time it is read from its beginning. */
function shownReading(io: CommandIo, file: string, signal: AbortSignal): ReadingWatch & { readonly end: () => void } {
  let line: ProgressLine | null = null;
  let times = 0;
  return {
    signal,
    pass() {
      let own: ProgressLine | null = null;
      const begun = io.clock.now();
      return ({ bytes, size, rows }) => {
        if (own === null) {
          line?.end();
          times += 1;
          const code = times === 1 ? 'progress.reading' : 'progress.reading_again';
          own = progressLine(io, sentence(code, { file: basename(file) }), begun);
          line = own;
        }
        own.show(size === 0 ? 1 : bytes / size, readText(bytes, size, rows));
      };
    },
    end: () => line?.end(),
  };
}

/**
 * Reads a file while the person sees how far it is and may interrupt it (Ctrl+C): then throws CANCELLED at once, although
 * what was begun may go on. `stop` is aborted too; without it, interrupting means nothing of ours once the file is read.
 */
export async function whileReading<T>(
  io: CommandIo,
  file: string,
  read: (watch: ReadingWatch) => Promise<T>,
  stop?: AbortController,
): Promise<T> {
  const [own, done] = [stop ?? new AbortController(), new AbortController()];
  const { signal } = own;
  if (stop === undefined) void io.ended(done.signal).then(() => own.abort());
  const cancelled = new OutpostError('CANCELLED', sentence('learn.cancelled_while_data_read'));
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(cancelled), { once: true });
    if (signal.aborted) reject(cancelled);
  });
  const shown = shownReading(io, file, signal);
  try {
    return await Promise.race([read(shown), aborted]);
  } finally {
    done.abort();
    shown.end();
  }
}
