import { OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex } from '../../../shared/log/canonical.ts';

/** Fetches a candidate's file by its hash from the registry; what comes is hashed again here. */
export type FetchFile = (what: string, sha256: string) => Promise<Uint8Array>;

const maxFileBytes = 64 * 1024 * 1024;

async function readCapped(answer: Response, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.body ?? []) {
    total += chunk.byteLength;
    if (total > maxFileBytes)
      throw new OutpostError('NOT_APPROVED', `The ${what} is larger than ${maxFileBytes} bytes. Nothing was signed.`);
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
      throw new OutpostError(
        'NOT_APPROVED',
        `The registry does not give the ${what} (HTTP ${answer.status}). Nothing was signed.`,
      );
    const bytes = await readCapped(answer, what);
    if (sha256Hex(bytes) !== sha256) {
      throw new OutpostError(
        'NOT_APPROVED',
        `The ${what} is not the one the report names: its SHA-256 is ${sha256Hex(bytes)}, not ${sha256}. Nothing was signed.`,
      );
    }
    return bytes;
  };
}
