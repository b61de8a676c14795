import type { ServerResponse } from 'node:http';
import { errorTable, isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { wireData } from '../../shared/errors/wire.ts';
import type { Language } from '../../shared/language/language.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { SECURITY_HEADERS } from '../../shared/hosting/headers.ts';

/** Puts the headers every answer carries on a response; later ones may replace them. */
export function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}

/** Answers with a sentence as plain text. */
export function answerText(response: ServerResponse, status: number, sentence: Sentence, { say }: Language): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${say(sentence)}\n`);
}

/** Answers with a JSON value. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}

/** Answers a failure with its code, its sentence and its data; what is no error of ours becomes INTERNAL. */
export function answerError(response: ServerResponse, error: unknown): void {
  const known = isOutpostError(error) ? error : new OutpostError('INTERNAL', undefined, { cause: error });
  const { code, message } = known;
  answerJson(response, errorTable[code].status, { code, message, data: wireData(known) });
}
