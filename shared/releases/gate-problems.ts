import type { Gate } from '../contract/registry.ts';
import { sentence, type Sentence } from '../language/sentence.ts';
import { figureOn, gateName } from './gate-sentence.ts';
import { evaluateGates, type GateSample } from './gates.ts';

/** Largest difference between a reported and a recomputed figure that is rounding, not another model. */
const figureTolerance = 1e-6;

function near(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) <= figureTolerance);
}

/** What the reported gates say that the evidence does not bear out; empty when all of it holds. */
export function gateProblems(reported: readonly Gate[], sample: GateSample): Sentence[] {
  const own = evaluateGates(sample);
  const names = (gates: readonly Gate[]): string => gates.map((g) => g.name).join(', ');
  if (names(own) !== names(reported)) return [sentence('gates.other_gates')];
  return own.flatMap((gate, i) => {
    const theirs = reported[i]!;
    const same =
      near(gate.figure, theirs.figure) && near(gate.champion, theirs.champion) && near(gate.limit, theirs.limit);
    if (same && gate.n === theirs.n && gate.result === theirs.result && gate.comparison === theirs.comparison)
      return [];
    return [
      sentence('gates.other_figure', {
        gate: gateName(gate.name),
        own: figureOn(gate),
        reported: figureOn(theirs),
      }),
    ];
  });
}
