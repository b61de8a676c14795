import { OutpostError } from '../errors/index.ts';

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
  throw new OutpostError(
    'BAD_INPUT',
    `--out ${out} would write over ${over}, which is read here. Nothing was written: name another file for --out.`,
  );
}
