import type { Reason } from '../../learning/data/rejections.ts';
import { inLines, type Sentence, type Text } from '../../shared/language/sentence.ts';
import { english } from './commands.ts';

/** Reasons in English, with the rows left out for each. */
export function reasonsInEnglish(reasons: readonly Reason[]): Record<string, number> {
  return Object.fromEntries(reasons.map(({ why, rows }) => [english.say(why), rows]));
}

/** Lines as a command prints them, below each other. */
export function linesInEnglish(lines: readonly Text[]): string {
  return english.say(inLines(lines));
}

/** Lines that were left out, with why in English. */
export function rejectedLines(first: readonly { readonly line: number; readonly why: Sentence }[]): [number, string][] {
  return first.map(({ line, why }) => [line, english.say(why)]);
}
