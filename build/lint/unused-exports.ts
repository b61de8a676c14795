import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { ROOMS } from './folder-circles.ts';

/** An export that no other file takes. */
interface UnusedExport {
  readonly file: string;
  readonly name: string;
}

/** A name that another file takes, or all of them (`*`). */
interface Taken {
  readonly from: string;
  readonly name: string;
}

function namesIn(list: string): string[] {
  return list
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .split(',')
    .map((part) => part.trim().replace(/^type\s+/, ''))
    .filter((part) => part !== '');
}

/** Names a source exports, by declaration or in a list. */
function exportsOf(text: string): string[] {
  const declared = text.matchAll(
    /^export (?:declare )?(?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type|enum) ([\w$]+)/gm,
  );
  const unpacked = text.matchAll(/^export const [{[]([^}\]=]*)[}\]]\s*=/gm);
  const listed = text.matchAll(/^export (?:type )?\{([^}]*)\}(?:;| from)/gm);
  return [
    ...Array.from(declared, ([, name]) => name!),
    ...Array.from(unpacked, ([, list]) => namesIn(list!).map((part) => part.split(':').at(-1)!.trim())).flat(),
    ...Array.from(listed, ([, list]) => namesIn(list!).map((part) => part.split(/\s+as\s+/).at(-1)!)).flat(),
  ];
}

/** What a source takes from others, by import, re-export or start. */
function takenBy(text: string): Taken[] {
  const all = (pattern: RegExp): Taken[] =>
    Array.from(text.matchAll(pattern), (match) => ({ from: match.groups!['from']!, name: '*' }));
  const named = text.matchAll(
    /(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{(?<list>[^}]*)\}\s*from\s+'(?<from>\.{1,2}\/[^']+)'/g,
  );
  const lists = Array.from(named, ({ groups }) =>
    namesIn(groups!['list']!).map((part) => ({ from: groups!['from']!, name: part.split(/\s+as\s+/)[0]! })),
  );
  return [
    ...lists.flat(),
    ...all(/\*(?:\s+as\s+[\w$]+)?\s+from\s+'(?<from>\.{1,2}\/[^']+)'/g),
    ...all(/import\(\s*'(?<from>\.{1,2}\/[^']+)'/g),
    ...all(/new URL\(\s*'(?<from>\.{1,2}\/[^']+)'/g),
  ];
}

/** `files`: path -> text, paths with forward slashes. Every export that no other of them takes. */
export function findUnused(files: ReadonlyMap<string, string>): UnusedExport[] {
  const taken = new Set<string>();
  for (const [file, text] of files)
    for (const { from, name } of takenBy(text))
      taken.add(`${posix.normalize(posix.join(posix.dirname(file), from))} ${name}`);
  return [...files].flatMap(([file, text]) =>
    taken.has(`${file} *`)
      ? []
      : exportsOf(text).flatMap((name) => (taken.has(`${file} ${name}`) ? [] : [{ file, name }])),
  );
}

/** A source without its comments and the names of files it imports. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|from '[^']*'/gm, '');
}

/**
 * Exports that no source takes and that are not at work where they stand: only tests, or nobody, need them. A part that
 * its own file works with may be exported for its tests.
 */
export function findIdle(sources: ReadonlyMap<string, string>): UnusedExport[] {
  return findUnused(sources).filter(({ file, name }) => {
    const uses = codeOf(sources.get(file)!).split(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`));
    return uses.length <= 2;
  });
}

/** What a program wrote is as it is; a rule of the lint is asked by its unit test. */
const EXEMPT = /_pb\.ts$|^build\/lint\//;

function textsOf(top: string, rooms: readonly string[]): ReadonlyMap<string, string> {
  const paths = globSync(
    rooms.map((room) => `${room}/**/*.{ts,tsx}`),
    { cwd: top },
  ).map((path) => path.split(sep).join('/'));
  return new Map(paths.map((path) => [path, readFileSync(join(top, path), 'utf8')]));
}

/** Exports that no other file takes, tests included, and those that only tests need: they are no part of anything. */
export function unusedExports(top: string): UnusedExport[] {
  const [sources, all] = [textsOf(top, ROOMS), textsOf(top, [...ROOMS, 'tests'])];
  return [...findUnused(all), ...findIdle(sources)].filter(({ file }) => !EXEMPT.test(file));
}
