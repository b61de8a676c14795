import { expect, onTestFinished, test } from 'vitest';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../../support/backend.ts';

async function open(): Promise<TestBackend> {
  const opened = await testBackend();
  onTestFinished(() => opened.dispose());
  return opened;
}

const numberOf = (reference: string): number => Number(reference.split('-')[1]);

test('a reference is given once, also when its case was erased, got another, or Outpost was started again', async () => {
  const laptop = await open();
  const { client } = laptop;
  const given: number[] = [];
  const take = async (of = client): Promise<{ id: string; reference: string }> => {
    const taken = await of.cases.create(testIntake());
    given.push(numberOf(taken.reference));
    return taken;
  };
  await take();
  await client.cases.erase({ id: (await take()).id });
  const renamed = await take();
  const { version } = await client.cases.get({ id: renamed.id });
  await client.cases.edit({ id: renamed.id, base: version, intake: testIntake({ reference: 'other' }) });
  const last = await take();
  await client.cases.erase({ id: last.id });
  expect(numberOf((await client.intake.form({})).nextReference)).toBe(1005);
  const again = await laptop.restart();
  onTestFinished(() => again.dispose());
  await again.client.vault.unlock({ passphrase: testPassphrase });
  // Two windows that show the same next reference get two.
  await Promise.all([take(again.client), take(again.client)]);
  expect(given.toSorted((a, b) => a - b)).toEqual([1001, 1002, 1003, 1004, 1005, 1006]);
});

test('a store from before the highest was kept gives none of what was erased', async () => {
  const { client, backend } = await open();
  const cases = [];
  for (let i = 0; i < 4; i += 1) cases.push(await client.cases.create(testIntake()));
  for (const { id } of cases.slice(2)) await client.cases.erase({ id });
  backend.context.session().keyValues.set('references.highest', null);
  const { reference } = await client.cases.create(testIntake());
  expect(numberOf(reference)).toBe(1005);
});

test('one that somebody typed is passed over, whatever its letters, and starts no row when it is long', async () => {
  const { client } = await open();
  const { reference } = await client.cases.create(testIntake());
  const typed = (number: string): string => reference.replace('1001', number);
  const second = await client.cases.create(testIntake({ reference: typed('1002').toLowerCase() }));
  await client.cases.create(testIntake({ reference: typed('9007199254740993') }));
  expect((await client.cases.create(testIntake())).reference).toBe(typed('1003'));
  await client.cases.erase({ id: second.id });
  expect((await client.intake.form({})).nextReference).toBe(typed('1004'));
});
