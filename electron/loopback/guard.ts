import type { IncomingHttpHeaders } from 'node:http';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** What the guard looks at. */
interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is turned away, for the answer. Null when it may go on. */
interface Refusal {
  readonly status: 403 | 405 | 421;
  readonly why: Sentence;
}

const refuse = (status: Refusal['status'], why: Sentence): Refusal => ({ status, why });

/**
 * Turns away everything that does not come from our own page: another host name (DNS rebinding), another origin, or a
 * request some other site made the browser send. Requests that change something must name their origin.
 */
export function checkOrigin(request: GuardedRequest, authority: string): Refusal | null {
  const { host, origin } = request.headers;
  if (host !== authority) return refuse(421, sentence('host.another_address'));
  if (origin !== undefined && origin !== `http://${authority}`) return refuse(403, sentence('host.another_origin'));
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse(403, sentence('host.another_site'));
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  if (request.method !== 'POST') return refuse(405, sentence('host.unknown_method'));
  return origin === undefined ? refuse(403, sentence('host.no_origin')) : null;
}

/** Turns away browsers from the control door: it is only for a second start of the program itself. */
export function checkControl(request: GuardedRequest, authority: string): Refusal | null {
  const { headers } = request;
  if (headers.host !== authority) return refuse(421, sentence('host.another_address'));
  const fromBrowser =
    headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin' || headers.cookie !== undefined;
  if (fromBrowser || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    return refuse(403, sentence('host.no_door_for_pages'));
  return request.method === 'POST' ? null : refuse(405, sentence('host.unknown_method'));
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
