/** First and longest pause after failed attempts, and the pause after one that went well, in milliseconds. */
export const pauses = { first: 1000, longest: 15 * 60_000, regular: 5 * 60_000, afterChange: 2000 } as const;

/**
 * Pause before the next attempt after `failures` failures in a row: doubles from one second to a quarter of an hour.
 * `fraction` (0 up to 1) spreads it over the upper half, so that laptops do not come back all at once.
 */
export function pauseAfter(failures: number, fraction: number): number {
  if (failures <= 0) return pauses.regular;
  const full = Math.min(pauses.longest, pauses.first * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (0.5 + fraction / 2));
}

/** A number from 0 up to 1 from random bytes. */
export function fractionOf(random: (bytes: number) => Uint8Array): number {
  const [a = 0, b = 0] = random(2);
  return (a * 256 + b) / 65_536;
}
