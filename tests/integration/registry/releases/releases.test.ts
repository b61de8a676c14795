import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reconcile } from '../../../../registry/releases/approve.ts';
import { currentChampion, nextVersion } from '../../../../registry/releases/candidates.ts';
import { readPublished } from '../../../../registry/releases/repository.ts';
import { resignIfDue } from '../../../../registry/releases/resign.ts';
import { publicKeyOf } from '../../../../shared/log/signed.ts';
import { publicKeyTargetSchema } from '../../../../shared/releases/targets.ts';
import { listFor, pushToy, releaseToy, signByTwo, tufClient, type TufClient } from '../../../support/releases.ts';
import { testRegistry, type TestRegistry } from '../../../support/registry.ts';
import { saying } from '../../../support/saying.ts';

let registry: TestRegistry;
let laptop: TufClient;

beforeEach(async () => {
  registry = await testRegistry();
  laptop = tufClient(registry);
});
afterEach(async () => {
  laptop.close();
  await registry.close();
});

const approver = (number: 1 | 2 | 3 = 1) => registry.client(registry.approvers[number - 1]).admin;
const operator = () => registry.client(registry.tokens.operator).admin;
const day = 86_400_000;

describe('what a laptop finds', () => {
  it('has the receipt and sealing keys in the list the offline keys signed', async () => {
    const targets = await laptop.refresh();
    expect(targets.targets['keys/receipt.json']).toBeDefined();
    const receipt = publicKeyTargetSchema.parse(
      JSON.parse(Buffer.from((await laptop.target('keys/receipt.json'))!).toString()),
    );
    expect(receipt).toEqual({
      format: 'outpost.public-key/1',
      purpose: 'receipt',
      key: publicKeyOf(registry.context.keys.receipt),
    });
    const sealing = publicKeyTargetSchema.parse(
      JSON.parse(Buffer.from((await laptop.target('keys/sealing.json'))!).toString()),
    );
    expect(sealing.key).toMatch(/^age1/);
  });

  it('learns that an office has no release yet, and gets what was set for all when the office is new', async () => {
    await registry.invite('North office');
    expect((await laptop.channel('north-office'))?.release).toBeNull();
    const { release } = await releaseToy(registry, 1);
    await operator().setChannel({ release, offices: [] });
    await registry.invite('Late office');
    expect((await laptop.channel('late-office'))?.release).toBe(release);
    expect((await laptop.channel('north-office'))?.release).toBe(release);
  });

  it('still accepts the online information 89 days later, and 91 days later only after it was signed again', async () => {
    registry.clock.advance(89 * day);
    await laptop.refresh();
    registry.clock.advance(2 * day);
    await expect(laptop.refresh()).rejects.toThrow(saying(/expired/i));
    expect((await resignIfDue(registry.context, { clockIsRight: true })).signed).toBe(true);
    await laptop.refresh();
    expect((await resignIfDue(registry.context)).signed).toBe(false);
  });

  it('can go on with a download where it was interrupted', async () => {
    const { report, release } = await releaseToy(registry, 1);
    const url = `${registry.url}/releases/targets/${release}/${report.model}.model.onnx`;
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    const rest = await fetch(url, { headers: { range: 'bytes=100-' } });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes 100-${whole.length - 1}/${whole.length}`);
    expect(Buffer.from(await rest.arrayBuffer())).toEqual(whole.subarray(100));
    expect((await fetch(url, { headers: { range: `bytes=${whole.length}-` } })).status).toBe(416);
    const tail = await fetch(url, { headers: { range: 'bytes=-7' } });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(whole.subarray(-7));
  });
});

describe('approval by signatures', () => {
  it('releases a model at the second offline signature, not at the first', async () => {
    const proposal = await pushToy(registry, 1);
    expect(proposal).toMatchObject({ state: 'open', threshold: 2, signatures: [], targets: null });
    expect(proposal.report).toMatchObject({ gates: [], evidenceRows: 0, flips: 0, champion: null });
    const { candidate } = proposal.report;
    const list = await listFor(registry, proposal);
    const once = await approver().sign({ candidate, targets: registry.signTargets(list, 2) });
    expect(once).toMatchObject({ state: 'open', signatures: [{ keyId: expect.any(String) }] });
    const model = `releases/${proposal.manifest.model.id}/model.onnx`;
    expect((await laptop.refresh()).targets[model]).toBeUndefined();
    expect(await approver().sign({ candidate, targets: registry.signTargets(list, 2) })).toMatchObject({
      state: 'open',
    });
    expect(await approver(2).sign({ candidate, targets: registry.signTargets(list, 3) })).toMatchObject({
      state: 'approved',
      signatures: [{}, {}],
    });
    expect((await laptop.refresh()).targets[model]?.hashes.sha256).toBe(proposal.report.model);
    expect((await laptop.target(model))?.length).toBe(proposal.manifest.model.bytes);
    await expect(approver().sign({ candidate, targets: registry.signTargets(list, 1) })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('refuses a list that says anything else than the candidate means, and signatures of other keys', async () => {
    const proposal = await pushToy(registry, 1);
    const { candidate } = proposal.report;
    const list = await listFor(registry, proposal);
    const path = `releases/${proposal.manifest.model.id}/model.onnx`;
    const swapped = {
      ...list,
      targets: { ...list.targets, [path]: { ...list.targets[path]!, hashes: { sha256: 'f'.repeat(64) } } },
    };
    await expect(approver().sign({ candidate, targets: registry.signTargets(swapped, 1, 2) })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining(path),
    });
    const { [path]: _, ...less } = list.targets;
    await expect(
      approver().sign({ candidate, targets: registry.signTargets({ ...list, targets: less }, 1, 2) }),
    ).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    const other = await testRegistry();
    await expect(approver().sign({ candidate, targets: other.signTargets(list, 1, 2) })).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
    });
    await other.close();
    expect((await approver().proposal({ candidate })).signatures).toEqual([]);
  });

  it('asks for new signatures when another candidate was released in between', async () => {
    const [first, second] = [await pushToy(registry, 1), await pushToy(registry, 2)];
    const stale = registry.signTargets(await listFor(registry, second), 1);
    await approver().sign({ candidate: second.report.candidate, targets: stale });
    await signByTwo(registry, first.report.candidate, await listFor(registry, first));
    expect(await approver().proposal({ candidate: second.report.candidate })).toMatchObject({
      state: 'open',
      signatures: [],
      targets: null,
    });
    await expect(approver().sign({ candidate: second.report.candidate, targets: stale })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const fresh = await signByTwo(registry, second.report.candidate, await listFor(registry, second), [1, 3]);
    expect(fresh.state).toBe('approved');
  });

  it('takes one key of an admin: neither two in one upload nor another one later', async () => {
    const proposal = await pushToy(registry, 1);
    const { candidate } = proposal.report;
    const list = await listFor(registry, proposal);
    const sign = (...keys: (1 | 2 | 3)[]) =>
      approver().sign({ candidate, targets: registry.signTargets(list, ...keys) });
    await expect(sign(1, 2)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await approver().proposal({ candidate })).signatures).toEqual([]);
    await sign(1);
    await expect(sign(2)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(sign(1, 2)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await approver().proposal({ candidate })).toMatchObject({ state: 'open', signatures: [{}] });
  });

  it('finishes an approval that a crash cut off after the list was published', async () => {
    const proposal = await releaseToy(registry, 1);
    const { candidate } = proposal.report;
    await registry.context.db.updateTable('candidates').set({ state: 'open' }).where('id', '=', candidate).execute();
    await registry.context.db.deleteFrom('releases').execute();
    await reconcile(registry.context);
    expect((await approver().proposal({ candidate })).state).toBe('approved');
    expect(await registry.context.db.selectFrom('releases').selectAll().execute()).toMatchObject([
      { release: proposal.release, version: 1 },
    ]);
  });

  it('declines with a reason, after which nothing can be signed', async () => {
    const proposal = await pushToy(registry, 1);
    const { candidate } = proposal.report;
    expect((await approver().decline({ candidate, reason: 'Accuses too many.' })).state).toBe('declined');
    await expect(
      approver().sign({ candidate, targets: registry.signTargets(await listFor(registry, proposal), 1, 2) }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('gives no version twice: a new model counts on from releases and open candidates, whatever the offices run', async () => {
    expect(await nextVersion(registry.context)).toBe(1);
    const one = await releaseToy(registry, 1);
    await releaseToy(registry, 2);
    await registry.invite('Office');
    await operator().setChannel({ release: one.release, offices: [] });
    expect(await nextVersion(registry.context)).toBe(3);
    const { report } = await pushToy(registry, 3);
    expect(await nextVersion(registry.context)).toBe(4);
    await approver().decline({ candidate: report.candidate, reason: 'Accuses too many.' });
    expect(await nextVersion(registry.context)).toBe(3);
  });

  it('does not propose another model under a released version', async () => {
    await releaseToy(registry, 1);
    await expect(pushToy(registry, 1, 7)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Version 1'),
    });
  });

  it('does not propose a model twice, nor one that is not what its manifest names', async () => {
    const proposal = await pushToy(registry, 1);
    await expect(pushToy(registry, 1)).rejects.toMatchObject({ code: 'CONFLICT' });
    const { model, manifest } = proposal.report;
    await expect(
      registry.client(registry.tokens.trainer).admin.propose({ model: manifest, manifest }),
    ).rejects.toMatchObject({ code: 'BAD_MODEL' });
    await expect(
      registry.client(registry.tokens.trainer).admin.propose({ model, manifest: model }),
    ).rejects.toMatchObject({ code: 'BAD_MANIFEST' });
    await expect(
      registry.client(registry.tokens.trainer).admin.propose({ model: 'e'.repeat(64), manifest }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('channels', () => {
  it('roll out to a pilot first, then to all, and roll back without an offline key', async () => {
    await registry.invite('Pilot');
    await registry.invite('Other');
    const one = await releaseToy(registry, 1);
    await operator().setChannel({ release: one.release, offices: [] });
    const two = await releaseToy(registry, 2);
    await operator().setChannel({ release: two.release, offices: ['pilot'] });
    expect((await laptop.channel('pilot'))?.release).toBe(two.release);
    expect((await laptop.channel('other'))?.release).toBe(one.release);
    await operator().setChannel({ release: two.release, offices: [] });
    expect((await laptop.channel('other'))?.release).toBe(two.release);
    await operator().setChannel({ release: one.release, offices: [] });
    expect((await laptop.channel('pilot'))?.release).toBe(one.release);
    expect(await operator().offices({})).toMatchObject([
      { id: 'other', release: one.release },
      { id: 'pilot', release: one.release },
    ]);
  });

  it('say which model is watched: the one most offices are pointed to, also when pointed one by one', async () => {
    for (const office of ['One', 'Two', 'Three']) await registry.invite(office);
    const version = async () => (await currentChampion(registry.context))?.version;
    expect(await version()).toBeUndefined();
    const one = await releaseToy(registry, 1);
    const two = await releaseToy(registry, 2);
    expect(await version()).toBe(2); // no office is pointed to any yet
    await operator().setChannel({ release: one.release, offices: [] });
    expect(await version()).toBe(1);
    await operator().setChannel({ release: two.release, offices: ['one'] });
    expect(await version()).toBe(1); // the pilot of one office of three
    await operator().setChannel({ release: two.release, offices: ['two'] });
    await operator().setChannel({ release: two.release, offices: ['three'] });
    expect(await version()).toBe(2);
    await operator().setChannel({ release: one.release, offices: [] });
    expect(await version()).toBe(1);
  });

  it('never point to what was not approved, to a version below the signed minimum, or to an unknown office', async () => {
    await registry.invite('Pilot');
    const open = await pushToy(registry, 3);
    await expect(
      operator().setChannel({ release: `releases/${open.manifest.model.id}`, offices: [] }),
    ).rejects.toMatchObject({ code: 'NOT_APPROVED', message: expect.stringContaining('Nothing is approved yet.') });
    const one = await releaseToy(registry, 1);
    await expect(operator().setChannel({ release: 'one', offices: [] })).rejects.toMatchObject({
      message: expect.stringContaining(`Approved: ${one.release} (version 1).`),
    });
    await releaseToy(registry, 2, 2);
    await expect(operator().setChannel({ release: one.release, offices: [] })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
      message: expect.stringContaining('minimum 2'),
    });
    await expect(operator().setChannel({ release: one.release, offices: ['nowhere'] })).rejects.toMatchObject({
      code: 'NOT_APPROVED',
    });
    expect((await laptop.channel('pilot'))?.release).toBeNull();
  });

  it('leave the former state published when writing is cut off before the timestamp', async () => {
    const { release } = await releaseToy(registry, 1);
    await registry.invite('Pilot');
    const timestamp = join(registry.folder, 'releases', 'metadata', 'timestamp.json');
    const before = readFileSync(timestamp);
    await operator().setChannel({ release, offices: [] });
    writeFileSync(timestamp, before);
    expect((await laptop.channel('pilot'))?.release).toBeNull();
    await operator().setChannel({ release, offices: [] });
    expect((await laptop.channel('pilot'))?.release).toBe(release);
  });

  it('change nothing for two at once: both changes are published', async () => {
    await registry.invite('One');
    await registry.invite('Two');
    const { release } = await releaseToy(registry, 1);
    await Promise.all([
      operator().setChannel({ release, offices: ['one'] }),
      operator().setChannel({ release, offices: ['two'] }),
    ]);
    expect([(await laptop.channel('one'))?.release, (await laptop.channel('two'))?.release]).toEqual([
      release,
      release,
    ]);
    expect(
      existsSync(
        join(
          registry.folder,
          'releases',
          'metadata',
          `${(await readPublished(registry.context.blobs)).snapshot.signed.version}.snapshot.json`,
        ),
      ),
    ).toBe(true);
  });
});
