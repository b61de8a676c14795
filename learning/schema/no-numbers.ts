import { whyNotShareable } from '../../shared/domain/tactics.ts';
import { listed, sentence, type Text } from '../../shared/language/sentence.ts';

/** Cells a text needs to be shown: in fewer it may be what somebody wrote of one case. */
const fewestCells = 3;
/** Texts that are shown at most. */
const mostShown = 5;

/**
 * The texts that stand most often where a column has no number, with their cells; null when there are none that may be shown: what
 * must not leave a laptop is not repeated on a screen either.
 */
export function shownTexts(counted: Iterable<readonly [text: string, n: number]>): Text | null {
  const shown = [...counted].filter(([text, n]) => n >= fewestCells && whyNotShareable(text) === null);
  if (shown.length === 0) return null;
  const most = shown.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostShown);
  const named = listed(most.map(([text, n]) => sentence('data.unknown_spelling', { text, n })));
  const more = shown.length - most.length;
  return more === 0 ? named : sentence('data.texts_and_more', { texts: named, more });
}
