import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { assetOf } from '../../shared/hosting/assets.ts';
import { inLanguageAsked } from '../../platform/language/page-language.ts';
import type { Language } from '../../shared/language/language.ts';
import { answerText } from './responses.ts';
import { sentence } from '../../shared/language/sentence.ts';

const MISSING = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && MISSING.has(error.code);
}

/** Where the files of the window lie, and which language is spoken. */
export interface WindowFiles {
  /** Folder of the built window. */
  readonly rendererDir: string;
  /** Of the few texts that are no page. */
  readonly language: Language;
  /** Language that the program was asked for and the window speaks too, or null. */
  readonly asked: string | null;
}

/** Answers with a file of the window. Only names that `assetOf` understands are ever looked up. */
export async function serveAsset(
  response: ServerResponse,
  pathname: string,
  { rendererDir, language, asked }: WindowFiles,
): Promise<void> {
  const asset = assetOf(pathname);
  if (asset === null) return answerText(response, 404, sentence('host.no_such_page'), language);
  try {
    const bytes = inLanguageAsked(asset, await readFile(join(rendererDir, ...asset.segments)), asked);
    response.writeHead(200, { 'content-type': asset.type, 'content-length': bytes.byteLength }).end(bytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    answerText(response, 404, sentence('host.no_such_page'), language);
  }
}
