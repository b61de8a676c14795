import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { KeptReport } from './monitor.ts';

/** A report from before as a line: its day and what it said. */
export function keptLine({ at, sentences }: KeptReport): Sentence {
  return sentence('monitoring.kept_report', { day: at.slice(0, 10), words: inTurn(sentences) });
}
