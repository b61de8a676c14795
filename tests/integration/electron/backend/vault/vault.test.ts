import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { spawnNodeInference } from '../../../../../electron/backend/inference/spawn-node.ts';
import type { ChildHandle } from '../../../../../electron/backend/inference/child-handle.ts';
import { testBackend, testIntake, testPassphrase, type TestBackend } from '../../../../support/backend.ts';
import { saying } from '../../../../support/saying.ts';

const opened: TestBackend[] = [];
async function open(...input: Parameters<typeof testBackend>): Promise<TestBackend> {
  const made = await testBackend(...input);
  opened.push(made);
  return made;
}
async function again(from: TestBackend, ...input: Parameters<TestBackend['restart']>): Promise<TestBackend> {
  const made = await from.restart(...input);
  opened.splice(opened.indexOf(from), 1, made);
  return made;
}
afterEach(async () => {
  for (const made of opened.splice(0)) await made.dispose();
});
const code = (value: string) => expect.objectContaining({ code: value });

describe('the vault', () => {
  test('is new, then open, then locked; the passphrase opens it and another one does not', async () => {
    const first = await open({ create: false });
    expect((await first.client.app.status({})).vault).toBe('new');
    await expect(first.client.people.list({})).rejects.toThrow(code('LOCKED'));
    await first.client.vault.create({ passphrase: testPassphrase, personName: 'Asha Rao', office: 'North' });
    expect(await first.client.app.status({})).toMatchObject({
      vault: 'open',
      person: { name: 'Asha Rao' },
      office: 'North',
    });
    await expect(
      first.client.vault.create({ passphrase: testPassphrase, personName: 'B', office: '' }),
    ).rejects.toThrow(code('CONFLICT'));
    const second = await again(first);
    expect(await second.client.app.status({})).toMatchObject({ vault: 'locked', person: null, openCases: 0 });
    await expect(second.client.vault.unlock({ passphrase: 'wrong horse battery' })).rejects.toThrow(
      code('WRONG_PASSPHRASE'),
    );
    await expect(second.client.vault.unlock({})).rejects.toThrow(code('WRONG_PASSPHRASE'));
    await second.client.vault.unlock({ passphrase: testPassphrase });
    expect((await second.client.people.list({})).map((person) => person.name)).toEqual(['Asha Rao']);
  });

  test('the printed recovery key opens it, also written in lower case with spaces, and a slip is refused', async () => {
    const first = await open();
    const { recoveryKey } = first;
    expect(recoveryKey).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
    const second = await again(first);
    const slip = `${recoveryKey.startsWith('A') ? 'B' : 'A'}${recoveryKey.slice(1)}`;
    await expect(second.client.vault.unlock({ recoveryKey: slip })).rejects.toThrow(saying(/nine groups/));
    await second.client.vault.unlock({ recoveryKey: recoveryKey.toLowerCase().replaceAll('-', ' ') });
    expect((await second.client.app.status({})).vault).toBe('open');
  });

  test('nothing of a case can be read in the files', async () => {
    const first = await open();
    await first.client.cases.create(testIntake({ resident: 'Findable Resident', narrative: 'Findable narrative' }));
    await first.backend.close();
    for (const name of ['outpost.db', 'outpost.db-wal', 'vault.json', 'lock.json']) {
      const file = join(first.dataDir, name);
      if (existsSync(file)) expect(readFileSync(file, 'latin1')).not.toContain('Findable');
    }
    expect(readFileSync(join(first.dataDir, 'outpost.db'), 'latin1')).not.toContain('SQLite format 3');
    for (const name of ['vault.json', 'outpost.db']) expect(statSync(join(first.dataDir, name)).mode & 0o077).toBe(0);
  });

  test('the system opens it once without a passphrase, but not after it was locked', async () => {
    const mask = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes.map((byte) => byte ^ 0x5a));
    const first = await open({ secrets: { wrap: mask, unwrap: mask } });
    const second = await again(first);
    await second.client.vault.unlock({});
    expect((await second.client.app.status({})).vault).toBe('open');
    await second.client.vault.lock({});
    await expect(second.client.vault.unlock({})).rejects.toThrow(code('WRONG_PASSPHRASE'));
    await second.client.vault.unlock({ passphrase: testPassphrase });
  });

  test('an unlock that fails half-way leaves no inference process behind', async () => {
    const running = new Set<ChildHandle>();
    const spawn = spawnNodeInference();
    let fails = true;
    const first = await open({
      create: false,
      spawnInference() {
        const child = spawn();
        running.add(child);
        child.onExit(() => running.delete(child));
        return child;
      },
      random(bytes) {
        // The first entry that is written once a process has been started.
        if (fails && running.size > 0) throw new Error('no randomness');
        return randomBytes(bytes);
      },
    });
    const input = { passphrase: testPassphrase, personName: 'Asha Rao', office: '' };
    await expect(first.client.vault.create(input)).rejects.toThrow(code('INTERNAL'));
    await expect.poll(() => running.size).toBe(0);
    fails = false;
    await first.client.vault.unlock({ passphrase: testPassphrase });
    expect((await first.client.app.status({})).model).not.toBeNull();
  });

  test('it locks itself after the set minutes without calls; looking at the status does not keep it open', async () => {
    const { client, clock } = await open();
    await client.settings.set({ lockAfterMinutes: 10 });
    clock.advance(9 * 60_000);
    await client.people.list({});
    clock.advance(9 * 60_000);
    expect((await client.app.status({})).vault).toBe('open');
    expect((await client.app.status({})).locksAt).toBe(new Date(clock.now() + 60_000).toISOString());
    clock.advance(60_000);
    await expect.poll(async () => (await client.app.status({})).vault).toBe('locked');
    await expect(client.people.list({})).rejects.toThrow(code('LOCKED'));
  });

  test('a time that is over stays over: the first call after a sleep does not open it again', async () => {
    const { client, clock } = await open();
    await client.settings.set({ lockAfterMinutes: 10 });
    clock.sleep(8 * 3_600_000);
    await expect(client.people.list({})).rejects.toThrow(code('LOCKED'));
    expect((await client.app.status({})).vault).toBe('locked');
    await client.vault.unlock({ passphrase: testPassphrase });
    expect(await client.people.list({})).toHaveLength(1);
  });

  test('it locks itself soon after waking, also when nobody calls and the time is not over', async () => {
    const { client, clock, backend } = await open();
    await client.settings.set({ lockAfterMinutes: 240 });
    clock.advance(600_000);
    expect((await client.app.status({})).vault).toBe('open');
    const announced = new Promise<void>((resolve) => {
      backend.context.live.subscribe(({ topic }) => topic === 'status' && resolve());
    });
    clock.sleep(60_000);
    clock.advance(5_000);
    await announced;
    expect((await client.app.status({})).vault).toBe('locked');
  });

  test('a window that reads again after a change by the background does not keep it open', async () => {
    const { client, backend, clock } = await open();
    await client.settings.set({ lockAfterMinutes: 10 });
    clock.advance(9 * 60_000);
    backend.context.live.publish('cases');
    await client.cases.list({ show: 'open', search: '', limit: 10, offset: 0 });
    clock.advance(60_000);
    await expect.poll(async () => (await client.app.status({})).vault).toBe('locked');
  });

  test('an interrupted first start leaves nothing in the way', async () => {
    const first = await open({ create: false });
    writeFileSync(join(first.dataDir, 'outpost-new.db'), 'half of a database');
    await first.client.vault.create({ passphrase: testPassphrase, personName: 'Asha Rao', office: '' });
    await first.client.cases.create(testIntake({ reference: 'A-1' }));
    // Interrupted between vault.json and the name of the database: the next opening completes it.
    await first.backend.close();
    renameSync(join(first.dataDir, 'outpost.db'), join(first.dataDir, 'outpost-new.db'));
    const second = await again(first);
    await second.client.vault.unlock({ passphrase: testPassphrase });
    expect((await second.client.cases.list({ show: 'open', search: '', limit: 10, offset: 0 })).total).toBe(1);
  });

  test('a database without its vault.json is never overwritten', async () => {
    const first = await open();
    await first.backend.close();
    rmSync(join(first.dataDir, 'vault.json'));
    const before = readFileSync(join(first.dataDir, 'outpost.db'));
    const second = await again(first);
    await expect(
      second.client.vault.create({ passphrase: testPassphrase, personName: 'B', office: '' }),
    ).rejects.toThrow(code('BAD_DATABASE'));
    expect(readFileSync(join(first.dataDir, 'outpost.db')).equals(before)).toBe(true);
  });

  test('a damaged, a foreign and an empty database are refused and left as they are', async () => {
    const first = await open();
    await first.backend.close();
    const file = join(first.dataDir, 'outpost.db');
    const good = readFileSync(file);
    const flipped = Buffer.from(good);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    for (const bytes of [flipped, Buffer.from('not a database at all'.repeat(500)), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      const second = await again(opened[0] ?? first);
      await expect(second.client.vault.unlock({ passphrase: testPassphrase })).rejects.toThrow(code('BAD_DATABASE'));
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
    writeFileSync(file, good);
    const third = await again(opened[0] ?? first);
    await third.client.vault.unlock({ passphrase: testPassphrase });
  });

  test('a damaged vault.json is distinguished from a wrong passphrase', async () => {
    const first = await open();
    await first.backend.close();
    writeFileSync(join(first.dataDir, 'vault.json'), '{"format":"outpost.vault/1"');
    const second = await again(first);
    await expect(second.client.vault.unlock({ passphrase: testPassphrase })).rejects.toThrow(code('BAD_DATABASE'));
  });

  test('a copied or restored folder continues in a new log that names its parent, and loses nothing', async () => {
    const first = await open();
    const { id } = await first.client.cases.create(testIntake());
    const before = await first.client.sync.status({});
    await first.backend.close();
    const file = join(first.dataDir, 'outpost.db');
    copyFileSync(file, `${file}.backup`);
    rmSync(file);
    renameSync(`${file}.backup`, file);
    const second = await again(first);
    await second.client.vault.unlock({ passphrase: testPassphrase });
    const after = await second.client.sync.status({});
    expect(after.log).not.toBe(before.log);
    const openedEntry = (await second.client.sync.preview({ limit: 200 })).entries.at(-1);
    expect(JSON.parse(openedEntry?.text ?? '{}')).toMatchObject({
      public: { parent: { log: before.log, seq: before.entries }, reason: 'restored_or_copied' },
    });
    const view = await second.client.cases.get({ id });
    expect(view.chainUnbroken).toBe(true);
    expect(view.timeline.map((entry) => entry.type)).toEqual(['case.received', 'case.scored']);
    const third = await again(second);
    await third.client.vault.unlock({ passphrase: testPassphrase });
    expect((await third.client.sync.status({})).log).toBe(after.log);
  });
});

describe('a folder that goes on', () => {
  test('goes on in a new log when an earlier database was written over the one in place', async () => {
    const first = await open();
    await first.backend.close();
    const file = join(first.dataDir, 'outpost.db');
    const earlier = readFileSync(file);
    const second = await again(first);
    await second.client.vault.unlock({ passphrase: testPassphrase });
    const { log } = await second.client.sync.status({});
    await second.client.cases.create(testIntake());
    await second.backend.close();
    writeFileSync(file, earlier);
    const third = await again(second);
    await third.client.vault.unlock({ passphrase: testPassphrase });
    const restored = await third.client.sync.status({});
    expect(restored.log).not.toBe(log);
    const fourth = await again(third);
    await fourth.client.vault.unlock({ passphrase: testPassphrase });
    expect((await fourth.client.sync.status({})).log).toBe(restored.log);
  });

  test('is the same log after the folder was moved', async () => {
    const first = await open();
    const { log } = await first.client.sync.status({});
    await first.backend.close();
    const elsewhere = `${first.dataDir}-moved`;
    renameSync(first.dataDir, elsewhere);
    const second = await again(first, { dataDir: elsewhere });
    await second.client.vault.unlock({ passphrase: testPassphrase });
    expect((await second.client.sync.status({})).log).toBe(log);
  });
});

describe('calls', () => {
  test('input that does not fit is BAD_INPUT and names the field', async () => {
    const { backend } = await open();
    await expect(backend.call(['cases', 'list'], { show: 'open', search: '', limit: 0, offset: 0 })).rejects.toThrow(
      code('BAD_INPUT'),
    );
    await expect(backend.call(['people', 'add'], { name: 7 })).rejects.toThrow(saying(/name/));
  });

  test('changes are announced to subscribers, without contents, until they leave', async () => {
    const { backend, client } = await open();
    const seen: unknown[] = [];
    const leave = backend.subscribe(['live', 'changes'], {}, (event) => seen.push(event));
    await new Promise((resolve) => void setImmediate(resolve));
    const person = await client.people.add({ name: 'Ravi Menon' });
    await client.people.choose({ id: person.id });
    await expect.poll(() => seen).toContainEqual({ topic: 'status', id: null });
    expect(seen).toContainEqual({ topic: 'people', id: person.id });
    leave();
    const count = seen.length;
    await client.settings.set({ unseenDays: 5 });
    await new Promise((resolve) => void setImmediate(resolve));
    expect(seen.length).toBe(count);
  });

  test('an entry names the person who was chosen', async () => {
    const { client } = await open();
    const person = await client.people.add({ name: 'Ravi Menon' });
    await client.people.choose({ id: person.id });
    const { id } = await client.cases.create(testIntake());
    expect((await client.cases.get({ id })).timeline[0]?.person).toBe('Ravi Menon');
    await expect(client.people.choose({ id })).rejects.toThrow(code('NOT_FOUND'));
    await expect(client.people.add({ name: 'Ravi Menon' })).rejects.toThrow(code('CONFLICT'));
  });

  test('a recovery key is shown until it is confirmed, through a lock, and can be replaced by a new one', async () => {
    const laptop = await testBackend();
    try {
      const { client, backend, recoveryKey } = laptop;
      const shown = async (): Promise<string | null> => (await client.vault.recoveryKey({})).recoveryKey;
      expect([await shown(), (await client.app.status({})).recoveryKeyOpen]).toEqual([recoveryKey, true]);
      await client.vault.lock({});
      await expect(client.vault.recoveryKey({})).rejects.toMatchObject({ code: 'LOCKED' });
      await client.vault.unlock({ passphrase: testPassphrase });
      expect(await shown()).toBe(recoveryKey);
      await client.vault.confirmRecoveryKey({});
      expect([await shown(), (await client.app.status({})).recoveryKeyOpen]).toEqual([null, false]);

      await expect(client.vault.renewRecoveryKey({ passphrase: 'not it' })).rejects.toMatchObject({
        code: 'WRONG_PASSPHRASE',
      });
      expect(await shown()).toBeNull();
      const { recoveryKey: renewed } = await client.vault.renewRecoveryKey({ passphrase: testPassphrase });
      expect([await shown(), renewed === recoveryKey]).toEqual([renewed, false]);
      await client.vault.lock({});
      await expect(client.vault.unlock({ recoveryKey })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
      await client.vault.unlock({ recoveryKey: renewed });

      // As if a crash had come between keeping a newer key and writing its wrap: it opens nothing, so it is not shown.
      backend.context.session().keyValues.set('recoveryKey.open', recoveryKey);
      expect([await shown(), (await client.app.status({})).recoveryKeyOpen]).toEqual([null, false]);
    } finally {
      await laptop.dispose();
    }
  });
});
