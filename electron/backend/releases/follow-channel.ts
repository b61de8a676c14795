import { z } from 'zod';
import { channelSchema, type Channel } from '../../../shared/contract/registry.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import { parseManifest } from '../../../platform/models/parse-manifest.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { listedReleases, releaseOf, signedMinimum, type ListedRelease } from '../../../shared/releases/targets.ts';
import { hashSchema } from '../../../shared/log/event.ts';
import type { TargetsSigned } from '../../../shared/releases/metadata.ts';
import { createSyncStore } from '../store/sync.ts';
import type { StoredModel } from '../inference/inference.ts';
import type { Session } from '../session/context.ts';
import { keysChanged, listed, readRegistryKeys } from './registry-keys.ts';
import type { ListedFile, ReleaseSource } from './release-source.ts';
import { writeEnrolment, type Enrolment } from '../store/enrolment.ts';
import { refreshReleases, type TrustedReleases } from './trusted-metadata.ts';
import { sentence, sentenceSchema, type Sentence } from '../../../shared/language/sentence.ts';

const releaseExpiresKey = 'sync.releaseExpires';
const refusedKey = 'sync.refusedRelease';

/** What following a channel works with. */
export interface ReleaseInput {
  readonly session: Session;
  readonly enrolment: Enrolment;
  readonly source: ReleaseSource;
  readonly signal: AbortSignal;
  readonly appVersion: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onInstalling: () => void;
  /** Bytes fetched so far and in all. */
  readonly onProgress: (done: number, total: number) => void;
}

/** The later of the laptop's clock and the newest time the registry signed: a clock set back makes nothing young again. */
export function referenceTime(session: Session, now: number): number {
  const seen = createSyncStore(session.db, session.keyValues).registryTime();
  return seen === null ? now : Math.max(now, Date.parse(seen));
}

/** When the trusted release information expires, as an instant; null before the first contact. */
export function releaseExpires(session: Session): string | null {
  const stored = session.keyValues.get(releaseExpiresKey);
  return typeof stored === 'string' ? stored : null;
}

function refused(message: Sentence, cause?: unknown): OutpostError {
  return new OutpostError(
    'BAD_RELEASE',
    sentence('releases.current_stays_active', { why: message }),
    cause === undefined ? {} : { cause },
  );
}

async function refresh(input: ReleaseInput): Promise<TrustedReleases> {
  const { session, enrolment, source } = input;
  const store = createSyncStore(session.db, session.keyValues);
  const trusted = await refreshReleases({
    known: store.metadata(),
    source,
    now: referenceTime(session, input.now()),
    delegatedPath: `channels/${enrolment.office.id}.json`,
    keep: (files) => {
      if (!input.signal.aborted) store.keepMetadata(files);
    },
  });
  input.signal.throwIfAborted();
  session.keyValues.set(releaseExpiresKey, trusted.expires);
  return trusted;
}

/** Takes over keys that the offline role replaced, and gives the enrolment as it is then. */
async function followKeys(input: ReleaseInput, targets: TargetsSigned): Promise<Enrolment> {
  const { session, enrolment } = input;
  if (!keysChanged(targets, enrolment.keys)) return enrolment;
  const changed = { ...enrolment, keys: await readRegistryKeys(targets, input.source) };
  input.signal.throwIfAborted();
  writeEnrolment(session.keyValues, changed);
  return changed;
}

function parseChannel(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused(sentence('releases.channel_unreadable'), cause);
  }
}

async function readChannel(input: ReleaseInput, file: ListedFile): Promise<Channel> {
  const parsed = channelSchema.safeParse(parseChannel(await input.source.target(file, () => undefined)));
  if (!parsed.success) throw refused(sentence('releases.channel_unreadable'), parsed.error);
  if (parsed.data.office !== input.enrolment.office.id) throw refused(sentence('releases.channel_of_another_office'));
  input.signal.throwIfAborted();
  createSyncStore(input.session.db, input.session.keyValues).sawRegistryTime(parsed.data.at, input.now());
  return parsed.data;
}

/**
 * The release a channel points to, which must stand in the top-level targets with both files, at or above the signed
 * minimum. The update framework does not check this: the channel role is online, and may only choose among what the
 * offline keys approved.
 */
export function approvedRelease(targets: TargetsSigned, release: string): ListedRelease {
  const found = listedReleases(targets).find((one) => one.release === release);
  if (found === undefined) throw refused(sentence('releases.channel_not_approved'));
  const minimum = signedMinimum(targets);
  if (found.version < minimum)
    throw refused(sentence('releases.channel_below_minimum', { version: found.version, minimum }));
  return found;
}

function isThis(model: StoredModel | null, release: ListedRelease): boolean {
  return (
    model !== null &&
    releaseOf(model.manifest.model.id) === release.release &&
    model.manifestSha256 === release.manifest.sha256 &&
    model.manifest.model.sha256 === release.model.sha256
  );
}

