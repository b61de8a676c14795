import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { rebuildProjections } from '../../../../electron/backend/store/projections.ts';
import { parseSealedEvent } from '../../../../shared/log/event.ts';
import { payloadSchemas } from '../../../../shared/log/payloads.ts';
import {
  bundledModelsDir,
  testBackend,
  testIntake,
  testPassphrase,
  type TestBackend,
} from '../../../support/backend.ts';
import { genuine, seededRandom } from '../../../support/fixed-draws.ts';
import { derivedTables, verifiedHead } from '../../../support/log.ts';
import { inEnglish, saying } from '../../../support/saying.ts';

const opened: TestBackend[] = [];
async function open(...input: Parameters<typeof testBackend>): Promise<TestBackend> {
  const made = await testBackend(...input);
  opened.push(made);
  return made;
}
afterEach(async () => {
  for (const made of opened.splice(0)) await made.dispose();
});
const code = (value: string) => expect.objectContaining({ code: value });
const page = { search: '', limit: 500, offset: 0 };
const found = async ({ client }: TestBackend, search: string): Promise<string[]> =>
  (await client.cases.list({ ...page, show: 'open', search })).rows.map((row) => row.reference);

describe('taking in', () => {
  test('a case is saved, scored and found in the queue with its reasons', async () => {
    const opened = await open();
    const { client, backend } = opened;
    const { id, reference } = await client.cases.create(testIntake());
    await backend.idle();
    const list = await client.cases.list({ ...page, show: 'open' });
    expect(list).toMatchObject({ total: 1, counts: { open: 1, mine: 1, done: 0 } });
    expect(list.rows[0]).toMatchObject({
      id,
      reference,
      place: 'Hillview',
      waiting: true,
      verdict: 'scam',
      stake: { amount: 4_800_000, currency: 'INR' },
    });
    expect(list.rows[0]?.reasons.length).toBeGreaterThan(1);
    const view = await client.cases.get({ id });
    expect(view).toMatchObject({ chainUnbroken: true, scoreProblem: null, private: { resident: 'Meera Iyer' } });
    const explanation = await client.cases.explain({ id });
    const sum = explanation.parts.reduce(
      (total, part) => total + part.value,
      explanation.base + explanation.rest.value,
    );
    expect(sum).toBeCloseTo(view.firstScore?.score ?? -1, 6);
  });

  test('only public facts are written where they may leave', async () => {
    const { client, backend } = await open();
    await client.cases.create(
      testIntake({
        tactics: ['UPI payment', 'sent 99887 76655 to them'],
        indicators: [{ kind: 'phone', value: '+91 80 5550 0123' }],
      }),
    );
    const texts = (await client.sync.preview({ limit: 50 })).entries.map((entry) => entry.text).join('\n');
    expect(texts).toContain('upi_payment');
    for (const secret of ['Meera', 'Hillview', 'infected', '5550', '99887']) expect(texts).not.toContain(secret);
    await backend.idle();
  });

  test('references are given in order and a used one is refused', async () => {
    const { client } = await open();
    const first = await client.cases.create(testIntake());
    const second = await client.cases.create(testIntake());
    expect(first.reference).toMatch(/^[A-Z]{3}-1001$/);
    expect(second.reference).toBe(first.reference.replace('1001', '1002'));
    expect((await client.intake.form({})).nextReference).toBe(first.reference.replace('1001', '1003'));
    await expect(client.cases.create(testIntake({ reference: ` ${first.reference.toLowerCase()} ` }))).rejects.toThrow(
      code('CONFLICT'),
    );
    await client.cases.create(testIntake({ reference: '2026-1-11' }));
    await client.cases.create(testIntake({ reference: '2026-11-1' }));
    expect((await client.cases.list({ ...page, show: 'open' })).total).toBe(4);
  });

  test('a case outlives a missing model and is scored as at intake once there is one', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'outpost-no-models-'));
    onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
    const first = await open({ modelsDir: empty });
    const { id } = await first.client.cases.create(testIntake({ attributes: genuine }));
    expect((await first.client.cases.get({ id })).scoreProblem).toEqual(saying(/No model/));
    await expect(first.client.cases.score({ id })).rejects.toThrow(code('NO_MODEL'));
    await first.client.cases.edit({ id, base: (await first.client.cases.get({ id })).version, intake: testIntake() });
    const second = await first.restart({ modelsDir: bundledModelsDir });
    opened.splice(0, 1, second);
    await second.client.vault.unlock({ passphrase: testPassphrase });
    await second.backend.idle();
    const scored = (await second.client.sync.preview({ limit: 50 })).entries.find(
      (entry) => entry.type === 'case.scored',
    );
    const payload = payloadSchemas['case.scored'].parse(parseSealedEvent(scored?.text ?? '').event.public);
    expect(payload).toMatchObject({ case: id, verdict: 'not_scam' });
  });

  test('the form suggests tactics by use and previews what would leave', async () => {
    const { client } = await open();
    await client.cases.create(testIntake({ tactics: ['UPI payment'] }));
    await client.cases.create(testIntake({ tactics: ['upi payment', 'Gift cards'] }));
    const form = await client.intake.form({});
    expect(form.tactics[0]).toEqual({ tag: 'upi_payment', cases: 2, understood: false });
    expect(form.tactics).toContainEqual({ tag: 'gift_cards', cases: 1, understood: true });
    expect(
      await client.intake.previewTactics({
        about: { resident: '', contact: '', place: '', safeContact: '', reference: '' },
        tactics: ['TeamViewer', 'call 99887 76655'],
      }),
    ).toEqual([
      { given: 'TeamViewer', tag: 'remote_access', leaves: true, why: null, seenByModel: true },
      {
        given: 'call 99887 76655',
        tag: 'call_99887_76655',
        leaves: false,
        why: 'digits',
        seenByModel: false,
      },
    ]);
  });

  test('a tactic the model does not know puts the case outside and is said in words', async () => {
    const { client, backend } = await open({ random: seededRandom('shown') });
    const { id } = await client.cases.create(testIntake({ tactics: ['UPI payment'] }));
    const view = await client.cases.get({ id });
    expect(view.row.outside).toBe(true);
    expect(view.firstScore?.outsideSentences.map(inEnglish).join(' ')).toContain('UPI payment');
    await backend.idle();
  });
});

