import { identityToRecipient } from 'age-encryption';
import {
  enrolmentCodeSchema,
  enrolmentGrantSchema,
  enrolmentPurpose,
  grantPurpose,
  type EnrolmentCode,
  type EnrolmentGrant,
  type EnrolmentRequest,
} from '../../../shared/contract/registry.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { sha256Hex, type Json } from '../../../shared/log/canonical.ts';
import { verifyJson } from '../../../shared/log/signed.ts';
import { createSyncStore } from '../store/sync.ts';
import type { Session } from '../session/context.ts';
import { ask, registryClient, type ClientEnvironment } from '../network/registry-client.ts';
import { readRegistryKeys } from '../releases/registry-keys.ts';
import type { ReleaseSource } from '../releases/release-source.ts';
import {
  writeEnrolment,
  writePending,
  type Enrolment,
  type PendingEnrolment,
  type RegistryKeys,
} from '../store/enrolment.ts';
import { refreshReleases } from '../releases/trusted-metadata.ts';
import { sentence } from '../../../shared/language/sentence.ts';

const PREFIX = 'outpost1:';
/** Largest first root metadata, in bytes. */
const maxRootBytes = 512_000;

function badCode(cause?: unknown): OutpostError {
  return new OutpostError(
    'BAD_ENROLMENT',
    sentence('enrolment.no_enrolment_code'),
    cause === undefined ? {} : { cause },
  );
}

/** Reads an enrolment code (`outpost1:` and base64url JSON); BAD_ENROLMENT says what to do. */
export function parseEnrolmentCode(text: string): EnrolmentCode {
  const trimmed = text.replaceAll(/\s+/g, '');
  if (!trimmed.startsWith(PREFIX)) throw badCode();
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(trimmed.slice(PREFIX.length), 'base64url').toString('utf8'));
  } catch (cause) {
    throw badCode(cause);
  }
  const parsed = enrolmentCodeSchema.safeParse(raw);
  if (!parsed.success) throw badCode(parsed.error);
  if (parsed.data.address !== '' && !/^https?:\/\//.test(parsed.data.address)) throw badCode();
  return parsed.data;
}

/** The request to join, signed by the log's key. `now` in milliseconds. */
export async function makeRequest(session: Session, secret: string, now: number): Promise<EnrolmentRequest> {
  const log = session.log();
  const body: EnrolmentRequest['body'] = {
    format: 'outpost.enrolment-request/1',
    secret,
    log: log.id,
    key: log.publicKey,
    sealTo: await identityToRecipient(session.sealingIdentity),
    at: new Date(now).toISOString(),
  };
  return { body, signature: log.sign(enrolmentPurpose, body as unknown as Json) };
}

/** The registry's first trust: its root as pinned by the code, its verified metadata and keys. */
interface FirstTrust {
  readonly keys: RegistryKeys;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** Fetches the root, holds it against the code's SHA-256 and verifies the rest from there. Stores nothing. */
export async function firstTrust(code: EnrolmentCode, source: ReleaseSource, now: number): Promise<FirstTrust> {
  const root = await source.metadata('1.root.json', maxRootBytes);
  if (root === null || sha256Hex(root) !== code.rootSha256) {
    throw new OutpostError('BAD_ENROLMENT', sentence('enrolment.registry_address_not_one_code'));
  }
  let metadata: ReadonlyMap<string, Uint8Array> = new Map();
  const trusted = await refreshReleases({
    known: new Map([['root.json', root]]),
    source,
    now,
    delegatedPath: null,
    keep: (files) => (metadata = files),
  });
  return { keys: await readRegistryKeys(trusted.targets, source), metadata };
}

/** Parses a grant and checks that our registry's receipt key signed it for this laptop's key; BAD_ENROLMENT otherwise. */
export function readGrant(raw: unknown, receiptKey: string, ownKey: string): EnrolmentGrant {
  const parsed = enrolmentGrantSchema.safeParse(raw);
  if (
    !parsed.success ||
    parsed.data.body.key !== ownKey ||
    !verifyJson(grantPurpose, parsed.data.body as unknown as Json, parsed.data.signature, receiptKey)
  ) {
    throw new OutpostError(
      'BAD_ENROLMENT',
      sentence('enrolment.answer_not_signed_registry_code'),
      parsed.success ? {} : { cause: parsed.error },
    );
  }
  return parsed.data;
}

/** Stores a verified grant and what it rests on, all or nothing. `now` is the laptop's clock in milliseconds. */
export function storeGrant(
  session: Session,
  pending: Pick<PendingEnrolment, 'code' | 'keys'>,
  grant: EnrolmentGrant,
  metadata: ReadonlyMap<string, Uint8Array> | null,
  now: number,
): Enrolment {
  const { registry, device, office, officeKey, at } = grant.body;
  const enrolment: Enrolment = {
    registry,
    address: pending.code.address,
    device,
    office,
    officeKey,
    rootSha256: pending.code.rootSha256,
    keys: pending.keys,
    at,
  };
  const store = createSyncStore(session.db, session.keyValues);
  session.db.transaction(() => {
    writeEnrolment(session.keyValues, enrolment);
    writePending(session.keyValues, null);
    if (metadata !== null) store.keepMetadata(metadata);
    store.sawRegistryTime(at, now);
    store.say(at, sentence('enrolment.enrolled', { office: office.name }));
  })();
  return enrolment;
}

function withAdvice(error: unknown): unknown {
  if (!isOutpostError(error, 'BAD_ENROLMENT')) return error;
  return new OutpostError('BAD_ENROLMENT', sentence('enrolment.enrolment_code_not_valid_or_used'), { cause: error });
}

/** Asks the registry for the grant over HTTP. The same request may be sent again when its answer was lost. */
export async function requestGrant(
  session: Session,
  pending: PendingEnrolment,
  environment: ClientEnvironment,
): Promise<EnrolmentGrant> {
  const client = registryClient(pending.code.address, environment);
  try {
    const answer = await ask(environment.signal, () => client.device.enrol(pending.request));
    return readGrant(answer, pending.keys.receiptKey, session.log().publicKey);
  } catch (error) {
    throw withAdvice(error);
  }
}

/**
 * Keeps the checked contents of an enrolment file until the grant comes, by courier or over the network. The release
 * metadata is kept with it, so that the answer cannot be built on an older one.
 */
export function keepPending(
  session: Session,
  pending: PendingEnrolment,
  metadata: ReadonlyMap<string, Uint8Array>,
): void {
  const store = createSyncStore(session.db, session.keyValues);
  session.db.transaction(() => {
    writePending(session.keyValues, pending);
    store.keepMetadata(metadata);
  })();
}
