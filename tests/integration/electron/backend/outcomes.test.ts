import { expect, onTestFinished, test } from 'vitest';
import { testBackend, testIntake } from '../../../support/backend.ts';
import { seededRandom } from '../../../support/fixed-draws.ts';
import { wordsIn } from '../../../support/saying.ts';

const code = (value: string) => expect.objectContaining({ code: value });

test('an outcome can be recorded again: the latest holds, both stay in the timeline with the score seen', async () => {
  const made = await testBackend({ random: seededRandom('shown') });
  onTestFinished(made.dispose);
  const { client, backend } = made;
  const { id } = await client.cases.create(testIntake());
  await client.cases.recordOutcome({
    id,
    base: null,
    outcome: 'confirmed_scam',
    reason: null,
    note: 'Bank confirmed.',
  });
  await client.cases.recordOutcome({
    id,
    base: (await client.cases.get({ id })).timeline.at(-1)!.id,
    outcome: 'inconclusive',
    reason: 'no_evidence',
    note: '',
  });
  const view = await client.cases.get({ id });
  expect(view.outcome).toMatchObject({ outcome: 'inconclusive', reason: 'no_evidence', note: '' });
  expect(wordsIn(view.timeline.slice(1, 2))).toMatch(
    /^First score \d+\u00a0% \(\w[\w ]*\) by Complaints \d{4}-\d+, version \d+\.$/,
  );
  expect(view.timeline.slice(2).map((entry) => wordsIn([entry]))).toEqual([
    expect.stringMatching(/^Outcome: confirmed scam\. The score shown was \d+\u00a0%\.$/),
    expect.stringContaining('inconclusive, no evidence'),
  ]);
  await expect(
    client.cases.recordOutcome({
      id,
      base: view.timeline.at(-1)!.id,
      outcome: 'inconclusive',
      reason: null,
      note: '',
    }),
  ).rejects.toThrow(code('BAD_INPUT'));
  await expect(
    client.cases.recordOutcome({
      id,
      base: view.timeline.at(-1)!.id,
      outcome: 'confirmed_scam',
      reason: 'other',
      note: '',
    }),
  ).rejects.toThrow(code('BAD_INPUT'));
  await backend.idle();
});
