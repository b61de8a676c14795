import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** Fetches a candidate's file by its hash from the registry; what comes is hashed again here. */
export type FetchFile = (what: Sentence, sha256: string) => Promise<Uint8Array>;

const maxFileBytes = 64 * 1024 * 1024;

async function readCapped(answer: Response, what: Sentence): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.body ?? []) {
    total += chunk.byteLength;
    if (total > maxFileBytes)
      throw new OutpostError('NOT_APPROVED', sentence('approval.file_too_large', { what, bytes: maxFileBytes }));
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Files of the registry at `address`, with an admin's token. Throws NOT_APPROVED naming the file whose hash differs. */
export function registryFiles(
  address: string,
  token: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): FetchFile {
  return async (what, sha256) => {
    let answer: Response;
    try {
      answer = await fetch(new URL(`files/${sha256}`, address), {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal,
      });
    } catch (cause) {
      throw new OutpostError(signal.aborted ? 'CANCELLED' : 'OFFLINE', undefined, { cause });
    }
    if (answer.status === 403) throw new OutpostError('FORBIDDEN');
    if (answer.status !== 200)
      throw new OutpostError('NOT_APPROVED', sentence('approval.file_not_given', { what, status: answer.status }));
    const bytes = await readCapped(answer, what);
    if (sha256Hex(bytes) !== sha256) {
      throw new OutpostError(
        'NOT_APPROVED',
        sentence('approval.file_not_reported', { what, is: sha256Hex(bytes), reported: sha256 }),
      );
    }
    return bytes;
  };
}
