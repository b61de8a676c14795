import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { courierLimits } from '../../../shared/courier/format.ts';
import { createUploadedFiles } from '../exchange/uploaded-files.ts';
import type { BackendContext } from '../session/context.ts';
import { importEnrolmentFile, openDownFile } from '../courier/import-file.ts';
import { firstTrust, makeRequest, parseEnrolmentCode, requestGrant, storeGrant } from '../enrolment/enrolment.ts';
import { httpSource } from '../releases/http-source.ts';
import { readEnrolment } from '../store/enrolment.ts';
import type { Running } from './status.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** The part of the service that takes turns and shows what runs. */
export interface Turner {
  turn<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  show(running: Running): void;
  wake(): void;
}

export interface EnrolWork {
  /** Joins a registry by code or by enrolment file (token). BAD_ENROLMENT, OFFLINE, BAD_COURIER; CONFLICT when joined already. */
  enrol(how: { readonly code?: string | undefined; readonly file?: string | undefined }): Promise<void>;
}

async function enrolByCode(context: BackendContext, text: string, signal: AbortSignal): Promise<void> {
  const session = context.session();
  const code = parseEnrolmentCode(text);
  if (readEnrolment(session.keyValues) !== null)
    throw new OutpostError('CONFLICT', sentence('sync.laptop_enrolled_already'));
  if (code.address === '') throw new OutpostError('BAD_ENROLMENT', sentence('sync.code_names_no_address'));
  const { options, exchangeDir } = context;
  const now = options.clock.now();
  try {
    const trust = await firstTrust(code, httpSource(code.address, { options, partsDir: exchangeDir, signal }), now);
    const pending = { code, keys: trust.keys, request: await makeRequest(session, code.secret, now) };
    const grant = await requestGrant(session, pending, { options, signal });
    signal.throwIfAborted();
    storeGrant(session, pending, grant, trust.metadata, now);
  } catch (cause) {
    if (!isOutpostError(cause, 'OFFLINE')) throw cause;
    throw new OutpostError('OFFLINE', sentence('sync.registry_unreachable', { address: code.address }), { cause });
  }
}

async function enrolByFile(
  context: BackendContext,
  token: string,
  service: Turner,
  signal: AbortSignal,
): Promise<void> {
  const session = context.session();
  const { options, exchangeDir } = context;
  const down = await openDownFile(session, await createUploadedFiles(exchangeDir).read(token, courierLimits.sealed));
  const input = {
    session,
    signal,
    appVersion: options.appVersion,
    now: () => options.clock.now(),
    onInstalling: () => service.show({ phase: 'installing', progress: null }),
    onProgress: () => undefined,
  };
  const pending = await importEnrolmentFile(input, down);
  if (pending.code.address === '') return;
  try {
    const grant = await requestGrant(session, pending, { options, signal });
    signal.throwIfAborted();
    storeGrant(session, pending, grant, null, input.now());
  } catch (error) {
    // without a network the request to join goes with the next courier file
    if (!isOutpostError(error, 'OFFLINE') && !isOutpostError(error, 'BAD_RECEIPT')) throw error;
  }
}

/** Joining, as the service offers it. */
export function enrolWork(context: BackendContext, service: Turner): EnrolWork {
  return {
    async enrol({ code, file }) {
      if ((code === undefined) === (file === undefined))
        throw new OutpostError('BAD_INPUT', sentence('sync.give_either_enrolment_code_or_enrolment'));
      await service.turn((signal) =>
        code === undefined ? enrolByFile(context, file ?? '', service, signal) : enrolByCode(context, code, signal),
      );
      context.live.publish('status');
      service.wake();
    },
  };
}
