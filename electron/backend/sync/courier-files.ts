import { courierLimits } from '../../../shared/courier/format.ts';
import { isSealed } from '../../../shared/courier/seal.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { createUploadedFiles } from '../exchange/uploaded-files.ts';
import { createSyncStore } from '../store/sync.ts';
import type { BackendContext, Session } from '../session/context.ts';
import {
  importDown,
  importEnrolmentFile,
  openDownFile,
  type ImportInput,
  type Imported,
} from '../courier/import-file.ts';
import { makeUpFile } from '../courier/export-file.ts';
import { forward } from '../courier/forward-file.ts';
import type { Turner } from './enrol.ts';
import { readEnrolment } from '../store/enrolment.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** A file in the exchange folder: token, name for people. */
interface Handed {
  readonly file: string;
  readonly name: string;
}

export interface CourierWork {
  /** Makes the file for the stick. NOT_ENROLLED when no registry is known. */
  exportCourier(): Promise<Handed & { readonly entries: number }>;
  /**
   * Takes in a file from the stick. A file sealed for the registry is forwarded unread when there is a network, and
   * `answer` is what to carry back. BAD_COURIER when it is refused.
   */
  importCourier(token: string): Promise<{ readonly sentences: Sentence[]; readonly answer: Handed | null }>;
}

async function take(input: ImportInput, bytes: Uint8Array): Promise<Imported> {
  const down = await openDownFile(input.session, bytes);
  if (down.body.code === null) return importDown(input, down);
  await importEnrolmentFile(input, down);
  return { sentences: [sentence('sync.enrolment_file_read')], problem: null };
}

/** Someone else's file: carried on to the registry, when there is one to reach. */
async function carryOn(
  context: BackendContext,
  session: Session,
  bytes: Uint8Array,
  error: unknown,
  signal: AbortSignal,
): Promise<Handed> {
  const address = readEnrolment(session.keyValues)?.address ?? '';
  if (!isOutpostError(error, 'BAD_COURIER') || !isSealed(bytes) || address === '') throw error;
  const answer = await forward(address, bytes, { options: context.options, signal });
  const file = await createUploadedFiles(context.exchangeDir).save([answer], courierLimits.sealed);
  return { file, name: `outpost-answer-${new Date(context.options.clock.now()).toISOString().slice(0, 10)}.outpost` };
}

function remember(context: BackendContext, session: Session, taken: Imported): void {
  const at = new Date(context.options.clock.now()).toISOString();
  const store = createSyncStore(session.db, session.keyValues);
  for (const message of taken.sentences) store.say(at, message);
  if (taken.problem !== null) store.setLastProblem({ at, code: taken.problem.code, sentence: taken.problem.sentence });
}

async function importFile(
  context: BackendContext,
  service: Turner,
  token: string,
  signal: AbortSignal,
): Promise<{ sentences: Sentence[]; answer: Handed | null }> {
  const session = context.session();
  const bytes = await createUploadedFiles(context.exchangeDir).read(token, courierLimits.sealed);
  const input: ImportInput = {
    session,
    signal,
    appVersion: context.options.appVersion,
    now: () => context.options.clock.now(),
    onInstalling: () => service.show({ phase: 'installing', progress: null }),
    onProgress: (done, total) => service.show({ phase: 'installing', progress: { done, total } }),
  };
  let taken: Imported;
  try {
    taken = await take(input, bytes);
  } catch (error) {
    const answer = await carryOn(context, session, bytes, error, signal);
    return { sentences: [sentence('sync.forwarded_unread')], answer };
  }
  signal.throwIfAborted();
  remember(context, session, taken);
  return { sentences: taken.sentences, answer: null };
}

/** Courier files, as the service offers them. */
export function courierWork(context: BackendContext, service: Turner): CourierWork {
  return {
    exportCourier: () =>
      service.turn(async (signal) => {
        const session = context.session();
        const up = await makeUpFile(session, context.options.clock.now());
        signal.throwIfAborted();
        if (up.bytes.length > courierLimits.sealed)
          throw new OutpostError('INTERNAL', sentence('sync.courier_file_would_too_large'));
        const file = await createUploadedFiles(context.exchangeDir).save([up.bytes], courierLimits.sealed);
        createSyncStore(session.db, session.keyValues).say(
          new Date(context.options.clock.now()).toISOString(),
          sentence('sync.courier_file_made', { n: up.entries }),
        );
        return { file, name: up.name, entries: up.entries };
      }),
    async importCourier(token) {
      const result = await service.turn((signal) => importFile(context, service, token, signal));
      context.live.publish('status');
      return result;
    },
  };
}
