import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OutpostError } from '../../../shared/errors/index.ts';
import { offline, startDeadline, type Deadline } from '../network/deadline.ts';
import type { BackendOptions } from '../session/context.ts';
import type { ListedFile } from './release-source.ts';
import { inTurn, sentence } from '../../../shared/language/sentence.ts';

/** What the HTTP side needs of its surroundings. `partsDir` keeps unfinished downloads so that they can go on. */
export interface HttpEnvironment {
  readonly options: Pick<BackendOptions, 'fetch' | 'clock'>;
  readonly partsDir: string;
  readonly signal: AbortSignal;
}

/** Largest target a laptop takes, in bytes. */
const maxTargetBytes = 256 * 1024 * 1024;

/** What a file of a release may be refused for. */
type Fault =
  | 'releases.longer_than_said'
  | 'releases.not_offered'
  | 'releases.another_range'
  | 'releases.larger_than_taken'
  | 'releases.not_listed_file';

function refused({ path }: ListedFile, fault: Fault): OutpostError {
  return new OutpostError('BAD_RELEASE', inTurn([sentence(fault, { path }), sentence('models.current_stays_active')]));
}

/** Appends the rest of the target to its part. A server that knows no ranges starts again from zero. */
async function appendRest(
  part: FileHandle,
  from: number,
  response: Response,
  file: ListedFile,
  deadline: Deadline,
  onProgress: (done: number) => void,
): Promise<void> {
  let at = from;
  if (response.status === 200) {
    await part.truncate(0);
    at = 0;
  }
  for await (const chunk of response.body ?? []) {
    deadline.touch();
    if (at + chunk.byteLength > file.length) throw refused(file, 'releases.longer_than_said');
    await part.write(chunk, 0, chunk.byteLength, at);
    at += chunk.byteLength;
    onProgress(at);
  }
  if (at < file.length) throw new OutpostError('OFFLINE', sentence('releases.connection_cut_while_file_fetched'));
}

async function fetchRest(
  environment: HttpEnvironment,
  url: URL,
  file: ListedFile,
  path: string,
  onProgress: (done: number) => void,
): Promise<void> {
  const part = await open(path, 'a+', 0o600).then(async (made) => {
    await made.close();
    return open(path, 'r+');
  });
  const deadline = startDeadline(environment.options.clock, environment.signal);
  try {
    const { size } = await part.stat();
    if (size === file.length) return;
    const from = size < file.length ? size : 0;
    if (from === 0) await part.truncate(0);
    const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
    const response = await environment.options.fetch(url, { signal: deadline.signal, redirect: 'error', headers });
    if (response.status === 404 || response.status === 403) throw refused(file, 'releases.not_offered');
    if (response.status !== 200 && response.status !== 206)
      throw new OutpostError('OFFLINE', sentence('releases.registry_answered_status', { status: response.status }));
    if (response.status === 206 && !startsAt(response, from)) throw refused(file, 'releases.another_range');
    await appendRest(part, from, response, file, deadline, onProgress);
  } catch (error) {
    throw offline(error, environment.signal);
  } finally {
    deadline.end();
    await part.close();
  }
}

function startsAt(response: Response, from: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false;
}

/**
 * Fetches a target, going on where an earlier attempt was cut, and checks length and SHA-256 before anyone sees it.
 * OFFLINE keeps the part for next time; BAD_RELEASE throws it away.
 */
export async function downloadTarget(
  environment: HttpEnvironment,
  url: URL,
  file: ListedFile,
  onProgress: (done: number) => void,
): Promise<Uint8Array> {
  if (file.length > maxTargetBytes) throw refused(file, 'releases.larger_than_taken');
  await mkdir(environment.partsDir, { recursive: true, mode: 0o700 });
  const path = join(environment.partsDir, `part-${file.sha256}`);
  try {
    await fetchRest(environment, url, file, path, onProgress);
  } catch (error) {
    if (error instanceof OutpostError && error.code === 'BAD_RELEASE') await rm(path, { force: true });
    throw error;
  }
  const bytes = new Uint8Array(await readFile(path));
  await rm(path, { force: true });
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) throw refused(file, 'releases.not_listed_file');
  return bytes;
}
