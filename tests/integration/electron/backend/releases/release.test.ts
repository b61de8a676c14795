import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activateModel, modelRows } from '../../../../../electron/backend/models/service.ts';
import { publish } from '../../../../../registry/releases/publish.ts';
import { publisherOf } from '../../../../../registry/releases/channels.ts';
import { targetName, readPublished, writeTarget } from '../../../../../registry/releases/repository.ts';
import { encodeFacts } from '../../../../../shared/encoding/encode.ts';
import { signMetadata, type TargetFile } from '../../../../../shared/releases/metadata.ts';
import { cuttingProxy, redirected } from '../../../../support/cutting-proxy.ts';
import { pointTo, rollOutToy } from '../../../../support/roll-out.ts';
import { testRegistry, type TestRegistry } from '../../../../support/registry.ts';
import { syncLaptop, type SyncLaptop } from '../../../../support/sync-laptop.ts';

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

const oneCase = { schema: { id: 'toy', version: 1 }, attributes: { asked: true }, tactics: [] };
const active = (): number | undefined => laptop.session.models.active()?.manifest.model.version;

const rollOut = (version: number, minimum?: number): Promise<string> => rollOutToy(registry, version, minimum);
const point = (release: string): Promise<void> => pointTo(registry, release);

const metadataDir = (): string => join(registry.folder, 'releases', 'metadata');

/** What a registry that was taken over could publish: online keys, no offline keys. */
async function publishAsThief(channels: Record<string, TargetFile>): Promise<void> {
  const now = await readPublished(registry.context.blobs);
  await publish(
    publisherOf(registry.context),
    { ...now, snapshotVersion: now.snapshot.signed.version, timestampVersion: now.timestamp.signed.version },
    { channels },
  );
}

async function thiefChannel(release: string, office = 'north-office'): Promise<Record<string, TargetFile>> {
  const text = JSON.stringify({ format: 'outpost.channel/1', office, release, at: '2026-10-05T08:00:00.000Z' });
  const { sha256, length } = await writeTarget(registry.context.blobs, 'channels/north-office.json', text);
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
    await publishAsThief(await thiefChannel('releases/11111111-1111-4111-8111-111111111111'));
    await refused('BAD_RELEASE');
  });

  it('model and manifest listed by the channel role instead of the offline keys', async () => {
    const release = 'releases/22222222-2222-4222-8222-222222222222';
    const file = async (name: string, custom?: Record<string, string | number>): Promise<TargetFile> => {
      const { sha256, length } = await writeTarget(registry.context.blobs, `${release}/${name}`, 'stolen');
      return { length, hashes: { sha256 }, ...(custom === undefined ? {} : { custom }) };
    };
    await publishAsThief({
      ...(await thiefChannel(release)),
      [`${release}/model.onnx`]: await file('model.onnx'),
      [`${release}/manifest.json`]: await file('manifest.json', { release, version: 9, minimum: 1 }),
    });
    await refused('BAD_RELEASE');
  });

  it('a version below the signed minimum', async () => {
    const [first] = Object.keys((await readPublished(registry.context.blobs)).targets.signed.targets).filter((path) =>
      path.endsWith('manifest.json'),
    );
    await rollOut(3, 3);
    await laptop.sync.now();
    expect(active()).toBe(3);
    await publishAsThief(await thiefChannel(first?.replace('/manifest.json', '') ?? ''));
    expect(await laptop.sync.now()).toMatchObject({ lastProblem: { code: 'BAD_RELEASE' } });
    expect(active()).toBe(3);
  });

  it('a version below the signed minimum, also when it is chosen by hand', async () => {
    const first = laptop.session.models.active()?.manifest.model.id ?? '';
    await rollOut(2);
    await laptop.sync.now();
    await activateModel(laptop.session, first);
    expect(active()).toBe(1);
    await rollOut(3, 2);
    await laptop.sync.now();
    await expect(activateModel(laptop.session, first)).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    expect(active()).toBe(3);
    expect(modelRows(laptop.session).map(({ version, state }) => [version, state])).toEqual([
      [3, 'active'],
      [2, 'installed'],
      [1, 'dry_run_only'],
    ]);
  });

  it('a channel of another office', async () => {
    const release = Object.keys((await readPublished(registry.context.blobs)).targets.signed.targets).find((path) =>
      path.endsWith('manifest.json'),
    );
    await publishAsThief(await thiefChannel(release?.replace('/manifest.json', '') ?? '', 'south-office'));
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
    const old = await readPublished(registry.context.blobs);
    await rollOut(2);
    const now = await readPublished(registry.context.blobs);
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
    const listed = (await readPublished(registry.context.blobs)).targets.signed.targets[`${release}/model.onnx`];
    const file = join(registry.folder, targetName(`${release}/model.onnx`, listed?.hashes.sha256 ?? ''));
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
