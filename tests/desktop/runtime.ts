import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TOP = fileURLToPath(new URL('../..', import.meta.url));

/** The installed desktop runtime, or null. Reads files only: loading its package would download it. */
export function findRuntime(): string | null {
  const folder = join(TOP, 'node_modules', 'electron');
  const place = join(folder, 'path.txt');
  if (!existsSync(place)) return null;
  const program = join(folder, 'dist', readFileSync(place, 'utf8').trim());
  return existsSync(program) ? program : null;
}
