import { saying } from '../../../../support/saying.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish, resign } from '../../../../../registry/releases/publish.ts';
import { publisherOf } from '../../../../../registry/releases/channels.ts';
import { saveBlob } from '../../../../../platform/blobs/by-hash.ts';
import { importUp, makeDownFile } from '../../../../../registry/laptops/courier.ts';
import { makeOnlineKeys, publicHalves } from '../../../../../registry/identity/online-keys.ts';
import { readPublished, writeTarget } from '../../../../../registry/releases/repository.ts';
import { encodeFacts } from '../../../../../shared/encoding/encode.ts';
import { parseMetadata, targetsSchema } from '../../../../../shared/releases/metadata.ts';
import { toyModel, toyRows } from '../../../../support/models.ts';
import { listFor, releaseToy, signByTwo } from '../../../../support/releases.ts';
import { pointTo, rollOutToy } from '../../../../support/roll-out.ts';
import { testClock, testRegistry, type TestRegistry } from '../../../../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../../../../support/sync-laptop.ts';
import { isSame } from '../../../../../shared/language/sentence.ts';

let registry: TestRegistry;
let laptop: SyncLaptop;

beforeEach(async () => {
  registry = await testRegistry();
  laptop = await syncLaptop(registry.clock);
  await laptop.sync.enrol({ code: await registry.invite('North office') });
});
afterEach(async () => {
  await laptop.close();
  await registry.close();
});

const DAY = 86_400_000;
const oneCase = { schema: { id: 'toy', version: 1 }, attributes: { asked: true }, tactics: [] };
const active = (): number | undefined => laptop.session.models.active()?.manifest.model.version;

const rollOut = (version: number, minimum?: number): Promise<string> => rollOutToy(registry, version, minimum);
const point = (release: string): Promise<void> => pointTo(registry, release);

const metadataDir = (): string => join(registry.folder, 'releases', 'metadata');

describe('a model the laptop itself refuses', () => {
  it('is not fetched again, keeps the current model and slows no feedback down', async () => {
    await rollOut(1);
    await laptop.sync.now();
    // approved by the offline keys, but its golden rows do not come out
    const bad = toyModel({ version: 5, manifest: { golden: [{ row: toyRows[0] ?? {}, score: 0.123 }] } });
    const saved = [bad.bytes, bad.manifestBytes].map((bytes) => saveBlob(registry.context.blobs, bytes));
    const [model, manifest] = (await Promise.all(saved)).map(({ sha256 }) => sha256);
    const proposal = await registry
      .client(registry.tokens.trainer)
      .admin.propose({ model: model ?? '', manifest: manifest ?? '' });
    await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal));
    await point(`releases/${bad.manifest.model.id}`);
    const fetched: string[] = [];
    laptop.network = (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      if (url.endsWith('model.onnx')) fetched.push(url);
      return fetch(input, init);
    };
    laptop.sync.start();
    for (let i = 0; i < 3; i += 1) {
      laptop.addCase();
      expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: { code: 'BAD_MODEL' } });
    }
    expect(fetched).toHaveLength(1);
    expect(active()).toBe(1);
    expect(laptop.sync.connection()).toBe('online');
    expect(laptop.clock.waiting()).toEqual([5 * 60_000]);
    const notes = laptop.sync
      .status()
      .history.filter(({ sentence }) => isSame(sentence, laptop.sync.status().lastProblem!.sentence));
    expect(notes).toHaveLength(1);
  });
});

describe('keys that the offline role replaced', () => {
  /** Publishes new keys under the offline role, and lets the registry use them. */
  async function replaceKeys(): Promise<void> {
    const now = await readPublished(registry.context.blobs);
    const fresh = await makeOnlineKeys((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
    const { receipt, sealing } = await publicHalves(fresh);
    const listed = Object.entries({ receipt, sealing }).map(async ([purpose, key]) => {
      const { sha256, length } = await writeTarget(
        registry.context.blobs,
        `keys/${purpose}.json`,
        JSON.stringify({ format: 'outpost.public-key/1', purpose, key }),
      );
      return [`keys/${purpose}.json`, { length, hashes: { sha256 } }] as const;
    });
    const { signed } = now.targets;
    const targets = {
      ...signed,
      version: signed.version + 1,
      targets: { ...signed.targets, ...Object.fromEntries(await Promise.all(listed)) },
    };
    const before = {
      ...now,
      snapshotVersion: now.snapshot.signed.version,
      timestampVersion: now.timestamp.signed.version,
    };
    await publish(publisherOf(registry.context), before, {
      targets: parseMetadata(registry.signTargets(targets, 1, 3), targetsSchema),
    });
    Object.assign(registry.context.keys, { receipt: fresh.receipt, sealing: fresh.sealing });
  }

  it('are followed over the network', async () => {
    await laptop.sync.now();
    await replaceKeys();
    laptop.addCase();
    expect(await laptop.sync.now()).toMatchObject({ waiting: 1, lastProblem: { code: 'BAD_RECEIPT' } });
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: null });
  });

  it('are followed over the network after a restart too', async () => {
    await laptop.sync.now();
    await replaceKeys();
    laptop.addCase();
    await laptop.sync.stop();
    laptop.sync.start();
    await laptop.sync.now();
    await laptop.sync.stop();
    laptop.sync.start();
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: null });
  });

  it('are followed by stick', async () => {
    await laptop.sync.now();
    laptop.addCase();
    await replaceKeys();
    // still sealed to the former key, which the registry has no more
    await expect(importUp(registry.context, await laptop.carry())).rejects.toMatchObject({ code: 'BAD_COURIER' });
    const device = await registry.context.db.selectFrom('devices').select('id').executeTakeFirstOrThrow();
    await laptop.take((await makeDownFile(registry.context, device.id)).bytes);
    await laptop.take((await importUp(registry.context, await laptop.carry())).bytes);
    expect(laptop.sync.status()).toMatchObject({ waiting: 0 });
  });
});

