import { OutpostError } from '../shared/errors/index.ts';
import { sentence } from '../shared/language/sentence.ts';
import { readText } from './files.ts';

/** First line of a file that holds a secret (passphrase, token). BAD_INPUT when it is empty, or as `readText`. */
export function readSecretFile(file: string): string {
  const line = readText(file).split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new OutpostError('BAD_INPUT', sentence('registry.first_line_empty', { file }));
  return line;
}
