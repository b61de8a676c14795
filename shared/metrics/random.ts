import { sha256Hex } from '../log/canonical.ts';

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * The small fast counter generator of PractRand (sfc32, Doty-Humphrey) from a state of four 32-bit words: unsigned
 * 32-bit numbers, the same on every platform. For sampling only, not for secrets.
 */
export function sfc32(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, counter] = state;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
}

/** Deterministic uniform numbers from a text: sfc32 seeded with the text's SHA-256. */
export function seededRandom(seed: string): Random {
  const hash = sha256Hex(seed);
  const word = (at: number): number => Number.parseInt(hash.slice(at, at + 8), 16) | 0;
  const next = sfc32([word(0), word(8), word(16), word(24)]);
  return () => next() / 2 ** 32;
}

/** A random order of 0 to n - 1 (Fisher-Yates). */
export function permutation(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
