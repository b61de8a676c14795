import { OutpostError } from '../shared/errors/index.ts';
import { sentence } from '../shared/language/sentence.ts';
import { readText } from './files.ts';

/** First line of a file that holds a secret (passphrase, token). BAD_INPUT when it is empty, or as `readText`. */
export function readSecretFile(file: string): string {
  const line = readText(file).split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new OutpostError('BAD_INPUT', sentence('registry.first_line_empty', { file }));
  return line;
}

/** An admin's token from a file. BAD_INPUT naming the file when its first line cannot be one. */
export function readTokenFile(file: string): string {
  const token = readSecretFile(file).trim();
  if (/^[\w-]{20,200}$/.test(token)) return token;
  throw new OutpostError('BAD_INPUT', sentence('registry.no_token_in_file', { file }));
}

/** The error of a call that a registry refused for its token, naming the file that came from; any other one as it is. */
export function aboutToken(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'FORBIDDEN')) return error;
  return new OutpostError('FORBIDDEN', sentence('registry.token_refused', { file }), { cause: error });
}
