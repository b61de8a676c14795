import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish } from '../../registry/releases/publish.ts';
import { publisherOf } from '../../registry/releases/channels.ts';
import { saveBlob } from '../../registry/blobs.ts';
import { importUp, makeDownFile } from '../../registry/courier.ts';
import { makeOnlineKeys, publicHalves } from '../../registry/keys/online.ts';
import { hashedName, readPublished, writeTarget } from '../../registry/releases/repository.ts';
import { encodeFacts } from '../../shared/encoding/encode.ts';
import { parseMetadata, signMetadata, targetsSchema, type TargetFile } from '../../shared/releases/metadata.ts';
import { cuttingProxy, redirected } from '../support/cutting-proxy.ts';
import { toyModel, toyRows } from '../support/models.ts';
import { listFor, releaseToy } from '../support/releases.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../support/sync-laptop.ts';

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

/** Releases a toy model of this version and points the offices to it. */
async function rollOut(version: number, minimum?: number): Promise<string> {
  const { release } = await releaseToy(registry, version, minimum);
  await point(release);
  return release;
}

async function point(release: string): Promise<void> {
  await registry.client(registry.tokens.operator).admin.setChannel({ release, offices: [] });
}

const metadataDir = (): string => join(registry.folder, 'releases', 'metadata');

/** What a registry that was taken over could publish: online keys, no offline keys. */
function publishAsThief(channels: Record<string, TargetFile>): void {
  const now = readPublished(registry.folder);
  publish(
    publisherOf(registry.context),
    { ...now, snapshotVersion: now.snapshot.signed.version, timestampVersion: now.timestamp.signed.version },
    { channels },
  );
}

function thiefChannel(release: string, office = 'north-office'): Record<string, TargetFile> {
  const text = JSON.stringify({ format: 'outpost.channel/1', office, release, at: '2026-10-05T08:00:00.000Z' });
  const { sha256, length } = writeTarget(registry.folder, 'channels/north-office.json', text);
  return { 'channels/north-office.json': { length, hashes: { sha256 } } };
}

describe('following a channel', () => {
  it('installs and activates what the office should run, and nothing twice', async () => {
    await rollOut(1);
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: null, phase: 'idle' });
    expect(active()).toBe(1);
    expect(laptop.sync.status().releaseExpires).toBe('2027-01-03T08:00:00.000Z');
    const asked: string[] = [];
    laptop.network = (input, init) => {
      asked.push(input instanceof Request ? input.url : input.toString());
      return fetch(input, init);
    };
    await laptop.sync.now();
    expect(asked.some((url) => url.includes('model.onnx'))).toBe(false);
    const activations = laptop
      .log()
      .read(0, 100)
      .filter(({ event }) => event.type === 'model.activated');
    expect(activations.map(({ event }) => event.public['source'])).toEqual(['registry']);
  });

  it('goes back to an earlier release without fetching it again', async () => {
    const first = await rollOut(1);
    await laptop.sync.now();
    await rollOut(2);
    await laptop.sync.now();
    expect(active()).toBe(2);
    await point(first);
    const asked: string[] = [];
    laptop.network = (input, init) => {
      asked.push(input instanceof Request ? input.url : input.toString());
      return fetch(input, init);
    };
    await laptop.sync.now();
    expect(active()).toBe(1);
    expect(asked.some((url) => url.includes('model.onnx'))).toBe(false);
    expect(laptop.log().read(0, 100).at(-1)?.event).toMatchObject({
      type: 'model.activated',
      public: { source: 'rollback' },
    });
  });

  it('does not interrupt scoring', async () => {
    await rollOut(1);
    await laptop.sync.now();
    const first = laptop.session.models.active();
    if (first === null) throw new Error('no model');
    const rows = [encodeFacts(first.manifest.schema, oneCase)];
    await rollOut(2);
    let done = false;
    const scores: number[] = [];
    const scoring = (async () => {
      while (!done)
        scores.push(
          ...(await laptop.session.inference.score(first.manifest.model.sha256, rows)).map(({ score }) => score),
        );
    })();
    await laptop.sync.now();
    done = true;
    await scoring;
    expect(active()).toBe(2);
    expect(scores.length).toBeGreaterThan(0);
    expect(new Set(scores).size).toBe(1);
  });

  it('sends an old queue although a newer model came in between', async () => {
    await rollOut(1);
    await laptop.sync.now();
    await registry.goOffline();
    for (let i = 0; i < 5; i += 1) laptop.addCase();
    await laptop.sync.now();
    await registry.goOnline();
    await rollOut(2);
    await laptop.sync.now();
    const { waiting, lastProblem } = await laptop.sync.now();
    expect({ waiting, lastProblem, version: active() }).toEqual({ waiting: 0, lastProblem: null, version: 2 });
  });

  it('goes on with a cut download where it stopped', async () => {
    await rollOut(1);
    const proxy = await cuttingProxy(registry.url);
    laptop.network = redirected(registry.url, proxy.url);
    const direct = laptop.network;
    const ranges: (string | null)[] = [];
    laptop.network = (input, init) => {
      const request = new Request(input, init);
      const model = request.url.endsWith('model.onnx');
      if (model) ranges.push(request.headers.get('range'));
      proxy.cutAnswersAfter(model && ranges.length === 1 ? 700 : null);
      return direct(request);
    };
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'OFFLINE' } });
    expect(active()).toBeUndefined();
    const parts = readdirSync(laptop.context.exchangeDir).filter((name) => name.startsWith('part-'));
    expect(parts).toHaveLength(1);
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: null });
    expect(active()).toBe(1);
    expect(ranges[0]).toBeNull();
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readdirSync(laptop.context.exchangeDir).filter((name) => name.startsWith('part-'))).toEqual([]);
    await proxy.close();
  });
});

