import type { Language } from '../../../shared/language/language.ts';
import type { Explanation } from '../../../shared/contract/views.ts';
import { scorePercent, scoreText } from '../../language/format.ts';

/** One bar of the explanation; places are per cent of the drawing's width. */
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
  let gap = scorePercent(score) - scorePercent(base) - rounded.reduce((sum, value) => sum + value, 0);
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

/** Bars with the place of any probability on their axis, 0 to 100. */
interface Waterfall {
  readonly bars: readonly Bar[];
  readonly place: (probability: number) => number;
}

/**
 * Axis of an explanation: 0 to 100 %, longer where the running sum leaves that range on its way (what was added
 * early may be taken back later), so that no bar is cut off.
 */
function axisOf(base: number, steps: readonly number[]): (probability: number) => number {
  let [low, high, at] = [0, 1, base];
  for (const step of steps) {
    at += step;
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  return (probability) => ((probability - low) / (high - low)) * 100;
}

interface Labels {
  readonly base: string;
  readonly rest: (count: number) => string;
  readonly score: string;
  readonly words: Language['words'];
}

function whole(
  kind: 'base' | 'total',
  label: string,
  share: number,
  { place, words }: Pick<Waterfall, 'place'> & Pick<Labels, 'words'>,
): Bar {
  const [x, end] = [place(0), place(share)];
  return {
    kind,
    label,
    x,
    width: end - x,
    from: null,
    to: kind === 'base' ? end : null,
    value: words(scoreText(share)),
  };
}

/** Bars from the mean score of typical cases to the score: each starts where the row above ended. */
export function barsOf(explanation: Explanation, labels: Labels): Waterfall {
  const { base, score, parts, rest } = explanation;
  const steps = [
    ...parts.map((part) => ({ label: labels.words(part.phrase), value: part.value })),
    ...(rest.count > 0 ? [{ label: labels.rest(rest.count), value: rest.value }] : []),
  ];
  const values = steps.map((step) => step.value);
  const shown = roundedPoints(base, score, values);
  const place = axisOf(base, values);
  const on = { place, words: labels.words };
  let at = base;
  const middle = steps.map((step, index): Bar => {
    const [from, to] = [place(at), place(at + step.value)];
    at += step.value;
    return {
      kind: step.value < 0 ? 'down' : 'up',
      label: step.label,
      x: Math.min(from, to),
      width: Math.max(0.6, Math.abs(to - from)),
      from,
      to: index === steps.length - 1 ? null : to,
      value: pointsText(shown[index] ?? 0),
    };
  });
  return {
    bars: [whole('base', labels.base, base, on), ...middle, whole('total', labels.score, score, on)],
    place,
  };
}
