/** Where "now" comes from, in milliseconds since the epoch. */
export interface WallClock {
  now(): number;
}

/** Gives so many random bytes, good enough for keys. */
export type Random = (bytes: number) => Uint8Array;
