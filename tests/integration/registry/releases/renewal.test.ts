import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renewCommand } from '../../../../electron/commands/renew.ts';
import { makeOfflineKey } from '../../../../registry/identity/offline-keys.ts';
import { offlineExpiry, prepareRenewal, publishRenewal } from '../../../../registry/releases/renew.ts';
import { resignIfDue } from '../../../../registry/releases/resign.ts';
import { readPublished } from '../../../../registry/releases/repository.ts';
import { keyIdOf } from '../../../../shared/releases/metadata.ts';
import { readRenewal, renewalText } from '../../../../shared/releases/renewal.ts';
import { listFor, pushToy, releaseToy, signByTwo, tufClient, type TufClient } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { saying } from '../../../support/saying.ts';
import { english } from '../../../support/commands.ts';

let registry: TestRegistry;
let laptop: TufClient;
let folder: string;
let file: string;
const day = 86_400_000;

beforeEach(async () => {
  registry = await testRegistry();
  laptop = tufClient(registry);
  await laptop.refresh();
  folder = mkdtempSync(join(tmpdir(), 'outpost-renewal-'));
  file = join(folder, 'renewal.json');
});
afterEach(async () => {
  laptop.close();
  rmSync(folder, { recursive: true, force: true });
  await registry.close();
});

async function sign(key: string, ...more: string[]): Promise<string> {
  const stdout = new PassThrough();
  const io = {
    stdin: Readable.from([]),
    stdout,
    language: english,
    stderr: new PassThrough(),
    modelsDir: '',
    signal: new AbortController().signal,
  };
  const clock = {
    now: () => registry.clock.now(),
    elapsed: () => Date.now(),
    zone: () => 'UTC',
    setTimeout: (callback: () => void, ms: number) => {
      const timer = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const args = [
    '--registry',
    registry.url,
    '--root',
    registry.context.registry,
    '--trust',
    join(folder, 'trust'),
    '--passphrase-file',
    registry.passphraseFile,
    '--yes',
  ];
  await renewCommand(io, { fetch: globalThis.fetch, clock }).parseAsync(
    [...args, '--key', key, '--file', file, ...more],
    { from: 'user' },
  );
  return String(stdout.read() ?? '');
}
const prepare = async (exchange?: { from: string; to: string }) =>
  writeFileSync(file, await prepareRenewal(registry.context, exchange));
const publish = () => publishRenewal(registry.context, readRenewal(readFileSync(file, 'utf8')));
const offline = (number: 1 | 2 | 3) => registry.offlineKeys[number - 1]!;

describe('renewing root and list of releases', () => {
  it('takes two signatures, after which a laptop that knows the first root goes on', async () => {
    await releaseToy(registry, 1);
    registry.clock.advance(340 * day);
    await resignIfDue(registry.context, { clockIsRight: true });
    await prepare();
    expect(await sign(offline(1))).toContain('1 of 2 signatures');
    await expect(publish()).rejects.toMatchObject({ code: 'NOT_APPROVED', message: expect.stringContaining('1 of 2') });
    expect(await sign(offline(1))).toContain('1 of 2 signatures');
    expect(await sign(offline(3))).toContain('2 of 2 signatures');
    expect(await publish()).toMatchObject({ rootVersion: 2 });
    registry.clock.advance(60 * day);
    await resignIfDue(registry.context, { clockIsRight: true });
    expect(Object.keys((await laptop.refresh()).targets)).toContain('keys/receipt.json');
    expect(Date.parse(await offlineExpiry(registry.context)) - registry.clock.now()).toBe(305 * day);
    await expect(publish()).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('works too late as well, when the signers say that they know', async () => {
    registry.clock.advance(500 * day);
    await resignIfDue(registry.context, { clockIsRight: true });
    await expect(laptop.refresh()).rejects.toThrow(saying(/expired/i));
    await prepare();
    await expect(sign(offline(1))).rejects.toMatchObject({ code: 'EXPIRED' });
    await sign(offline(1), '--expired');
    await sign(offline(2), '--expired');
    await publish();
    await laptop.refresh();
  });

  it('exchanges a lost offline key: the new one signs releases, the old one no longer does', async () => {
    const made = makeOfflineKey(registry.passphrase);
    const fresh = join(folder, 'fresh.pem');
    writeFileSync(fresh, made.pem);
    const { root } = await readPublished(registry.context.blobs);
    const lost = await keyOf(1);
    await prepare({ from: lost, to: made.key.keyval.public });
    expect(await sign(offline(2))).toContain(`added:   ${made.key.keyval.public}`);
    await sign(fresh);
    await expect(publish()).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    await sign(offline(3));
    await publish();
    expect((await readPublished(registry.context.blobs)).root.signed.roles.targets.keyids).not.toContain(lost);
    expect(root.signed.roles.targets.keyids).toContain(lost);
    await laptop.refresh();
    const proposal = await pushToy(registry, 1);
    const admin = registry.client(registry.tokens.approver).admin;
    const { candidate } = proposal.report;
    await expect(
      admin.sign({ candidate, targets: registry.signTargets(await listFor(registry, proposal), 1) }),
    ).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    const approved = await signByTwo(registry, candidate, await listFor(registry, proposal), [2, 3]);
    expect(approved.state).toBe('approved');
    await laptop.refresh();
  });

  it('refuses anything but dates and one key, on the signer’s machine and on the registry', async () => {
    await releaseToy(registry, 1);
    const good = readRenewal(await prepareRenewal(registry.context));
    const root = good.root.signed;
    const bent = {
      'a lower threshold': {
        ...good,
        root: {
          ...good.root,
          signed: { ...root, roles: { ...root.roles, targets: { ...root.roles.targets, threshold: 1 } } },
        },
      },
      'an online key as offline key': {
        ...good,
        root: {
          ...good.root,
          signed: {
            ...root,
            roles: {
              ...root.roles,
              targets: { ...root.roles.targets, keyids: [...root.roles.targets.keyids, ...root.roles.snapshot.keyids] },
            },
          },
        },
      },
      'a dropped release': { ...good, targets: { ...good.targets, signed: { ...good.targets.signed, targets: {} } } },
      'a hundred years': { ...good, root: { ...good.root, signed: { ...root, expires: '2126-01-01T00:00:00Z' } } },
      'a skipped version': { ...good, root: { ...good.root, signed: { ...root, version: 3 } } },
    };
    for (const [what, renewal] of Object.entries(bent)) {
      writeFileSync(file, renewalText(renewal));
      await expect(sign(offline(1)), what).rejects.toMatchObject({ code: 'NOT_APPROVED' });
      await expect(publish(), what).rejects.toMatchObject({ code: expect.stringMatching(/NOT_APPROVED|CONFLICT/) });
    }
    for (const text of ['', '{}', '{"format":"outpost.renewal/1","root":"x","targets":"y"}'])
      expect(() => readRenewal(text)).toThrow(expect.objectContaining({ code: 'BAD_RELEASE' }));
    await expect(prepareRenewal(registry.context, { from: 'no such key', to: 'a'.repeat(64) })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });
});

/** Key id of offline key 1, 2 or 3: the one that signs with that file. */
async function keyOf(number: 1 | 2 | 3): Promise<string> {
  const targets = (await readPublished(registry.context.blobs)).targets.signed;
  const text = registry.signTargets(targets, number);
  const id = (JSON.parse(text) as { signatures: { keyid: string }[] }).signatures[0]!.keyid;
  expect(keyIdOf((await readPublished(registry.context.blobs)).root.signed.keys[id]!)).toBe(id);
  return id;
}
