import { OutpostError } from '../errors/index.ts';
import { sentence } from '../language/sentence.ts';

/** Days the documents signed by the online key stay valid; they are signed again every day. */
export const onlineValidDays = 90;

const DAY_MS = 86_400_000;

/** Machines that sign for one registry may be some minutes apart. */
const behindMs = 10 * 60_000;

/** A registry that runs signs every day; one whose newest signature is older than this stood still, or its clock jumped. */
const aheadDays = 30;

/** When the newest of some documents of the online key was signed, in milliseconds, by their expiries. */
export function newestSigned(documents: readonly { readonly expires: string }[]): number {
  return Math.max(...documents.map(({ expires }) => Date.parse(expires))) - onlineValidDays * DAY_MS;
}

const shown = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** What somebody does whose clock is right all the same: says so at the registry, or has the registry sign again. */
type ClockWayOut = 'say_so' | 'sign_again';

/**
 * Throws BAD_CLOCK when a machine's clock (milliseconds) does not fit the newest signature of its registry: it went back,
 * or far ahead. What it signed then would be refused by laptops, or would make them refuse everything else as expired.
 * `wayOut` says what to do when the clock is right all the same.
 */
export function requireSigningClock(now: number, newest: number, wayOut: ClockWayOut): void {
  const clock = shown(now);
  if (now < newest - behindMs) {
    throw new OutpostError(
      'BAD_CLOCK',
      sentence('releases.clock_behind_signature', { clock, signed: shown(newest), wayOut }),
    );
  }
  if (now > newest + aheadDays * DAY_MS) {
    throw new OutpostError(
      'BAD_CLOCK',
      sentence('releases.clock_far_ahead', {
        clock,
        days: Math.floor((now - newest) / DAY_MS),
        signed: shown(newest),
        wayOut,
      }),
    );
  }
}
