import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { looksLikeModel } from '../../shared/encoding/onnx/index.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { explainCsv } from './csv-errors.ts';

/** What a file of labelled cases is: a CSV file, a dataset that was kept, or cases line by line. */
type FileKind = 'csv' | 'dataset' | 'cases';

const looked = 64 * 1024;

/** Beginning of a file as text, unpacked when it is packed with gzip; empty when that cannot be done. */
async function startOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(looked), 0, looked, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (looksLikeModel(bytes)) throw new OutpostError('BAD_CSV', sentence('data.is_model', { file }));
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return '';
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Tells what a file is by its ending (`.dataset`, `.jsonl`, `.jsonl.gz`), else by how it begins. Throws BAD_INPUT when it
 * cannot be read, BAD_CSV for a model.
 */
export async function kindOfFile(file: string): Promise<FileKind> {
  if (file.endsWith('.dataset')) return 'dataset';
  if (/\.jsonl(?:\.gz)?$/.test(file)) return 'cases';
  const start = await startOf(file).catch((error: unknown) => {
    throw explainCsv(error, file);
  });
  const [, kind] = /^\uFEFF?\s*\{\s*"format"\s*:\s*"outpost\.(dataset|cases)\//.exec(start) ?? [];
  return kind === 'dataset' || kind === 'cases' ? kind : 'csv';
}
