import { afterEach, describe, expect, test } from 'vitest';
import { testBackend, testIntake, type TestBackend } from '../../../support/backend.ts';
import { genuine, seededRandom } from '../../../support/fixed-draws.ts';
import { saying, wordsIn } from '../../../support/saying.ts';

const opened: TestBackend[] = [];
async function open(...input: Parameters<typeof testBackend>): Promise<TestBackend> {
  const made = await testBackend(...input);
  opened.push(made);
  return made;
}
afterEach(async () => {
  for (const made of opened.splice(0)) await made.dispose();
});
const page = { search: '', limit: 500, offset: 0 };

describe('a case drawn for an audit', () => {
  test('keeps its score to itself in every answer until the outcome, and then shows it', async () => {
    const { client, backend } = await open({ random: seededRandom('audit') });
    const at = Date.parse('2026-10-04T09:00:00.000Z');
    await backend.cases.createPast(
      Array.from({ length: 60 }, (_, i) => ({
        intake: testIntake({ reference: `N-${i}`, attributes: genuine, tactics: ['UPI payment'] }),
        at,
      })),
    );
    await backend.idle();
    const rows = (await client.cases.list({ ...page, show: 'open' })).rows;
    const hidden = rows.filter((row) => row.scoreHidden);
    expect(hidden.length).toBeGreaterThan(10);
    expect(hidden.length).toBeLessThan(40);
    expect(
      hidden.every((row) => row.score === null && row.verdict === null && !row.outside && row.reasons.length === 0),
    ).toBe(true);
    const id = hidden[0]?.id ?? '';
    const before = await client.cases.get({ id });
    expect(before).toMatchObject({ firstScore: null, scoreProblem: null });
    expect(wordsIn(before.timeline)).not.toMatch(/\d|scam/);
    await expect(client.cases.explain({ id })).rejects.toThrow(saying(/outcome/));
    const waiting = (await client.sync.preview({ limit: 200 })).entries.filter((entry) => entry.type === 'case.scored');
    const own = waiting.find((entry) => entry.text.includes(id))?.text ?? '';
    expect(JSON.parse(own)).toMatchObject({ public: { case: id } });
    expect(own).not.toMatch(/"score":|"verdict":|"audit":/);
    expect(waiting.filter((entry) => entry.withheld).length).toBe(hidden.length);
    expect(waiting.filter((entry) => /"score":/.test(entry.text)).length).toBe(rows.length - hidden.length);
    await client.cases.recordOutcome({
      id,
      base: null,
      outcome: 'genuine_provider',
      reason: null,
      note: 'Called back.',
    });
    const after = await client.cases.get({ id });
    expect(after.row).toMatchObject({ scoreHidden: false, verdict: 'not_scam', outside: true });
    expect(after.firstScore?.score).toBeLessThan(0.5);
    expect((await client.cases.explain({ id })).parts.length).toBeGreaterThan(0);
    const outcome = (await client.sync.preview({ limit: 200 })).entries.find((entry) => entry.type === 'case.outcome');
    expect(JSON.parse(outcome?.text ?? '{}')).toMatchObject({ public: { seen: null } });
  });
});
