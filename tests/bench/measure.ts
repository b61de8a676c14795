/** Two ways to the same result, measured in the same run: times per unit of work and what was checked to be equal. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly ours: { readonly what: string; readonly microseconds: number };
  readonly other: { readonly what: string; readonly microseconds: number };
  /** How many times longer the other way takes; below 1 when it is the faster one. */
  readonly ratio: number;
  /** What was checked about the two results, and anything to know when reading the figures. */
  readonly checked: string;
}

/** Median time of one unit in microseconds over `rounds` runs of `work`, each doing `units`; one more to warm up. */
export async function timePerUnit(units: number, rounds: number, work: () => unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = process.hrtime.bigint();
    await work();
    times.push(Number(process.hrtime.bigint() - start) / 1000 / units);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

/** Puts two measured ways side by side. */
export function compare(parts: Omit<Comparison, 'ratio'>): Comparison {
  return { ...parts, ratio: parts.other.microseconds / parts.ours.microseconds };
}

/** Fails the whole run: a speed figure of two ways that disagree means nothing. */
export function mustAgree(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The two ways do not agree: ${what}.`);
}

function figure(microseconds: number): string {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toFixed(2)} s`;
  return microseconds >= 1000 ? `${(microseconds / 1000).toFixed(2)} ms` : `${microseconds.toFixed(2)} µs`;
}

/** The comparisons as a table for people. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const lines = comparisons.flatMap((c) => [
    `${c.name} (per ${c.unit})`,
    `  ${c.ours.what.padEnd(44)} ${figure(c.ours.microseconds).padStart(12)}`,
    `  ${c.other.what.padEnd(44)} ${figure(c.other.microseconds).padStart(12)}   ${c.ratio.toFixed(2)} times`,
    `  ${c.checked}`,
    '',
  ]);
  return lines.join('\n');
}