describe('a new root', () => {
  /** The offline keys sign a next version of the root, as when one of them is exchanged. */
  async function nextRoot(...keys: (1 | 2 | 3)[]): Promise<void> {
    const { signed } = (await readPublished(registry.context.blobs)).root;
    const text = registry.signTargets({ ...signed, version: signed.version + 1 } as never, ...keys);
    writeFileSync(join(metadataDir(), `${signed.version + 1}.root.json`), text);
  }
  const rootVersion = (): unknown =>
    (
      JSON.parse(Buffer.from(laptop.store.metadata().get('root.json') ?? []).toString()) as {
        signed: { version: number };
      }
    ).signed.version;

  it('is followed over the network and by stick when enough offline keys signed it', async () => {
    await laptop.sync.now();
    await nextRoot(1, 2);
    await nextRoot(2, 3);
    await laptop.sync.now();
    expect(rootVersion()).toBe(3);
    await nextRoot(1, 3);
    await laptop.take((await importUp(registry.context, await laptop.carry())).bytes);
    expect(rootVersion()).toBe(4);
  });

  it('is refused with too few of them', async () => {
    await laptop.sync.now();
    await nextRoot(2);
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'BAD_RELEASE' } });
    expect(rootVersion()).toBe(1);
  });
});

describe('expiry', () => {
  it('of release information is over when the registry signed again; a model past its own date is not installed', async () => {
    await rollOut(1);
    await laptop.sync.now();
    registry.clock.advance(120 * DAY);
    expect(await laptop.sync.now()).toMatchObject({
      lastProblem: { code: 'EXPIRED' },
      releaseExpires: '2027-01-03T08:00:00.000Z',
    });
    await resign({ ...publisherOf(registry.context), clockIsRight: true });
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: null, releaseExpires: '2027-05-03T08:00:00.000Z' });
    await rollOut(2);
    const status = await laptop.sync.now();
    expect(status.lastProblem).toMatchObject({
      code: 'EXPIRED',
      sentence: saying('expired on 2027-01-01'),
    });
    expect(active()).toBe(1);
  });

  it('blocks installing only: feedback and scoring go on', async () => {
    await rollOut(1);
    await laptop.sync.now();
    await releaseToy(registry, 2).then(({ release }) => point(release));
    registry.clock.advance(91 * DAY);
    laptop.addCase();
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: { code: 'EXPIRED' } });
    const model = laptop.session.models.active();
    if (model === null) throw new Error('no model');
    expect(model.manifest.model.version).toBe(1);
    const row = encodeFacts(model.manifest.schema, oneCase);
    expect(await laptop.session.inference.score(model.manifest.model.sha256, [row])).toHaveLength(1);
    expect(laptop.sync.connection()).toBe('online');
  });

  it('is not put off for ever by one wrong time of the registry', async () => {
    const own = testClock();
    const other = await syncLaptop(own);
    await other.sync.enrol({ code: await registry.invite('North office') });
    other.addCase();
    registry.clock.set('2099-01-01T00:00:00.000Z');
    expect(await other.sync.now()).toMatchObject({ waiting: 0 });
    expect(other.store.registryTime()).toBe(new Date(own.now() + 400 * DAY).toISOString());
    await other.close();
  });

  it('is judged by the newest time the registry signed, not by a clock that was set back', async () => {
    await rollOut(1);
    laptop.addCase();
    registry.clock.advance(91 * DAY);
    // the receipt of this upload carries the registry's time; then the laptop's clock goes back
    expect(await laptop.sync.now()).toMatchObject({ waiting: 0, lastProblem: { code: 'EXPIRED' } });
    registry.clock.advance(-91 * DAY);
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'EXPIRED' } });
    expect(active()).toBeUndefined();
  });
});
