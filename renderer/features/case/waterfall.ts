import type { Explanation } from '../../../shared/contract/views.ts';

/** One bar of the explanation, in whole and fractional percentage points of 0 to 100. */
export interface Bar {
  readonly kind: 'base' | 'up' | 'down' | 'total';
  readonly label: string;
  /** Left edge and width of the bar. */
  readonly x: number;
  readonly width: number;
  /** Where the row above ended, and where this one ends: the thin links between rows. */
  readonly from: number | null;
  readonly to: number | null;
  /** `74 %` or `+12`. */
  readonly value: string;
}

/** Signed whole points with a true minus sign: `+12`, `−11`, `0`. */
export function pointsText(points: number): string {
  const whole = Math.round(points);
  if (whole === 0) return '0';
  return whole > 0 ? `+${whole}` : `−${Math.abs(whole)}`;
}

/** Rounds changes so that base + changes = score also in whole points, giving the difference to the largest ones. */
export function roundedPoints(base: number, score: number, changes: readonly number[]): number[] {
  const exact = changes.map((change) => change * 100);
  const rounded = exact.map(Math.round);
  let gap = Math.round(score * 100) - Math.round(base * 100) - rounded.reduce((sum, value) => sum + value, 0);
  const order = exact
    .map((value, index) => ({ index, off: value - rounded[index]! }))
    .toSorted((a, b) => (gap > 0 ? b.off - a.off : a.off - b.off));
  for (const { index } of order) {
    if (gap === 0) break;
    const step = Math.sign(gap);
    rounded[index]! += step;
    gap -= step;
  }
  return rounded;
}

/** Bars from the base rate to the score: each starts where the row above ended. */
export function barsOf(
  explanation: Explanation,
  labels: { readonly base: string; readonly rest: (count: number) => string; readonly score: string },
): Bar[] {
  const { base, score, parts, rest } = explanation;
  const steps = [
    ...parts.map((part) => ({ label: part.phrase, value: part.value })),
    ...(rest.count > 0 ? [{ label: labels.rest(rest.count), value: rest.value }] : []),
  ];
  const shown = roundedPoints(
    base,
    score,
    steps.map((step) => step.value),
  );
  const bars: Bar[] = [
    {
      kind: 'base',
      label: labels.base,
      x: 0,
      width: base * 100,
      from: null,
      to: base * 100,
      value: `${Math.round(base * 100)} %`,
    },
  ];
  let at = base * 100;
  for (const [index, step] of steps.entries()) {
    const next = at + step.value * 100;
    const last = index === steps.length - 1;
    bars.push({
      kind: step.value < 0 ? 'down' : 'up',
      label: step.label,
      x: Math.min(at, next),
      width: Math.max(0.6, Math.abs(next - at)),
      from: at,
      to: last ? null : next,
      value: pointsText(shown[index] ?? 0),
    });
    at = next;
  }
  return [
    ...bars,
    {
      kind: 'total',
      label: labels.score,
      x: 0,
      width: score * 100,
      from: null,
      to: null,
      value: `${Math.round(score * 100)} %`,
    },
  ];
}
