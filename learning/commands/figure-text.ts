import { sentence, type Sentence } from '../../shared/language/sentence.ts';

/** A figure with its 95 % interval, where it has one. */
interface Figure {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** A share in per cent, with its interval; that it cannot be told without one. */
export function shareText(figure: Figure | undefined): Sentence {
  if (!figure) return sentence('figure.cannot_tell');
  const { value, low, high = NaN } = figure;
  return low === undefined
    ? sentence('figure.share', { value })
    : sentence('figure.share_within', { value, low, high });
}

/** A figure that is no share, with four decimals; that it cannot be told without one. */
export function figureText(figure: Figure | undefined): Sentence {
  return figure ? sentence('figure.decimal', { value: figure.value }) : sentence('figure.cannot_tell');
}
