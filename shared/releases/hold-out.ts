import type { HoldOut } from '../contract/registry.ts';
import { inTurn, sentence, type Sentence } from '../language/sentence.ts';

/** So many candidates may be judged on the same cases before it has to be said what that does to their figures. */
const fewUses = 3;

/** What cases a candidate was judged on and how often they have served, as a sentence or two. */
export function holdOutSentence({ from, until, cases, incidents, judgedBefore, casesReused }: HoldOut): Sentence {
  const span = { from, until, cases };
  const received =
    incidents === cases
      ? sentence('hold_out.received', span)
      : sentence('hold_out.received_of_incidents', { ...span, incidents });
  if (judgedBefore === 0) return sentence('hold_out.not_used', { received });
  const uses = { received, candidates: judgedBefore };
  const used =
    casesReused === cases
      ? sentence('hold_out.used_all', uses)
      : sentence('hold_out.used_some', { ...uses, reused: casesReused });
  return judgedBefore < fewUses ? used : inTurn([used, sentence('hold_out.used_often')]);
}
