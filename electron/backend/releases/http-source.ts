import { OutpostError } from '../../../shared/errors/index.ts';
import { offline, startDeadline } from '../network/deadline.ts';
import { baseOf } from '../network/base-address.ts';
import { downloadTarget, type HttpEnvironment } from './download.ts';
import type { ListedFile, ReleaseSource } from './release-source.ts';
import { sentence } from '../../../shared/language/sentence.ts';

async function readCapped(response: Response, maxBytes: number, onBytes: () => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of response.body ?? []) {
    onBytes();
    total += chunk.byteLength;
    if (total > maxBytes)
      throw new OutpostError('BAD_RELEASE', sentence('releases.answer_larger_than_release_information_may'));
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

async function fetchMetadata(environment: HttpEnvironment, url: URL, maxBytes: number): Promise<Uint8Array | null> {
  const { fetch, clock } = environment.options;
  const deadline = startDeadline(clock, environment.signal);
  try {
    const response = await fetch(url, { signal: deadline.signal, redirect: 'error' });
    if (response.status === 404 || response.status === 403) {
      await response.body?.cancel();
      return null;
    }
    if (response.status !== 200)
      throw new OutpostError('OFFLINE', sentence('network.registry_answered_status', { status: response.status }));
    return await readCapped(response, maxBytes, () => deadline.touch());
  } catch (error) {
    throw offline(error, environment.signal);
  } finally {
    deadline.end();
  }
}

/** Path of a target as the repository stores it: the hash stands before the file name (consistent snapshots). */
export function hashedPath(file: ListedFile): string {
  const parts = file.path.split('/');
  const name = parts.pop() ?? '';
  return [...parts, `${file.sha256}.${name}`].map(encodeURIComponent).join('/');
}

/** The registry at `address` as a source of releases. */
export function httpSource(address: string, environment: HttpEnvironment): ReleaseSource {
  const base = baseOf(address);
  return {
    kind: 'registry',
    metadata: (name, maxBytes) =>
      fetchMetadata(environment, new URL(`releases/metadata/${encodeURIComponent(name)}`, base), maxBytes),
    target: (file, onProgress) =>
      downloadTarget(environment, new URL(`releases/targets/${hashedPath(file)}`, base), file, onProgress),
  };
}
