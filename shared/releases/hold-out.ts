import type { HoldOut } from '../contract/registry.ts';
import { counted } from '../encoding/phrases.ts';

/** So many candidates may be judged on the same cases before it has to be said what that does to their figures. */
export const fewUses = 3;

/** What cases a candidate was judged on and how often they have served, as a sentence or two. */
export function holdOutText({ from, until, cases, incidents, judgedBefore, casesReused }: HoldOut): string {
  const twins = incidents === cases ? '' : ` about ${counted(incidents, 'incident')}`;
  const what = `${counted(cases, 'case')}${twins} received from ${from} to ${until}`;
  if (judgedBefore === 0) return `${what}; no candidate was judged on them before.`;
  const reused = casesReused === cases ? 'all of them' : `${casesReused.toLocaleString('en-GB')} of them`;
  const uses = `${what}; ${counted(judgedBefore, 'candidate')} ${judgedBefore === 1 ? 'was' : 'were'} judged on ${reused} before.`;
  return judgedBefore < fewUses
    ? uses
    : `${uses} That is often: of many candidates, the one proposed is also the one these cases happen to suit, so its figures flatter it.`;
}
