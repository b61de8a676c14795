/** Where "now" comes from, in milliseconds since the epoch. */
export interface WallClock {
  now(): number;
}

/** Gives so many random bytes, good enough for keys. */
export type Random = (bytes: number) => Uint8Array;

/** A clock that also knows its zone, how time passes, and can wake. */
export interface Clock extends WallClock {
  /**
   * Milliseconds that have gone by since some moment, never fewer than before and with the time the machine slept: what
   * `now` says may be set by hand.
   */
  elapsed(): number;
  /** IANA zone of the machine. */
  zone(): string;
  setTimeout(callback: () => void, ms: number): { cancel(): void };
}
