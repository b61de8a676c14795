import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { assetOf } from '../../shared/hosting/assets.ts';
import { answerText } from './responses.ts';
import { sentence } from '../../shared/language/sentence.ts';

const MISSING = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && MISSING.has(error.code);
}

/** Answers with a file of the window. Only names that `assetOf` understands are ever looked up. */
export async function serveAsset(response: ServerResponse, rendererDir: string, pathname: string): Promise<void> {
  const asset = assetOf(pathname);
  if (asset === null) return answerText(response, 404, sentence('host.no_such_page'));
  try {
    const bytes = await readFile(join(rendererDir, ...asset.segments));
    response.writeHead(200, { 'content-type': asset.type, 'content-length': bytes.byteLength }).end(bytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    answerText(response, 404, sentence('host.no_such_page'));
  }
}
