import { isSealed } from '../../../shared/courier/seal.ts';
import { courierLimits } from '../../../shared/courier/format.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { offline, startDeadline } from '../network/deadline.ts';
import { baseOf } from '../network/base-address.ts';
import type { ClientEnvironment } from '../network/registry-client.ts';

async function readAnswer(response: Response): Promise<Uint8Array> {
  if (response.status >= 500)
    throw new OutpostError(
      'OFFLINE',
      `The registry answered with status ${response.status}. Keep the file and try again.`,
    );
  if (response.status !== 200)
    throw new OutpostError(
      'BAD_COURIER',
      'The registry refused this courier file, or it is sealed for another laptop. Nothing was changed.',
    );
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > courierLimits.sealed || !isSealed(bytes)) {
    throw new OutpostError(
      'BAD_COURIER',
      'The answer did not come from a registry. Keep the file and try again in another network.',
    );
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
