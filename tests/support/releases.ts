import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { channelSchema, type Channel, type Proposal } from '../../shared/contract/registry.ts';
import { parseMetadata, targetsSchema, type TargetsSigned } from '../../shared/releases/metadata.ts';
import { nextTargets } from '../../shared/releases/targets.ts';
import { releaseOfCandidate } from '../../registry/releases/candidates.ts';
import { readPublished } from '../../registry/releases/repository.ts';
import { saveBlob } from '../../platform/blobs/by-hash.ts';
import { toyModel } from './models.ts';
import type { TestRegistry } from './registry.ts';

/** The list of targets a signer would build for a candidate now. */
export async function listFor(registry: TestRegistry, proposal: Proposal, minimum?: number): Promise<TargetsSigned> {
  const trusted = (await readPublished(registry.context.blobs)).targets.signed;
  return nextTargets(trusted, await releaseOfCandidate(registry.context, proposal.report, proposal.manifest, minimum));
}

/** Puts up a toy model by hand, as a data scientist would. `asked` is a weight that makes it another model. */
export async function pushToy(
  registry: TestRegistry,
  version: number,
  asked: number = 2 + version / 10,
): Promise<Proposal> {
  const toy = toyModel({
    version,
    weights: { asked, contract: -1.5, minutes: 0.4, popup: 1, intercept: -1 },
  });
  const [model, manifest] = [
    (await saveBlob(registry.context.blobs, toy.bytes)).sha256,
    (await saveBlob(registry.context.blobs, toy.manifestBytes)).sha256,
  ];
  return registry.client(registry.tokens.trainer).admin.propose({ model, manifest });
}

/** Two approvers sign a list for a candidate, one after the other, each with a key of their own. */
export async function signByTwo(
  registry: TestRegistry,
  candidate: string,
  list: TargetsSigned,
  keys: readonly [1 | 2 | 3, 1 | 2 | 3] = [1, 2],
): Promise<Proposal> {
  const sign = (key: 1 | 2 | 3): Promise<Proposal> =>
    registry.client(registry.approvers[key - 1]).admin.sign({ candidate, targets: registry.signTargets(list, key) });
  await sign(keys[0]);
  return sign(keys[1]);
}

/** Puts up a toy model and signs it with two offline keys; answers with the approved proposal. */
export async function releaseToy(
  registry: TestRegistry,
  version: number,
  minimum?: number,
): Promise<Proposal & { release: string }> {
  const proposal = await pushToy(registry, version);
  const approved = await signByTwo(registry, proposal.report.candidate, await listFor(registry, proposal, minimum));
  return { ...approved, release: `releases/${approved.manifest.model.id}` };
}

/** A real client of the update framework, trusting the registry's first root only. */
export interface TufClient {
  refresh(): Promise<TargetsSigned>;
  target(path: string): Promise<Uint8Array | null>;
  channel(office: string): Promise<Channel | null>;
  close(): void;
}

/** Starts a client with an empty metadata folder, as a laptop has it after enrolment. */
export function tufClient(registry: TestRegistry): TufClient {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-tuf-'));
  writeFileSync(join(folder, 'root.json'), readFileSync(join(registry.folder, 'releases', 'metadata', '1.root.json')));
  const updater = (): Updater => {
    const made = new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${registry.url}/releases/metadata`,
      targetDir: folder,
      targetBaseUrl: `${registry.url}/releases/targets`,
      config: { fetchRetries: 0 } as never,
    });
    (made as unknown as { trustedSet: { referenceTime: Date } }).trustedSet.referenceTime = new Date(
      registry.clock.now(),
    );
    return made;
  };
  const target: TufClient['target'] = async (path) => {
    const client = updater();
    await client.refresh();
    const info = await client.getTargetInfo(path);
    return info === undefined ? null : readFileSync(await client.downloadTarget(info));
  };
  return {
    refresh: async () => {
      await updater().refresh();
      return parseMetadata(readFileSync(join(folder, 'targets.json'), 'utf8'), targetsSchema).signed;
    },
    target,
    channel: async (office) => {
      const bytes = await target(`channels/${office}.json`);
      return bytes === null ? null : channelSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
