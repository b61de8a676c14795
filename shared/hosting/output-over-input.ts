import { OutpostError } from '../errors/index.ts';
import { sentence } from '../language/sentence.ts';

/**
 * Throws BAD_INPUT when `out` is one of the files a command reads, under whatever name: what it writes would take the
 * place of what it read. `realPath` follows links and answers null where there is no file; `-` and undefined are no files.
 */
export function requireNotRead(
  out: string | undefined,
  read: readonly (string | undefined)[],
  realPath: (path: string) => string | null,
): void {
  if (out === undefined || out === '-') return;
  const target = realPath(out);
  if (target === null) return;
  const over = read.find((file) => file !== undefined && file !== '-' && realPath(file) === target);
  if (over === undefined) return;
  throw new OutpostError('BAD_INPUT', sentence('hosting.out_over_input', { out, input: over }));
}
