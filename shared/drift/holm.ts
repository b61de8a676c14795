/**
 * p-values adjusted for being the smallest of several (Holm 1979), in the order given: below a level exactly when the
 * step-down procedure rejects at that level. Holds under any dependence.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).toSorted((a, b) => ps[a]! - ps[b]!);
  const adjusted = ps.map(() => 1);
  let running = 0;
  order.forEach((i, rank) => {
    running = Math.max(running, Math.min(1, (ps.length - rank) * ps[i]!));
    adjusted[i] = running;
  });
  return adjusted;
}
