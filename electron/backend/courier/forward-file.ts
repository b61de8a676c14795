import { isSealed } from '../../../shared/courier/seal.ts';
import { courierLimits } from '../../../shared/courier/format.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { offline, startDeadline } from '../network/deadline.ts';
import { baseOf } from '../network/base-address.ts';
import type { ClientEnvironment } from '../network/registry-client.ts';
import { sentence } from '../../../shared/language/sentence.ts';

async function readAnswer(response: Response): Promise<Uint8Array> {
  if (response.status >= 500)
    throw new OutpostError('OFFLINE', sentence('courier.registry_answered_status', { status: response.status }));
  if (response.status !== 200) throw new OutpostError('BAD_COURIER', sentence('courier.registry_refused_courier_file'));
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > courierLimits.sealed || !isSealed(bytes)) {
    throw new OutpostError('BAD_COURIER', sentence('courier.answer_did_not_come_registry'));
  }
  return bytes;
}

/** Sends a sealed file on to the registry and gives its answer, which is sealed for the laptop the file came from. */
export async function forward(address: string, bytes: Uint8Array, environment: ClientEnvironment): Promise<Uint8Array> {
  const deadline = startDeadline(environment.options.clock, environment.signal);
  try {
    const response = await environment.options.fetch(new URL('courier', baseOf(address)), {
      method: 'POST',
      body: Buffer.from(bytes),
      headers: { 'content-type': 'application/octet-stream' },
      signal: deadline.signal,
      redirect: 'error',
    });
    return await readAnswer(response);
  } catch (error) {
    throw offline(error, environment.signal);
  } finally {
    deadline.end();
  }
}
