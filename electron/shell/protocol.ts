import type { Protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { errorTable, isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { wireData } from '../../shared/errors/wire.ts';
import { assetOf } from '../../shared/hosting/assets.ts';
import { APP_HOST, APP_SCHEME, isAppUrl } from '../../shared/hosting/bridge.ts';
import { attachment, downloadName } from '../../shared/hosting/download-name.ts';
import { SECURITY_HEADERS } from '../../shared/hosting/headers.ts';
import { inLanguageAsked } from '../../platform/language/page-language.ts';
import type { Language } from '../../shared/language/language.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { UploadedFiles } from '../backend/exchange/uploaded-files.ts';

const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;
const MISSING = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

function answer(
  status: number,
  type: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  more: Record<string, string> = {},
): Response {
  return new Response(body, { status, headers: { ...SECURITY_HEADERS, 'content-type': type, ...more } });
}
const text = (status: number, what: Sentence, { say }: Language): Response =>
  answer(status, 'text/plain; charset=utf-8', `${say(what)}\n`);
const json = (status: number, value: unknown): Response =>
  answer(status, 'application/json; charset=utf-8', JSON.stringify(value));

/** What the window is made of, and which language is spoken. */
interface AppFiles {
  readonly rendererDir: string;
  readonly exchange: UploadedFiles;
  /** Of the few texts that are no page. */
  readonly language: Language;
  /** Language that the program was asked for and the window speaks too, or null. */
  readonly asked: string | null;
}

async function asset({ rendererDir, language, asked }: AppFiles, pathname: string): Promise<Response> {
  const found = assetOf(pathname);
  if (found === null) return text(404, sentence('host.no_such_page'), language);
  try {
    const bytes = await readFile(join(rendererDir, ...found.segments));
    return answer(200, found.type, inLanguageAsked(found, bytes, asked));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && MISSING.has(String(error.code));
    if (!missing) throw error;
    return text(404, sentence('host.no_such_page'), language);
  }
}

async function upload(request: Request, exchange: UploadedFiles): Promise<Response> {
  if (request.body === null) return json(200, { token: await exchange.save([], MAX_UPLOAD_BYTES) });
  return json(200, { token: await exchange.save(request.body, MAX_UPLOAD_BYTES) });
}

async function download(url: URL, exchange: UploadedFiles): Promise<Response> {
  const token = url.pathname.slice('/files/'.length);
  const { stream, bytes } = await exchange.open(token);
  const name = downloadName(url.searchParams.get('name'));
  return answer(200, 'application/octet-stream', Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    'content-length': String(bytes),
    'content-disposition': attachment(name),
  });
}

async function route(request: Request, files: AppFiles): Promise<Response> {
  const { exchange, language } = files;
  const url = new URL(request.url);
  if (url.host !== APP_HOST) return text(404, sentence('host.no_such_page'), language);
  const origin = request.headers.get('origin');
  if (origin !== null && !isAppUrl(`${origin}/`)) return text(403, sentence('host.another_origin'), language);
  if (url.pathname === '/files' && request.method === 'POST') return upload(request, exchange);
  if (request.method !== 'GET') return text(405, sentence('host.read_only'), language);
  return url.pathname.startsWith('/files/') ? download(url, exchange) : asset(files, url.pathname);
}

/**
 * Answers requests of the window to `app://outpost/`: its own files, and files on their way from and to people, with
 * the same headers the browser host gives. Failures are answered with their code.
 */
export function createAppHandler(files: AppFiles): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await route(request, files);
    } catch (error) {
      const known = isOutpostError(error) ? error : new OutpostError('INTERNAL', undefined, { cause: error });
      const { code, message } = known;
      return json(errorTable[code].status, { code, message, data: wireData(known) });
    }
  };
}

/** Makes the scheme of the window known; has to happen before the shell is ready. */
export function declareAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}
