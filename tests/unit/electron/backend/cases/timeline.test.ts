import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../../../electron/backend/cases/timeline.ts';
import type { SealedEvent } from '../../../../../shared/log/event.ts';
import { inEnglish } from '../../../../support/saying.ts';

const model = { id: crypto.randomUUID(), version: 1, sha256: 'a'.repeat(64) };
const entry = (type: string, payload: Record<string, unknown>): SealedEvent =>
  ({ event: { id: type, at: '2026-10-05T08:00:00.000Z', type, person: null, public: payload } }) as never;

function shown(events: readonly SealedEvent[], hidden = false): { event: string | null; score: string | null }[] {
  const options = { hidden, personName: () => null, modelName: () => null, receipted: () => true };
  return timelineOf(events, options).map(({ sentence, score }) => ({
    event: sentence === null ? null : inEnglish(sentence),
    score: score === null ? null : inEnglish(score),
  }));
}

describe('the timeline of a case', () => {
  const seen = { score: 0.94, model };
  const outcome = { case: crypto.randomUUID(), outcome: 'confirmed_scam', reason: null, seen };

  it('separates what was found out from what is about the score', () => {
    expect(shown([entry('case.outcome', outcome)])).toEqual([
      { event: 'Outcome: confirmed scam.', score: 'The score shown was 94\u00a0%.' },
    ]);
    expect(shown([entry('case.edited', {})])).toEqual([{ event: 'Facts were changed.', score: null }]);
  });

  it('names no score while it is hidden, and nothing of what a newer version wrote', () => {
    expect(shown([entry('case.scored', {})], true)).toEqual([{ event: null, score: 'First score was made.' }]);
    expect(shown([entry('case.noted', { text: 'x' })])).toEqual([
      { event: 'Something was noted by a newer version.', score: null },
    ]);
  });
});
