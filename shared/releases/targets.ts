import { z } from 'zod';
import { releaseCustomSchema } from '../contract/registry.ts';
import { OutpostError } from '../errors/index.ts';
import { publicKeySchema } from '../log/signed.ts';
import { expiryAfter, specVersion, tufCanonical, type TargetFile, type TargetsSigned } from './metadata.ts';
import { sentence } from '../language/sentence.ts';

/** Days the signed list of releases stays valid after the proposal it was made for. */
export const targetsValidDays = 365;

/** Contents of the targets `keys/receipt.json` (hex Ed25519 key) and `keys/sealing.json` (age recipient). */
export const publicKeyTargetSchema = z.discriminatedUnion('purpose', [
  z.strictObject({ format: z.literal('outpost.public-key/1'), purpose: z.literal('receipt'), key: publicKeySchema }),
  z.strictObject({
    format: z.literal('outpost.public-key/1'),
    purpose: z.literal('sealing'),
    key: z.string().startsWith('age1').max(200),
  }),
]);
export type PublicKeyTarget = z.infer<typeof publicKeyTargetSchema>;

interface FileDigest {
  readonly sha256: string;
  /** Bytes. */
  readonly length: number;
}

/** What the next list of targets adds: one release, and optionally a higher minimum. */
export interface NewRelease {
  readonly modelId: string;
  readonly version: number;
  readonly model: FileDigest;
  readonly manifest: FileDigest;
  /** Instant of the proposal: expiry is counted from it, so that every signer builds the same bytes. */
  readonly proposed: string;
  /** Raises the lowest version a channel may point to; absent keeps the present one. */
  readonly minimum?: number;
}

export interface ListedRelease {
  readonly release: string;
  readonly version: number;
  readonly model: FileDigest;
  readonly manifest: FileDigest;
}

/** Target path prefix of a model's release. */
export function releaseOf(modelId: string): string {
  return `releases/${modelId}`;
}

/** The lowest version a channel may point to: the highest minimum any listed manifest carries, 1 when none is listed. */
export function signedMinimum(targets: TargetsSigned): number {
  const minimums = Object.values(targets.targets).map((file) => releaseCustomSchema.safeParse(file.custom));
  return Math.max(1, ...minimums.map((parsed) => (parsed.success ? parsed.data.minimum : 1)));
}

function factsOf(file: TargetFile): FileDigest {
  return { sha256: file.hashes.sha256, length: file.length };
}

/** Every release listed with both files, by version. Only the top-level targets metadata may be given here. */
export function listedReleases(targets: TargetsSigned): ListedRelease[] {
  const found: ListedRelease[] = [];
  for (const [path, file] of Object.entries(targets.targets)) {
    const custom = releaseCustomSchema.safeParse(file.custom);
    if (!custom.success || path !== `${custom.data.release}/manifest.json`) continue;
    const model = targets.targets[`${custom.data.release}/model.onnx`];
    if (model === undefined) continue;
    found.push({
      release: custom.data.release,
      version: custom.data.version,
      model: factsOf(model),
      manifest: factsOf(file),
    });
  }
  return found.toSorted((a, b) => a.version - b.version);
}

function targetFile(file: FileDigest, custom?: z.infer<typeof releaseCustomSchema>): TargetFile {
  const plain = { length: file.length, hashes: { sha256: file.sha256 } };
  return custom === undefined ? plain : { ...plain, custom };
}

function later(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

/**
 * The next list of targets, unsigned: everything trusted now and one release more. Pure and deterministic, so that
 * every signer and the registry build the same bytes. Throws CONFLICT when the release or its version is listed already, or
 * when the version is below the minimum.
 */
export function nextTargets(trusted: TargetsSigned, added: NewRelease): TargetsSigned {
  const release = releaseOf(added.modelId);
  const listed = listedReleases(trusted);
  if (listed.some((one) => one.release === release))
    throw new OutpostError('CONFLICT', sentence('releases.model_released', { model: added.modelId }));
  // Minimum and roll-back go by version: it has to name one release.
  if (listed.some((one) => one.version === added.version))
    throw new OutpostError('CONFLICT', sentence('releases.version_of_another_model', { version: added.version }));
  const minimum = Math.max(signedMinimum(trusted), added.minimum ?? 1);
  if (added.version < minimum) {
    throw new OutpostError('CONFLICT', sentence('releases.version_below_minimum', { version: added.version, minimum }));
  }
  return {
    ...trusted,
    spec_version: specVersion,
    version: trusted.version + 1,
    expires: later(trusted.expires, expiryAfter(Date.parse(added.proposed), targetsValidDays)),
    targets: {
      ...trusted.targets,
      [`${release}/model.onnx`]: targetFile(added.model),
      [`${release}/manifest.json`]: targetFile(added.manifest, { release, version: added.version, minimum }),
    },
  };
}

/** True when both would be signed as the same bytes. */
export function sameSigned(a: object, b: object): boolean {
  return tufCanonical(a) === tufCanonical(b);
}

/** What a signer is shown: the target paths one list has and the other has not, or has with another hash. */
export function targetsDifference(
  before: TargetsSigned,
  after: TargetsSigned,
): { added: string[]; changed: string[]; removed: string[] } {
  const paths = (targets: TargetsSigned): string[] => Object.keys(targets.targets).toSorted();
  const same = (path: string): boolean => sameSigned(before.targets[path] ?? {}, after.targets[path] ?? {});
  return {
    added: paths(after).filter((path) => before.targets[path] === undefined),
    changed: paths(after).filter((path) => before.targets[path] !== undefined && !same(path)),
    removed: paths(before).filter((path) => after.targets[path] === undefined),
  };
}
