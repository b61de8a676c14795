import { describe, expect, it } from 'vitest';
import { simulateCases, type SimulatedCase } from '../../../../learning/simulate/index.ts';
import { csvOf, storyColumns } from '../../../../learning/simulate/csv.ts';

const cases = [...simulateCases({ cases: 3_000, seed: 7, from: '2026-06-01', days: 90, changeAt: '2026-07-01' })];

/** Words of a narrative, and the answer they stand for. */
const wordsOfQuestions: readonly (readonly [words: RegExp, question: string])[] = [
  [/remote access|took over/i, 'asked_remote_access'],
  [/bank website|bank page/i, 'opened_bank_website'],
  [/gift card/i, 'gift_cards_asked'],
  [/screen was locked|froze/i, 'screen_locked'],
  [/secrecy/i, 'told_to_keep_secret'],
  [/the resident (had )?called/i, 'resident_placed_call'],
  [/and paid\.|after paying|bill was paid|^paid/i, 'money_paid'],
];

const channels: readonly (readonly [words: RegExp, value: string])[] = [
  [/^A caller|^The resident called and/, 'phone'],
  [/window on the screen/, 'popup'],
  [/e-mail/, 'email'],
  [/text message/, 'text'],
  [/at the door|had called came/, 'visit'],
];

const stories: readonly (readonly [words: RegExp, value: string])[] = [
  [/infected/, 'virus'],
  [/licence/, 'licence'],
  [/refund was due/, 'refund'],
  [/subscription/, 'subscription'],
  [/needed a repair/, 'repair'],
  [/something was wrong/, 'other'],
];

function valueTold(list: typeof channels, { narrative }: SimulatedCase): string {
  const found = list.filter(([words]) => words.test(narrative));
  expect(found, narrative).toHaveLength(1);
  return found[0]![1];
}

describe('a simulated narrative', () => {
  it('says of every known answer what that answer is', () => {
    let compared = 0;
    for (const one of cases) {
      const { attributes } = one.facts;
      for (const [words, question] of wordsOfQuestions) {
        if (attributes[question] === undefined) continue;
        expect(words.test(one.narrative), `${question}: ${one.narrative}`).toBe(attributes[question]);
        compared += 1;
      }
      if (attributes['contact_channel'] !== undefined)
        expect(valueTold(channels, one)).toBe(attributes['contact_channel']);
      if (attributes['story_told'] !== undefined) expect(valueTold(stories, one)).toBe(attributes['story_told']);
      if (/with papers|without papers/.test(one.narrative) && attributes['has_contract'] !== undefined)
        expect(/with papers/.test(one.narrative), one.narrative).toBe(attributes['has_contract']);
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('stands beside a day of the outcome only where there is an outcome', () => {
    const [header, ...rows] = [...csvOf(cases, ['outcome', 'outcome_after_days'])].join('').trim().split('\n');
    expect(header).toBe('outcome,outcome_after_days');
    expect(storyColumns).toContain('outcome_after_days');
    const empty = rows.filter((row) => row === ',');
    expect(empty).toHaveLength(cases.filter(({ outcome }) => outcome === null).length);
    expect(empty.length).toBeGreaterThan(100);
    for (const row of rows) expect(row).toMatch(/^(?:,|[a-z_]+,\d+)$/);
  });
});
