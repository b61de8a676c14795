import { inEnglish } from '../support/saying.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backendContract } from '../../shared/contract/backend.ts';
import type { BackendClient } from '../../shared/contract/backend.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../support/backend.ts';

/** A client on the other side of a transport. */
interface Wire {
  readonly client: BackendClient;
  readonly close: () => Promise<void>;
}

/** Connects a client to a backend over the transport under test. */
type ConnectWire = (backend: TestBackend['backend']) => Promise<Wire>;

interface Failure {
  readonly code: unknown;
  readonly message: string;
  readonly data: unknown;
}

/** What a call fails with, in the parts a page relies on; fails the test when the call succeeds. */
async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { code, message, data } = error as Failure;
    return { code, message, data };
  }
  throw new Error('The call was expected to fail.');
}

/** Clear signs of a scam, so that the case is hardly ever put up for an audit. */
const scamIntake = () =>
  testIntake({
    attributes: { asked_remote_access: true, opened_bank_website: true, screen_locked: true, gift_cards_asked: true },
    tactics: ['remote access', 'upi payment'],
  });

/** A new case whose score may be seen: a few are put up for an audit, and theirs is withheld. */
async function visibleCase(client: BackendClient): Promise<string> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { id } = await client.cases.create(scamIntake());
    const { row } = await client.cases.get({ id });
    if (!row.scoreHidden) return id;
  }
  throw new Error('Twenty cases in a row were put up for an audit.');
}

const NOBODY = '00000000-0000-7000-8000-000000000000';

function firstStart(connect: ConnectWire): void {
  test('first start: the vault is made, locked, refused and opened again', async () => {
    const subject = await testBackend({ create: false });
    const { client, close } = await connect(subject.backend);
    try {
      expect((await client.app.status({})).vault).toBe('new');
      expect((await failureOf(client.cases.list({ show: 'open', search: '', limit: 1, offset: 0 }))).code).toBe(
        'LOCKED',
      );
      const { recoveryKey } = await client.vault.create({
        passphrase: testPassphrase,
        personName: 'Asha Rao',
        office: 'North',
      });
      expect((await client.app.status({})).vault).toBe('open');
      // What a new laptop notes by itself is nothing its people wait for.
      expect((await client.app.status({})).waiting).toBe(0);
      expect((await client.sync.status({})).kinds).toContainEqual({ type: 'log.opened', count: 1 });
      await client.vault.lock({});
      const status = await client.app.status({});
      expect([status.vault, status.person, status.model]).toEqual(['locked', null, null]);
      const wrong = await failureOf(client.vault.unlock({ passphrase: 'not the passphrase' }));
      expect(wrong).toMatchObject({ code: 'WRONG_PASSPHRASE', data: {} });
      expect(wrong.message).not.toBe('');
      await client.vault.unlock({ recoveryKey });
      expect((await client.app.status({})).person?.name).toBe('Asha Rao');
    } finally {
      await close();
      await subject.dispose();
    }
  });
}

function errors(client: () => BackendClient): void {
  test('a failure arrives with its code, its sentence and its data', async () => {
    const missing = await failureOf(client().cases.get({ id: NOBODY }));
    expect(missing.code).toBe('NOT_FOUND');
    expect(missing.message).toMatch(/^[A-Z].*\.$/);
    const { reference } = await client().cases.create(testIntake({ reference: 'R-1' }));
    const taken = await failureOf(client().cases.create(testIntake({ reference })));
    expect(taken).toMatchObject({ code: 'CONFLICT', data: { field: 'reference' } });
  });

  test.each([
    ['a missing field', { show: 'open', search: '', limit: 10 }],
    ['a value out of range', { show: 'open', search: '', limit: 0, offset: 0 }],
    ['a field nobody declared', { show: 'open', search: '', limit: 10, offset: 0, sort: 'score' }],
    ['nothing at all', undefined],
  ])('%s is refused as bad input', async (_name, input) => {
    const failure = await failureOf(client().cases.list(input as never));
    expect(failure.code).toBe('BAD_INPUT');
  });

  test('a call that the contract does not declare fails and harms nothing', async () => {
    const undeclared = client() as unknown as { app: { drop: (input: unknown) => Promise<unknown> } };
    await expect((async () => undeclared.app.drop({}))()).rejects.toThrow();
    expect((await client().app.status({})).vault).toBe('open');
  });
}