function readManifest(bytes: Uint8Array, release: ListedRelease): Manifest {
  const manifest = parseManifest(bytes);
  const { id, sha256, version } = manifest.model;
  if (releaseOf(id) !== release.release || sha256 !== release.model.sha256 || version !== release.version) {
    throw refused(sentence('releases.manifest_of_another_model'));
  }
  return manifest;
}

async function fetchRelease(
  input: ReleaseInput,
  targets: TargetsSigned,
  release: ListedRelease,
): Promise<{ model: Uint8Array; manifest: Uint8Array }> {
  const manifestFile = listed(targets, `${release.release}/manifest.json`);
  const modelFile = listed(targets, `${release.release}/model.onnx`);
  if (manifestFile === null || modelFile === null) throw refused(sentence('releases.not_complete'));
  const total = manifestFile.length + modelFile.length;
  const manifest = await input.source.target(manifestFile, (done) => input.onProgress(done, total));
  const { expires } = readManifest(manifest, release).model;
  if (new Date(referenceTime(input.session, input.now())).toISOString().slice(0, 10) > expires) {
    throw new OutpostError('EXPIRED', sentence('releases.model_expired', { version: release.version, expires }));
  }
  const model = await input.source.target(modelFile, (done) => input.onProgress(manifestFile.length + done, total));
  input.signal.throwIfAborted();
  return { model, manifest };
}

/** Activates what is stored already, as in a roll-back; false when the bytes have to come from the release. */
async function activateStored(
  input: ReleaseInput,
  stored: StoredModel | null,
  release: ListedRelease,
  source: ActivationSource,
): Promise<boolean> {
  if (stored === null || !isThis(stored, release)) return false;
  try {
    await input.session.models.activate(stored.manifest.model.id, source);
    return true;
  } catch (error) {
    // taken in as a file before: only the release itself makes it more than a dry run
    if (isOutpostError(error, 'NOT_APPROVED')) return false;
    throw error;
  }
}

type ActivationSource = 'registry' | 'courier' | 'rollback';

const refusedSchema = z.strictObject({
  manifest: hashSchema,
  app: z.string(),
  code: z.enum(['BAD_MODEL', 'BAD_MANIFEST']),
  sentence: sentenceSchema,
});

/** A release this version of the program refused is not fetched again and again; another version may know better. */
function refuseAgain(input: ReleaseInput, release: ListedRelease): void {
  const parsed = refusedSchema.safeParse(input.session.keyValues.get(refusedKey));
  if (!parsed.success || parsed.data.manifest !== release.manifest.sha256 || parsed.data.app !== input.appVersion)
    return;
  throw new OutpostError(parsed.data.code, parsed.data.sentence);
}

async function installFetched(
  input: ReleaseInput,
  targets: TargetsSigned,
  release: ListedRelease,
): Promise<StoredModel> {
  refuseAgain(input, release);
  const files = await fetchRelease(input, targets, release);
  try {
    return await input.session.models.install({ ...files, source: input.source.kind });
  } catch (error) {
    if (!input.signal.aborted && (isOutpostError(error, 'BAD_MODEL') || isOutpostError(error, 'BAD_MANIFEST'))) {
      const { code, sentence: why } = error;
      input.session.keyValues.set(refusedKey, {
        manifest: release.manifest.sha256,
        app: input.appVersion,
        code,
        sentence: why,
      });
    }
    throw error;
  }
}

async function install(input: ReleaseInput, targets: TargetsSigned, release: ListedRelease): Promise<Sentence | null> {
  const { models } = input.session;
  const active = models.active();
  if (isThis(active, release)) return null;
  const back = active !== null && release.version < active.manifest.model.version;
  const source: ActivationSource = back ? 'rollback' : input.source.kind;
  const id = release.release.slice(releaseOf('').length);
  input.onInstalling();
  if (!(await activateStored(input, models.get(id), release, source))) {
    const installed = await installFetched(input, targets, release);
    input.signal.throwIfAborted();
    await models.activate(installed.manifest.model.id, source);
  }
  // The bundled model and the registry's count their versions apart: only with its name is it clear which one is meant.
  const name = models.get(id)?.manifest.model.name ?? release.release;
  return sentence('releases.installed', { name, version: release.version, how: back ? 'again' : 'new' });
}

/**
 * Brings the trusted release information up to date and the active model to what the office's channel says. Gives a
 * sentence when something changed. Errors: OFFLINE, CANCELLED, EXPIRED, BAD_RELEASE and those of installing; in every
 * case the current model stays active and scoring goes on.
 */
export async function followChannel(input: ReleaseInput): Promise<Sentence | null> {
  const trusted = await refresh(input);
  await followKeys(input, trusted.targets);
  if (trusted.delegated === null) return null;
  const channel = await readChannel(input, trusted.delegated);
  if (channel.release === null) return null;
  return install(input, trusted.targets, approvedRelease(trusted.targets, channel.release));
}