describe('what is refused while the current model stays', () => {
  beforeEach(async () => {
    await rollOut(1);
    await laptop.sync.now();
    laptop.addCase();
  });

  async function refused(code: string): Promise<void> {
    const status = await laptop.sync.now();
    expect(status).toMatchObject({ waiting: 0, lastProblem: { code } });
    expect(active()).toBe(1);
  }

  it('a release nobody approved, though the taken-over registry points to it', async () => {
    publishAsThief(thiefChannel('releases/11111111-1111-4111-8111-111111111111'));
    await refused('BAD_RELEASE');
  });

  it('model and manifest listed by the channel role instead of the offline keys', async () => {
    const release = 'releases/22222222-2222-4222-8222-222222222222';
    const file = (name: string, custom?: Record<string, string | number>): TargetFile => {
      const { sha256, length } = writeTarget(registry.folder, `${release}/${name}`, 'stolen');
      return { length, hashes: { sha256 }, ...(custom === undefined ? {} : { custom }) };
    };
    publishAsThief({
      ...thiefChannel(release),
      [`${release}/model.onnx`]: file('model.onnx'),
      [`${release}/manifest.json`]: file('manifest.json', { release, version: 9, minimum: 1 }),
    });
    await refused('BAD_RELEASE');
  });

  it('a version below the signed minimum', async () => {
    const [first] = Object.keys(readPublished(registry.folder).targets.signed.targets).filter((path) =>
      path.endsWith('manifest.json'),
    );
    await rollOut(3, 3);
    await laptop.sync.now();
    expect(active()).toBe(3);
    publishAsThief(thiefChannel(first?.replace('/manifest.json', '') ?? ''));
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'BAD_RELEASE' } });
    expect(active()).toBe(3);
  });

  it('a channel of another office', async () => {
    const release = Object.keys(readPublished(registry.folder).targets.signed.targets).find((path) =>
      path.endsWith('manifest.json'),
    );
    publishAsThief(thiefChannel(release?.replace('/manifest.json', '') ?? '', 'south-office'));
    await refused('BAD_RELEASE');
  });

  it('older release information that was genuine once', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'outpost-old-'));
    cpSync(metadataDir(), kept, { recursive: true });
    await rollOut(2);
    await laptop.sync.now();
    expect(active()).toBe(2);
    rmSync(metadataDir(), { recursive: true });
    cpSync(kept, metadataDir(), { recursive: true });
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'BAD_RELEASE' } });
    expect(active()).toBe(2);
    rmSync(kept, { recursive: true });
  });

  it('a mixture of genuine information of different days', async () => {
    const old = readPublished(registry.folder);
    await rollOut(2);
    const now = readPublished(registry.folder);
    const name = (version: number): string => join(metadataDir(), `${version}.channel.json`);
    writeFileSync(name(now.channel.signed.version), readFileSync(name(old.channel.signed.version)));
    await refused('BAD_RELEASE');
  });

  it('information signed by a key that may not, or cut short', async () => {
    await rollOut(2);
    const file = join(metadataDir(), 'timestamp.json');
    const text = readFileSync(file, 'utf8');
    const { signed } = JSON.parse(text) as { signed: object };
    writeFileSync(file, JSON.stringify({ signed, signatures: [signMetadata(signed, '6'.repeat(64))] }));
    await refused('BAD_RELEASE');
    writeFileSync(file, text.slice(0, 200));
    await refused('BAD_RELEASE');
    writeFileSync(file, text);
    await laptop.sync.now();
    expect(active()).toBe(2);
  });

  it('a model file that is not the listed one; the part is thrown away', async () => {
    const release = await rollOut(2);
    const listed = readPublished(registry.folder).targets.signed.targets[`${release}/model.onnx`];
    const file = join(
      registry.folder,
      'releases',
      'targets',
      hashedName(`${release}/model.onnx`, listed?.hashes.sha256 ?? ''),
    );
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
    );
    await refused('BAD_RELEASE');
    expect(existsSync(join(laptop.context.exchangeDir, `part-${listed?.hashes.sha256}`))).toBe(false);
    writeFileSync(file, bytes);
    await laptop.sync.now();
    expect(active()).toBe(2);
  });
});

