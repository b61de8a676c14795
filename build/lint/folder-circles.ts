import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';

/** Rooms whose folders must not import each other, types included. */
export const ROOMS = ['build', 'electron', 'learning', 'platform', 'registry', 'renderer', 'shared'] as const;

/** Two folders of a room that import each other, with an import of each direction. */
interface FolderCircle {
  readonly folders: readonly [string, string];
  readonly imports: readonly [string, string];
}

/** What a source imports, starts or names by a relative path, types included. */
function specifiersOf(text: string): string[] {
  const pattern = /(?:from\s+|import\(\s*|import\s+|new URL\(\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;
  return [...text.matchAll(pattern)].map(([, , specifier]) => specifier ?? '');
}

/** `files`: path -> text, paths with forward slashes. Every pair of folders of which each imports the other, once. */
export function findCircles(files: ReadonlyMap<string, string>): FolderCircle[] {
  const first = new Map<string, string>();
  for (const [file, text] of files) {
    const from = posix.dirname(file);
    for (const specifier of specifiersOf(text)) {
      const target = posix.normalize(posix.join(from, specifier));
      const to = posix.dirname(target);
      const arrow = `${from} ${to}`;
      if (from !== to && files.has(target) && !first.has(arrow)) first.set(arrow, `${file} -> ${target}`);
    }
  }
  return [...first].flatMap(([arrow, there]) => {
    const [from, to] = arrow.split(' ') as [string, string];
    const back = first.get(`${to} ${from}`);
    return back !== undefined && from < to ? [{ folders: [from, to], imports: [there, back] } as const] : [];
  });
}

/** The circles of a room below the top of the project. */
export function circlesOf(top: string, room: string): FolderCircle[] {
  const paths = globSync(`${room}/**/*.{ts,tsx}`, { cwd: top }).map((path) => path.split(sep).join('/'));
  return findCircles(new Map(paths.map((path) => [path, readFileSync(join(top, path), 'utf8')])));
}
