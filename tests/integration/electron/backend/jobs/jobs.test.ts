import { saying } from '../../../../support/saying.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../../support/backend.ts';
import { poisonedInference, type PoisonedInference } from '../../../../support/poisoned-inference.ts';

let laptop: TestBackend;
let model: PoisonedInference;

beforeEach(async () => {
  model = poisonedInference();
  laptop = await testBackend({ spawnInference: model.spawn });
  await laptop.client.settings.set({ lockAfterMinutes: 240 });
  // Loaded and checked once: the check of a model runs it on many rows too.
  await laptop.client.cases.create(testIntake());
  await laptop.backend.idle();
});
afterEach(() => laptop.dispose());

const minutes = (count: number): number => count * 60_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
/** What is due by the clock has been tried. */
async function settled(): Promise<void> {
  await pause(20);
  await laptop.backend.idle();
}

/** Time goes by in which somebody is there, so that the vault stays open. */
async function passed(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= minutes(200)) {
    laptop.clock.advance(Math.min(left, minutes(200)));
    await laptop.client.people.list({});
  }
  await settled();
}

describe('reasons that cannot be worked out', () => {
  test('are tried a few times after growing pauses, and tell of it once each time', async () => {
    model.poison = 'reasons';
    let announced = 0;
    laptop.backend.context.live.subscribe(({ topic }) => void (announced += topic === 'cases' ? 1 : 0));
    const { id } = await laptop.client.cases.create(testIntake());
    await pause(300);
    await laptop.backend.idle();
    expect(model.ended).toBe(1);
    expect(announced).toBeLessThan(10);
    const tries: number[] = [];
    for (const ms of [minutes(1), minutes(10), minutes(60), minutes(360), minutes(360), minutes(360)]) {
      await passed(ms - 1000);
      const before = model.ended;
      await passed(1000);
      tries.push(model.ended - before);
    }
    expect(tries).toEqual([1, 1, 1, 1, 0, 0]);
    expect(await laptop.client.jobs.list({})).toEqual([
      { kind: 'explain', open: 1, failed: 1, givenUp: 1, nextTry: null },
    ]);
    expect((await laptop.client.cases.get({ id })).firstScore).not.toBeNull();
  });

  test('are said at the case with what happens next, and looking at it tries nothing', async () => {
    model.poison = 'reasons';
    const { id } = await laptop.client.cases.create(testIntake());
    await settled();
    expect(model.ended).toBe(1);
    const failure = {
      code: 'MODEL_FAILED',
      data: expect.objectContaining({
        tries: 1,
        nextTry: new Date(laptop.clock.now() + 60_000).toISOString(),
      }) as unknown,
    };
    await expect(laptop.client.cases.explain({ id })).rejects.toMatchObject(failure);
    expect(model.ended).toBe(1);
    await expect(laptop.client.cases.explain({ id, again: true })).rejects.toMatchObject({
      data: expect.objectContaining({ tries: 2 }) as unknown,
    });
    model.poison = 'none';
    expect((await laptop.client.cases.explain({ id, again: true })).parts.length).toBeGreaterThan(0);
    expect(await laptop.client.jobs.list({})).toEqual([]);
  });

  test('stay put off over a restart, and are tried again under another version of the program', async () => {
    model.poison = 'reasons';
    await laptop.client.cases.create(testIntake());
    await settled();
    laptop = await laptop.restart();
    await laptop.client.vault.unlock({ passphrase: testPassphrase });
    await settled();
    expect(model.ended).toBe(1);
    expect(await laptop.client.jobs.list({})).toMatchObject([{ kind: 'explain', failed: 1, givenUp: 0 }]);
    model.poison = 'none';
    laptop = await laptop.restart({ appVersion: '0.2.0-test' });
    await laptop.client.vault.unlock({ passphrase: testPassphrase });
    await settled();
    expect(await laptop.client.jobs.list({})).toEqual([]);
  });

  test('rest when one case after the other fails', async () => {
    model.poison = 'reasons';
    for (let left = 8; left > 0; left -= 1) await laptop.client.cases.create(testIntake());
    await settled();
    expect(model.ended).toBe(3);
    model.poison = 'none';
    laptop.clock.advance(minutes(1));
    await settled();
    expect(await laptop.client.jobs.list({})).toEqual([]);
  });
});

describe('first scores that cannot be made', () => {
  test('are tried again later, and the page says why, also after a restart', async () => {
    model.poison = 'all';
    const { id } = await laptop.client.cases.create(testIntake());
    await settled();
    const before = model.ended;
    await settled();
    expect(model.ended).toBe(before);
    expect((await laptop.client.cases.get({ id })).scoreProblem).toEqual(saying(/kept/));
    expect(await laptop.client.jobs.list({})).toMatchObject([{ kind: 'score', open: 1, failed: 1 }]);
    laptop = await laptop.restart();
    await laptop.client.vault.unlock({ passphrase: testPassphrase });
    await settled();
    expect((await laptop.client.cases.get({ id })).scoreProblem).toEqual(saying(/kept/));
    model.poison = 'none';
    await passed(minutes(1));
    expect((await laptop.client.cases.get({ id })).scoreProblem).toBeNull();
  });
});