describe('a model the laptop itself refuses', () => {
  it('is not fetched again, keeps the current model and slows no feedback down', async () => {
    await rollOut(1);
    await laptop.sync.now();
    // approved by the offline keys, but its golden rows do not come out
    const bad = toyModel({ version: 5, manifest: { golden: [{ row: toyRows[0] ?? {}, score: 0.123 }] } });
    const [model, manifest] = [bad.bytes, bad.manifestBytes].map((bytes) => saveBlob(registry.folder, bytes).sha256);
    const proposal = await registry
      .client(registry.tokens.trainer)
      .admin.propose({ model: model ?? '', manifest: manifest ?? '' });
    const targets = registry.signTargets(listFor(registry, proposal), 1, 2);
    await registry.client(registry.tokens.approver).admin.sign({ candidate: proposal.report.candidate, targets });
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
    const told = laptop.sync
      .status()
      .history.filter(({ sentence }) => sentence === laptop.sync.status().lastProblem?.message);
    expect(told).toHaveLength(1);
  });
});

describe('keys that the offline role replaced', () => {
  /** Publishes new keys under the offline role, and lets the registry use them. */
  async function replaceKeys(): Promise<void> {
    const now = readPublished(registry.folder);
    const fresh = await makeOnlineKeys((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
    const { receipt, sealing } = await publicHalves(fresh);
    const listed = Object.entries({ receipt, sealing }).map(([purpose, key]) => {
      const { sha256, length } = writeTarget(
        registry.folder,
        `keys/${purpose}.json`,
        JSON.stringify({ format: 'outpost.public-key/1', purpose, key }),
      );
      return [`keys/${purpose}.json`, { length, hashes: { sha256 } }] as const;
    });
    const { signed } = now.targets;
    const targets = {
      ...signed,
      version: signed.version + 1,
      targets: { ...signed.targets, ...Object.fromEntries(listed) },
    };
    const before = {
      ...now,
      snapshotVersion: now.snapshot.signed.version,
      timestampVersion: now.timestamp.signed.version,
    };
    publish(publisherOf(registry.context), before, {
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

describe('expiry', () => {
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