function drafts(client: () => BackendClient): void {
  const person = async (): Promise<string | null> => (await client().app.status({})).person?.id ?? null;

  test('an edit is refused when the case was edited since, and nothing of either is lost', async () => {
    const { id } = await client().cases.create(testIntake({ reference: 'E-1' }));
    const base = (await client().cases.get({ id })).version;
    const first = testIntake({ reference: 'E-1', safeContact: 'Ring twice' });
    await client().cases.edit({ id, base, intake: first });
    const second = testIntake({ reference: 'E-1', place: 'Lowfield' });
    const refused = await failureOf(client().cases.edit({ id, base, intake: second }));
    const now = await client().cases.get({ id });
    expect(refused).toMatchObject({ code: 'CONFLICT', data: { version: now.version } });
    expect(now).toMatchObject({ private: { safeContact: 'Ring twice' }, row: { place: testIntake().place } });
    expect(now.version).not.toBe(base);
    await client().cases.edit({ id, base: now.version, intake: { ...second, safeContact: 'Ring twice' } });
    const after = await client().cases.get({ id });
    expect(after).toMatchObject({ private: { safeContact: 'Ring twice' }, row: { place: 'Lowfield' } });
  });

  test('drafts are kept for each person, form and case, and go when the form is saved', async () => {
    const own = await person();
    const { id: other } = await client().people.add({ name: 'Ravi' });
    const { id } = await client().cases.create(testIntake({ reference: 'D-1' }));
    const keys = (['new_case', 'edit_case', 'outcome'] as const).map((form) => ({
      person: own,
      form,
      subject: form === 'new_case' ? null : id,
    }));
    const kept = async (): Promise<unknown[]> =>
      Promise.all(keys.map(async (key) => (await client().drafts.get(key))?.content ?? null));
    for (const key of keys) await client().drafts.put({ ...key, base: null, content: { note: key.form } });
    expect(await kept()).toEqual([{ note: 'new_case' }, { note: 'edit_case' }, { note: 'outcome' }]);
    expect(await client().drafts.get({ ...keys[0]!, person: other })).toBeNull();
    const waiting = (await client().app.status({})).waiting;
    expect(waiting).toBeGreaterThan(0);
    await client().drafts.put({ ...keys[2]!, base: null, content: { note: 'more' } });
    expect((await client().app.status({})).waiting).toBe(waiting);

    await client().cases.create(testIntake({ reference: 'D-2' }));
    await client().cases.edit({
      id,
      base: (await client().cases.get({ id })).version,
      intake: testIntake({ reference: 'D-1' }),
    });
    expect(await kept()).toEqual([null, null, { note: 'more' }]);
    await client().cases.recordOutcome({ id, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
    expect(await kept()).toEqual([null, null, null]);
  });

  test('a draft that another window saved already makes no second case, and does not come back as a draft', async () => {
    const own = await person();
    const id = '019e0000-0000-7000-8000-000000000001';
    const key = { person: own, form: 'new_case', subject: null } as const;
    await client().drafts.put({ ...key, base: null, content: { note: 'Meera' }, becomes: id });
    const saved = await client().cases.create({ ...testIntake({ reference: 'W-1' }), id });
    expect(saved).toEqual({ id, reference: 'W-1' });

    const again = await failureOf(client().cases.create({ ...testIntake({ reference: 'W-2' }), id }));
    expect(again).toMatchObject({ code: 'CONFLICT', data: { case: id } });
    expect(again.message).toContain('W-1');
    const late = await failureOf(client().drafts.put({ ...key, base: null, content: { note: 'more' }, becomes: id }));
    expect(late).toMatchObject({ code: 'CONFLICT', data: { case: id } });
    expect(await client().drafts.get(key)).toBeNull();
    const found = await client().cases.list({ show: 'open', search: 'W-2', limit: 10, offset: 0 });
    expect(found.rows.map(({ reference }) => reference)).not.toContain('W-2');

    await client().cases.erase({ id });
    expect(await failureOf(client().cases.create({ ...testIntake(), id }))).toMatchObject({ code: 'CONFLICT' });
  });

  test('an outcome chosen on an older one is refused, and neither is lost', async () => {
    const { id } = await client().cases.create(testIntake({ reference: 'O-1' }));
    const base = async (): Promise<string> => (await client().cases.get({ id })).timeline.at(-1)!.id;
    const mine = { id, outcome: 'confirmed_scam', reason: null, note: 'Bank says so' } as const;
    const theirs = { id, outcome: 'genuine_provider', reason: null, note: 'Called back' } as const;
    await client().cases.recordOutcome({ ...theirs, base: null });
    const first = await base();
    const key = { person: await person(), form: 'outcome', subject: id } as const;
    await client().drafts.put({ ...key, base: null, content: { note: mine.note } });
    expect(await failureOf(client().cases.recordOutcome({ ...mine, base: null }))).toMatchObject({
      code: 'CONFLICT',
      data: { version: first },
    });
    expect((await client().cases.get({ id })).outcome).toMatchObject({
      outcome: 'genuine_provider',
      note: 'Called back',
    });
    expect((await client().drafts.get(key))?.content).toEqual({ note: mine.note });

    await client().cases.recordOutcome({ ...mine, base: first });
    expect((await client().cases.get({ id })).outcome).toMatchObject({ outcome: 'confirmed_scam' });
    expect(await failureOf(client().cases.recordOutcome({ ...theirs, base: first }))).toMatchObject({
      code: 'CONFLICT',
    });
  });

  test('a draft is erased with the case it is about, and none is kept of one that is gone', async () => {
    const { id } = await client().cases.create(testIntake({ reference: 'D-3' }));
    const key = { person: await person(), form: 'outcome', subject: id } as const;
    await client().drafts.put({ ...key, base: null, content: { note: 'Meera called' } });
    await client().cases.erase({ id });
    expect(await client().drafts.get(key)).toBeNull();
    const late = await failureOf(client().drafts.put({ ...key, base: null, content: { note: 'Meera called' } }));
    expect(late.code).toBe('NOT_FOUND');
  });
}

function streams(client: () => BackendClient): void {
  test('changes arrive as they happen, name what changed and carry no contents', async () => {
    const ending = new AbortController();
    const changes = await client().live.changes({}, { signal: ending.signal });
    // Taken up before anything happens; what the background does meanwhile may be heard as well.
    const iterator = changes[Symbol.asyncIterator]();
    let next = iterator.next();
    const { id } = await client().cases.create(testIntake());
    const seen = [];
    for (;;) {
      const { value, done } = await next;
      if (done === true) throw new Error('The stream ended early.');
      seen.push(value);
      if (value.topic === 'cases' && value.id === id) break;
      next = iterator.next();
    }
    for (const change of seen) expect(Object.keys(change).toSorted()).toEqual(['id', 'topic']);
    ending.abort();
  });

  test('two windows hear the same change', async () => {
    const ending = new AbortController();
    const both = await Promise.all([
      client().live.changes({}, { signal: ending.signal }),
      client().live.changes({}, { signal: ending.signal }),
    ]);
    const firstOf = both.map(async (changes) => {
      for await (const change of changes) if (change.topic === 'people') return change;
      return null;
    });
    await client().people.add({ name: `Colleague ${Math.random()}` });
    expect((await Promise.all(firstOf)).map((change) => change?.topic)).toEqual(['people', 'people']);
    ending.abort();
  });

  test('a call can be cancelled, and the backend goes on', async () => {
    const [model] = await client().models.list({});
    const ending = new AbortController();
    const dryRun = client().models.dryRun({ id: model?.id ?? '' }, { signal: ending.signal });
    ending.abort();
    await expect(dryRun).rejects.toThrow();
    expect((await client().app.status({})).vault).toBe('open');
  });

  test('a subscription that is ended hears nothing more', async () => {
    const ending = new AbortController();
    const changes = await client().live.changes({}, { signal: ending.signal });
    const after = (async () => {
      const seen = [];
      for await (const change of changes) seen.push(change);
      return seen;
    })().catch(() => []);
    ending.abort();
    await client().cases.create(testIntake());
    expect(await after).toEqual([]);
  });
}

function caseFlow(client: () => BackendClient): void {
  test('a case is taken in, scored by the bundled model, explained and closed by its outcome', async () => {
    const id = await visibleCase(client());
    const view = await client().cases.get({ id });
    const score = view.firstScore;
    expect(score?.verdict).toBe('scam');
    expect(score?.score).toBeGreaterThan(score?.thresholds.scamFrom ?? 1);
    expect(view.chainUnbroken).toBe(true);
    expect(view.facts.tactics).toContain('upi_payment');
    expect(score?.outsideSentences.map(inEnglish).join(' ').toLowerCase()).toContain('upi');
    const why = await client().cases.explain({ id });
    const sum = why.parts.reduce((total, part) => total + part.value, why.base + why.rest.value);
    expect(sum).toBeCloseTo(why.score, 6);
    expect(why.score).toBeCloseTo(score?.score ?? -1, 6);

    await client().cases.recordOutcome({
      id,
      base: null,
      outcome: 'confirmed_scam',
      reason: null,
      note: 'Called back; the number is known.',
    });
    const done = await client().cases.list({ show: 'done', search: '', limit: 100, offset: 0 });
    expect(done.rows.map((row) => row.id)).toContain(id);
    expect((await client().cases.get({ id })).outcome).toMatchObject({
      outcome: 'confirmed_scam',
      note: 'Called back; the number is known.',
    });
    expect(
      (await client().sync.preview({ limit: 200 })).entries.some((entry) => entry.text.includes('Called back')),
    ).toBe(false);
  });

  test('text in any script and a long narrative arrive whole', async () => {
    const narrative = `आपका कंप्यूटर हैक हो गया है — “pay ₹12 000” 💸 \u202Eabc ${'x'.repeat(15_000)}`;
    const { id } = await client().cases.create(testIntake({ narrative, resident: 'మీరా రావు' }));
    const view = await client().cases.get({ id });
    expect([view.private.narrative, view.private.resident]).toEqual([narrative, 'మీరా రావు']);
    const found = await client().cases.list({ show: 'open', search: 'మీరా', limit: 10, offset: 0 });
    expect(found.rows.map((row) => row.id)).toContain(id);
  });

  test('many calls at once are all answered, each with its own answer', async () => {
    const values = Array.from({ length: 40 }, (_, index) => `+1 202 555 ${String(1000 + index)}`);
    const hits = await Promise.all(values.map((value) => client().intake.checkIndicator({ kind: 'phone', value })));
    expect(hits.map((hit) => hit?.value)).toEqual(values.map((value) => value.replaceAll(' ', '')));
  });
}

/** The behaviour every transport of the backend's contract must show, with real SQLite and the real model. */
export function backendSuite(transport: string, connect: ConnectWire): void {
  describe(`the backend over ${transport}`, () => {
    let subject: TestBackend;
    let wire: Wire;
    beforeAll(async () => {
      subject = await testBackend();
      wire = await connect(subject.backend);
    });
    afterAll(async () => {
      await wire.close();
      await subject.dispose();
    });
    firstStart(connect);
    errors(() => wire.client);
    streams(() => wire.client);
    caseFlow(() => wire.client);
    drafts(() => wire.client);

    const declared = Object.entries(backendContract).flatMap(([group, procedures]) =>
      Object.keys(procedures).map((name) => [group, name] as const),
    );
    test.each(declared)('%s.%s is there and reads its input before anything else', async (group, name) => {
      const client = wire.client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
      const call = client[group]?.[name];
      if (call === undefined) throw new Error('The call is missing.');
      const isStream = ['live.changes', 'imports.stage'].includes(`${group}.${name}`);
      // A stream may say so only when its first event is asked for.
      const first = async (): Promise<unknown> => {
        const answer = await call({ nonsense: true });
        return isStream ? (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next() : answer;
      };
      // The bridge of the desktop shell carries the sentence of a failed stream, not its code.
      expect(await failureOf(first())).toMatchObject({ code: isStream ? expect.any(String) : 'BAD_INPUT' });
    });
  });
}