describe('the queue', () => {
  test('urgent first, then unseen for too long, then by score and waiting, done apart', async () => {
    const { client, backend, clock } = await open({ random: seededRandom('queue') });
    const add = async (reference: string, change: Parameters<typeof testIntake>[0]) =>
      (await client.cases.create(testIntake({ reference, ...change }))).id;
    await add('old-genuine', { attributes: genuine, received: '2026-09-20' });
    await add('fresh-scam', { received: '2026-10-05' });
    await add('fresh-genuine', { attributes: genuine, received: '2026-10-05' });
    await add('urgent', { urgent: true, attributes: genuine, received: '2026-10-05' });
    const done = await add('done', { received: '2026-10-05' });
    await client.cases.recordOutcome({ id: done, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
    const list = await client.cases.list({ ...page, show: 'open' });
    expect(list.rows.map((row) => `${row.group} ${row.reference}`)).toEqual([
      'urgent urgent',
      'unseen old-genuine',
      'next fresh-scam',
      'next fresh-genuine',
    ]);
    expect(list.counts).toEqual({ open: 4, mine: 4, done: 1 });
    expect((await client.cases.list({ ...page, show: 'done' })).rows.map((row) => row.group)).toEqual(['done']);
    // The one who took it in does not count as having looked, until an hour has gone by.
    const old = list.rows[1]?.id ?? '';
    await client.cases.get({ id: old });
    expect((await client.cases.list({ ...page, show: 'open' })).rows[1]?.group).toBe('unseen');
    await client.settings.set({ lockAfterMinutes: 240 });
    clock.advance(2 * 3_600_000);
    // Passing by in the list is no look either.
    await client.cases.get({ id: old, look: false });
    expect((await client.cases.list({ ...page, show: 'open' })).rows[1]?.group).toBe('unseen');
    await client.cases.get({ id: old });
    expect((await client.cases.list({ ...page, show: 'open' })).rows.find((row) => row.id === old)?.group).toBe('next');
    const second = await client.cases.list({ show: 'open', search: '', limit: 2, offset: 1 });
    expect(second.rows).toHaveLength(2);
    expect(second.total).toBe(4);
    await backend.idle();
  });

  test('search finds beginnings of words in any script and takes operators for plain text', async () => {
    const opened = await open();
    const { client, backend } = opened;
    await client.cases.create(
      testIntake({ reference: 'K-77', resident: 'आशा राव', narrative: 'फ़ोन पर धमकी', place: 'Šibenik' }),
    );
    await client.cases.create(
      testIntake({ reference: 'K-78', resident: 'O\'Neil "Bob"', narrative: 'gift cards', tactics: ['screen lock'] }),
    );
    expect(await found(opened, 'आशा')).toEqual(['K-77']);
    expect(await found(opened, 'धम')).toEqual(['K-77']);
    expect(await found(opened, 'sibe')).toEqual(['K-77']);
    expect(await found(opened, 'k-7')).toHaveLength(2);
    expect(await found(opened, '"bob" o\'neil')).toEqual(['K-78']);
    expect(await found(opened, 'scre lo')).toEqual(['K-78']);
    expect(await found(opened, 'gift NEAR( OR "')).toEqual([]);
    expect(await found(opened, 'gift*) --')).toEqual(['K-78']);
    expect(await found(opened, '"*()')).toEqual([]);
    await backend.idle();
  });

  test('a telephone number without country code is found under the one with it, and the other way round', async () => {
    const { client, backend } = await open();
    const phone = (value: string) => ({ indicators: [{ kind: 'phone' as const, value }] });
    const whole = await client.cases.create(testIntake(phone('+1-544-555-0166')));
    const part = await client.cases.create(testIntake(phone('544-555-0166')));
    await client.cases.create(testIntake(phone('+44 544 555 0167')));
    const found = async (value: string) => (await client.intake.checkIndicator({ kind: 'phone', value }))?.caseIds;
    for (const typed of ['+1 544 555 0166', '1-544-555-0166', '0544 5550166', '15445550166'])
      expect(await found(typed)).toEqual([part.id, whole.id]);
    // another country code is another number, and few digits tell nothing apart
    expect(await found('+44 544 555 0166')).toEqual([part.id]);
    expect(await found('5550166')).toEqual([]);
    await backend.idle();
  });

  test('an indicator links the cases that name it, in whatever form it was written', async () => {
    const { client, backend } = await open();
    const phone = (value: string) => ({ indicators: [{ kind: 'phone' as const, value }] });
    const first = await client.cases.create(testIntake(phone('+91 80 5550 0123')));
    const second = await client.cases.create(testIntake(phone('0091-80-55500123')));
    await client.cases.create(testIntake(phone('+91 80 5550 9999')));
    await client.cases.recordOutcome({ id: first.id, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
    const hit = {
      kind: 'phone',
      value: '+918055500123',
      cases: 2,
      confirmed: 1,
      offices: 1,
      caseIds: [second.id, first.id],
    };
    expect(await client.intake.checkIndicator({ kind: 'phone', value: '+91 80 5550 0123' })).toEqual(hit);
    expect((await client.cases.get({ id: second.id })).indicators).toEqual([hit]);
    expect(await client.intake.checkIndicator({ kind: 'phone', value: '+9' })).toBeNull();
    await backend.idle();
  });
});

describe('what is found out', () => {
  test('an edit changes facts, search and links, never the first score or the received date', async () => {
    const opened = await open({ random: seededRandom('shown') });
    const { client, backend } = opened;
    const { id, reference } = await client.cases.create(
      testIntake({ urgent: true, indicators: [{ kind: 'web', value: 'bad.example' }] }),
    );
    const before = await client.cases.get({ id });
    await client.cases.edit({
      id,
      base: (await client.cases.get({ id })).version,
      intake: testIntake({ attributes: genuine, resident: 'Nadia Haddad', indicators: [] }),
    });
    const after = await client.cases.get({ id });
    expect(after.firstScore).toEqual(before.firstScore);
    expect(after).toMatchObject({
      urgent: false,
      private: { resident: 'Nadia Haddad', reference },
      indicators: [],
      facts: { attributes: genuine },
    });
    expect(await found(opened, 'nadia')).toEqual([reference]);
    expect(await found(opened, 'meera')).toEqual([]);
    await expect(
      client.cases.edit({
        id,
        base: (await client.cases.get({ id })).version,
        intake: testIntake({ received: '2026-10-01' }),
      }),
    ).rejects.toThrow(saying(/received date/));
    await backend.idle();
  });

  test('a receipt takes the waiting mark away', async () => {
    const { client, backend } = await open();
    const { id } = await client.cases.create(testIntake());
    await backend.idle();
    const log = backend.context.session().log();
    log.setReceipted(log.head().seq);
    expect((await client.cases.get({ id })).timeline.every((entry) => entry.receipted)).toBe(true);
    expect((await client.cases.list({ ...page, show: 'open' })).rows[0]?.waiting).toBe(false);
    await client.cases.recordOutcome({ id, base: null, outcome: 'confirmed_scam', reason: null, note: '' });
    expect((await client.cases.list({ ...page, show: 'done' })).rows[0]?.waiting).toBe(true);
    expect((await client.app.status({})).waiting).toBe(1);
  });
});

describe('erasure', () => {
  test('destroys what is private, keeps the chain, leaves other cases alone, and can be repeated', async () => {
    const opened = await open();
    const { client, backend } = opened;
    const phone = { indicators: [{ kind: 'phone' as const, value: '+91 80 5550 0123' }] };
    const { id } = await client.cases.create(testIntake({ resident: 'Forgotten Person', ...phone }));
    const other = await client.cases.create(testIntake({ resident: 'Other Person', ...phone }));
    await client.cases.recordOutcome({ id, base: null, outcome: 'confirmed_scam', reason: null, note: 'Secret note.' });
    await backend.idle();
    await client.cases.erase({ id });
    await client.cases.erase({ id });
    const { db, log } = backend.context.session();
    await expect(client.cases.get({ id })).rejects.toThrow(code('NOT_FOUND'));
    expect((await client.cases.list({ ...page, show: 'done' })).total).toBe(0);
    expect(await found(opened, 'forgotten')).toEqual([]);
    expect(await found(opened, 'other')).toEqual([other.reference]);
    expect(await client.intake.checkIndicator({ kind: 'phone', value: '+91 80 5550 0123' })).toMatchObject({
      cases: 1,
      confirmed: 0,
    });
    expect(verifiedHead(db, log().id)).toEqual(log().head());
    expect((await client.cases.get({ id: other.id })).chainUnbroken).toBe(true);
    for (const table of [
      'private_payloads',
      'cases',
      'case_search',
      'case_search_data',
      'explanations',
      'indicators',
    ]) {
      expect(
        JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all(), (_, value: unknown) =>
          Buffer.isBuffer(value) ? value.toString('latin1') : value,
        ),
      ).not.toMatch(/forgotten|Secret note/i);
    }
    const before = derivedTables(db);
    rebuildProjections(db);
    expect(derivedTables(db)).toEqual(before);
    await expect(client.cases.erase({ id: '0198f000-0000-7000-8000-000000000001' })).rejects.toThrow(code('NOT_FOUND'));
  });

  test('a changed entry or private part is seen on the case', async () => {
    const { client, backend } = await open();
    const { id } = await client.cases.create(testIntake());
    const other = await client.cases.create(testIntake());
    await backend.idle();
    const { db } = backend.context.session();
    db.prepare(
      "UPDATE private_payloads SET text = replace(text, 'Hillview', 'Elsewhere') WHERE event_id = (SELECT current_event FROM cases WHERE id = ?)",
    ).run(id);
    expect((await client.cases.get({ id })).chainUnbroken).toBe(false);
    expect((await client.cases.get({ id: other.id })).chainUnbroken).toBe(true);
    db.prepare("DELETE FROM events WHERE case_id = ? AND type = 'case.received'").run(id);
    expect((await client.cases.get({ id: other.id })).chainUnbroken).toBe(true);
  });
});

test('an entry that is missing puts all later cases in doubt once the whole chain has been checked', async () => {
  const first = await open();
  const ids: string[] = [];
  for (let i = 0; i < 4; i += 1) ids.push((await first.client.cases.create(testIntake())).id);
  await first.backend.idle();
  const [early = '', gone = '', , late = ''] = ids;
  first.backend.context.session().db.prepare('DELETE FROM events WHERE case_id = ?').run(gone);
  expect((await first.client.cases.get({ id: late })).chainUnbroken).toBe(true);
  await first.client.vault.lock({});
  await first.client.vault.unlock({ passphrase: testPassphrase });
  await expect.poll(async () => (await first.client.cases.get({ id: late })).chainUnbroken).toBe(false);
  expect((await first.client.cases.get({ id: early })).chainUnbroken).toBe(true);
});

test('an entry whose stored hash was changed is seen once the whole chain has been checked', async () => {
  const { client, backend } = await open();
  const ids: string[] = [];
  for (let i = 0; i < 4; i += 1) ids.push((await client.cases.create(testIntake())).id);
  await backend.idle();
  const [early = '', changed = '', , late = ''] = ids;
  const { db } = backend.context.session();
  db.prepare('UPDATE events SET hash = ? WHERE case_id = ?').run('0'.repeat(64), changed);
  expect((await client.cases.get({ id: late })).chainUnbroken).toBe(true);
  await client.vault.lock({});
  await client.vault.unlock({ passphrase: testPassphrase });
  await expect.poll(async () => (await client.cases.get({ id: late })).chainUnbroken).toBe(false);
  expect((await client.cases.get({ id: early })).chainUnbroken).toBe(true);
});

describe('the monitor', () => {
  test('says that it is too early, then what is new, and counts alarms in the strip', async () => {
    const { client, backend, clock } = await open({ random: seededRandom('monitor') });
    expect((await client.monitor.report({})).report.kind).toBe('too_little');
    const at = (i: number) => Date.parse('2026-08-01T09:00:00.000Z') + i * 8 * 3_600_000;
    const past = (i: number, tactics: string[]) => ({
      intake: testIntake({ reference: `P-${i}`, received: new Date(at(i)).toISOString().slice(0, 10), tactics }),
      at: at(i),
    });
    await backend.cases.createPast(
      Array.from({ length: 150 }, (_, i) => past(i, i < 90 || i % 2 === 0 ? [] : ['UPI payment'])),
    );
    const { report, sentences, models } = await client.monitor.report({});
    expect(report).toMatchObject({ kind: 'alarm', cases: 150, offices: 1 });
    expect(sentences[0]).toEqual(saying('UPI payment'));
    expect(models).toEqual([{ version: 1, at: expect.stringMatching(/^2026-10-05/) }]);
    clock.advance(5_000);
    expect((await client.app.status({})).alarms).toBe(1);
  });

  test('counts a tactic noted after the intake, and one taken away since, as the registry does', async () => {
    const { client } = await open();
    for (let i = 0; i < 30; i += 1) await client.cases.create(testIntake({ tactics: ['Parcel fee'] }));
    const { rows } = await client.cases.list({ ...page, show: 'open' });
    for (const { id } of rows.slice(0, 10))
      await client.cases.edit({
        id,
        base: (await client.cases.get({ id })).version,
        intake: testIntake({ tactics: ['UPI payment'] }),
      });
    const { tactics } = (await client.monitor.report({})).report;
    expect(Object.fromEntries(tactics.map(({ tag, cases }) => [tag, cases]))).toEqual({
      parcel_fee: 30,
      upi_payment: 10,
    });
  });
});
