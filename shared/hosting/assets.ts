/** Content types by file ending. A file of the window with another ending is not served at all. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};

// A segment starts with a letter, digit or underscore, so "..", hidden files and empty segments cannot occur.
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** A file of the window: where it lies below the folder of the window, and its content type. */
export interface Asset {
  readonly segments: readonly string[];
  readonly type: string;
}

/**
 * Reads which file of the window a URL path asks for; `/` is the page itself. Null for everything that is not a plain
 * name: percent signs, backslashes, dots in front, unknown endings. No path can lead out of the folder.
 */
export function assetOf(pathname: string): Asset | null {
  if (!pathname.startsWith('/')) return null;
  const segments = pathname === '/' ? ['index.html'] : pathname.slice(1).split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) return null;
  const last = segments.at(-1) ?? '';
  const ending = last.slice(last.lastIndexOf('.') + 1);
  const type = last.includes('.') && Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
  return type === undefined ? null : { segments, type };
}
