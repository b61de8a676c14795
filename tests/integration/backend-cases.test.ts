import { afterEach, describe, expect, test } from 'vitest';
import { testBackend, testIntake, type TestBackend } from '../support/backend.ts';

describe('cases', () => {
  const opened: TestBackend[] = [];
  const open = async (...input: Parameters<typeof testBackend>): Promise<TestBackend> => {
    const made = await testBackend(...input);
    opened.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of opened.splice(0)) await made.dispose();
  });

  test('a case is saved, scored by the bundled model and found in the queue', async () => {
    const { client, backend } = await open();
    const { id, reference } = await client.cases.create(testIntake());
    await backend.idle();
    const list = await client.cases.list({ show: 'open', search: '', limit: 100, offset: 0 });
    expect(list.total).toBe(1);
    expect(list.rows[0]).toMatchObject({ id, reference, place: 'Hillview', waiting: true });
    const view = await client.cases.get({ id });
    expect(view.private.resident).toBe('Meera Iyer');
    expect(view.chainUnbroken).toBe(true);
  });
});
