import type { IncomingHttpHeaders } from 'node:http';

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is turned away, for the answer. Null when it may go on. */
export interface Refusal {
  readonly status: 403 | 405 | 421;
  readonly sentence: string;
}

const refuse = (status: Refusal['status'], sentence: string): Refusal => ({ status, sentence });

/**
 * Turns away everything that does not come from our own page: another host name (DNS rebinding), another origin, or a
 * request some other site made the browser send. Requests that change something must name their origin.
 */
export function checkOrigin(request: GuardedRequest, authority: string): Refusal | null {
  const { host, origin } = request.headers;
  if (host !== authority) return refuse(421, 'This is not the address Outpost listens on.');
  if (origin !== undefined && origin !== `http://${authority}`)
    return refuse(403, 'Another origin may not ask Outpost.');
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse(403, 'Another site may not ask Outpost. Copy the address into the address bar.');
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  if (request.method !== 'POST') return refuse(405, 'Outpost does not know this method.');
  return origin === undefined ? refuse(403, 'The request does not name its origin.') : null;
}

/** Turns away browsers from the control door: it is only for a second start of the program itself. */
export function checkControl(request: GuardedRequest, authority: string): Refusal | null {
  const { headers } = request;
  if (headers.host !== authority) return refuse(421, 'This is not the address Outpost listens on.');
  const fromBrowser =
    headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin' || headers.cookie !== undefined;
  if (fromBrowser || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    return refuse(403, 'A page may not use this door.');
  return request.method === 'POST' ? null : refuse(405, 'Outpost does not know this method.');
}

/** Value of one cookie, or null. Of repeated names the first counts. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return null;
}

/** The secret of an `authorization: Bearer` header, or null. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? null;
}
