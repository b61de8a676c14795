import { sfc32 } from '../../shared/metrics/random.ts';

/** Seeded source of randomness for simulation, sampling and shuffles. Not for keys. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** Uniform integer in [0, n). */
  readonly below: (n: number) => number;
  readonly chance: (p: number) => boolean;
  /** Standard normal. */
  readonly normal: () => number;
  /** One of the keys, with probability proportional to its weight. */
  readonly weighted: (weights: Readonly<Record<string, number>>) => string;
  readonly pick: <T>(list: readonly T[]) => T;
}

/** SplitMix32 step (Steele, Lea, Flood 2014): spreads a small seed over the state of the generator. */
function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

function weightedBy(next: () => number, weights: Readonly<Record<string, number>>): string {
  const entries = Object.entries(weights);
  let left = next() * entries.reduce((sum, [, w]) => sum + w, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries.at(-1)![0];
}

/** A generator whose whole sequence follows from `seed` (an integer). */
export function createRandom(seed: number): Random {
  const mix = splitMix(seed);
  const word = sfc32([mix(), mix(), mix(), 1]);
  for (let i = 0; i < 12; i++) word();
  const next = (): number => word() / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    normal,
    chance: (p) => next() < p,
    weighted: (weights) => weightedBy(next, weights),
    pick: (list) => list[below(list.length)]!,
  };
}
