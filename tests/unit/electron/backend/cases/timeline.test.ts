import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../../../electron/backend/cases/timeline.ts';
import type { SealedEvent } from '../../../../../shared/log/event.ts';
import { inEnglish } from '../../../../support/saying.ts';

const model = { id: crypto.randomUUID(), version: 1, sha256: 'a'.repeat(64) };
const entry = (type: string, payload: Record<string, unknown>): SealedEvent =>
  ({ event: { id: type, at: '2026-10-05T08:00:00.000Z', type, person: null, public: payload } }) as never;

function told(events: readonly SealedEvent[], hidden = false): { said: string | null; score: string | null }[] {
  const options = { hidden, personName: () => null, modelName: () => null, receipted: () => true };
  return timelineOf(events, options).map(({ sentence, score }) => ({
    said: sentence === null ? null : inEnglish(sentence),
    score: score === null ? null : inEnglish(score),
  }));
}

describe('the timeline of a case', () => {
  const seen = { score: 0.94, model };
  const outcome = { case: crypto.randomUUID(), outcome: 'confirmed_scam', reason: null, seen };

  it('parts what was found out from what is said of the score', () => {
    expect(told([entry('case.outcome', outcome)])).toEqual([
      { said: 'Outcome: confirmed scam.', score: 'The score shown was 94\u00a0%.' },
    ]);
    expect(told([entry('case.edited', {})])).toEqual([{ said: 'Facts were changed.', score: null }]);
  });

  it('names no score while it is hidden, and nothing of what a newer version wrote', () => {
    expect(told([entry('case.scored', {})], true)).toEqual([{ said: null, score: 'First score was made.' }]);
    expect(told([entry('case.noted', { text: 'x' })])).toEqual([
      { said: 'Something was noted by a newer version.', score: null },
    ]);
  });
});
