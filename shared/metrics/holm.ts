/**
 * p-values of several tests, adjusted such that the chance of any false rejection stays below the level they are compared
 * with, however the tests depend on each other (Holm 1979). Same order as given; empty for none.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  order.forEach((i, at) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - at) * pValues[i]!));
    adjusted[i] = largest;
  });
  return adjusted;
}
