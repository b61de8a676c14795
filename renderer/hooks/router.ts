import { useSyncExternalStore } from 'react';

/** Where the window is. `reading` means that the case, not the list, has the attention. */
export type Route =
  | { readonly page: 'queue'; readonly id: string | null; readonly reading: boolean }
  | { readonly page: 'edit'; readonly id: string }
  | { readonly page: 'new' | 'import' | 'monitor' | 'models' | 'sync' | 'settings' | 'sheet' };

const simplePages = ['new', 'import', 'monitor', 'models', 'sync', 'settings', 'sheet'] as const;

/** Reads a location hash; anything unknown leads to the queue. */
export function parseRoute(hash: string): Route {
  const [page = '', id] = hash.replace(/^#\/?/, '').split('/').map(decodePart);
  if (page === 'edit' && id) return { page, id };
  if (page === 'case' && id) return { page: 'queue', id, reading: true };
  const simple = simplePages.find((name) => name === page);
  return simple === undefined
    ? { page: 'queue', id: page === 'queue' && id ? id : null, reading: false }
    : { page: simple };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A hash typed by hand may hold a stray percent sign; it then names nothing and leads to the queue.
    return '';
  }
}

/** Location hash of a route; the inverse of `parseRoute`. */
export function hashOf(route: Route): string {
  if (route.page === 'edit') return `#/edit/${encodeURIComponent(route.id)}`;
  if (route.page !== 'queue') return `#/${route.page}`;
  if (route.id === null) return '#/queue';
  return `#/${route.reading ? 'case' : 'queue'}/${encodeURIComponent(route.id)}`;
}

/** Goes to a route. `replace` leaves no step for the back button, as for moving through a list. */
export function go(route: Route, options: { replace?: boolean } = {}): void {
  const hash = hashOf(route);
  if (window.location.hash === hash) return;
  if (options.replace === true) window.location.replace(hash);
  else window.location.hash = hash;
}

/** Where the window is right now. What is drawn may be behind: the hash changes before React hears of it. */
export function currentRoute(): Route {
  return parseRoute(window.location.hash);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** The current location hash; parse it with `parseRoute`. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash);
}
