import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { attachment, downloadName } from '../../shared/hosting/download-name.ts';
import type { UploadedFiles } from '../backend/exchange/uploaded-files.ts';
import type { Language } from '../../shared/language/language.ts';
import { answerJson, answerText } from './responses.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Largest file that can be handed in: a year of courier files or a large model fits. */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;

async function receive(request: IncomingMessage, response: ServerResponse, exchange: UploadedFiles): Promise<void> {
  const token = await exchange.save(request, MAX_UPLOAD_BYTES);
  answerJson(response, 200, { token });
}

async function send(response: ServerResponse, exchange: UploadedFiles, token: string, name: string): Promise<void> {
  const { stream, bytes } = await exchange.open(token);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': bytes,
    'content-disposition': attachment(name),
  });
  await pipeline(stream, response);
}

/**
 * `POST /files` keeps the body and answers `{token}`; `GET /files/<token>?name=` sends a kept file to be saved under
 * that name.
 */
export async function serveFiles(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { exchange, language }: { readonly exchange: UploadedFiles; readonly language: Language },
): Promise<void> {
  if (url.pathname === '/files' && request.method === 'POST') return receive(request, response, exchange);
  const token = /^\/files\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
  if (token === undefined || request.method !== 'GET')
    return answerText(response, 404, sentence('host.no_such_file'), language);
  return send(response, exchange, token, downloadName(url.searchParams.get('name')));
}
