import { sha256Hex } from '../log/canonical.ts';

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * Deterministic numbers from a text: the small fast counter generator of PractRand (sfc32), seeded with the text's
 * SHA-256. For sampling only, not for secrets.
 */
export function seededRandom(seed: string): Random {
  const hash = sha256Hex(seed);
  let [a, b, c, counter] = [0, 8, 16, 24].map((at) => Number.parseInt(hash.slice(at, at + 8), 16) | 0) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
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
