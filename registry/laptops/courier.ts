import { identityToRecipient } from 'age-encryption';
import { gzip } from '../../platform/gzip.ts';
import { channelSchema, type EnrolmentCode, type EnrolmentGrant } from '../../shared/contract/registry.ts';
import {
  makeDown,
  readUp,
  type CourierDownBody,
  type CourierFile,
  type CourierUp,
} from '../../shared/courier/format.ts';
import { packCourier, unpackCourier } from '../../shared/courier/seal.ts';
import { isOutpostError, OutpostError } from '../../shared/errors/index.ts';
import { signJson, type Receipt } from '../../shared/log/signed.ts';
import { listedReleases } from '../../shared/releases/targets.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { enrol } from './enrolment.ts';
import { acceptBatch } from './feedback.ts';
import { metadataName, readPublished, targetName, type Published } from '../releases/repository.ts';
import { newestReceipt } from './logs.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Whom an answer is for. */
interface Addressee {
  readonly device: string;
  readonly sealTo: string;
  readonly office: string;
}

/** What became of a laptop's courier file, and the sealed answer to carry back. */
interface CourierAnswer {
  readonly device: string;
  readonly office: string;
  readonly log: string;
  /** Name for the answer's file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Entries of the file that are stored now, whether they were new or not. */
  readonly entries: number;
  readonly enrolled: boolean;
  readonly problem: CourierDownBody['problem'];
}

interface Stored {
  readonly receipts: Receipt[];
  readonly notices: CourierDownBody['notices'];
  readonly entries: number;
  readonly problem: CourierDownBody['problem'];
}

async function addressee(context: RegistryContext, key: string): Promise<Addressee> {
  const row = await context.db.selectFrom('devices').selectAll().where('key', '=', key).executeTakeFirst();
  if (row === undefined) {
    throw new OutpostError('NOT_ENROLLED', sentence('laptops.laptop_courier_file_comes_not_enrolled'));
  }
  return { device: row.id, sealTo: row.seal_to, office: row.office };
}

function problemOf(error: unknown): NonNullable<CourierDownBody['problem']> {
  if (!isOutpostError(error) || error.code === 'INTERNAL') throw error;
  const expected = error.data['expected'];
  return {
    code: error.code,
    sentence: error.sentence,
    expected: typeof expected === 'number' && Number.isInteger(expected) && expected >= 1 ? expected : null,
  };
}

/** Stores batch after batch; the first refusal ends it and is reported in the answer, with what is known of the log. */
async function storeBatches(context: RegistryContext, up: CourierUp): Promise<Stored> {
  const receipts: Receipt[] = [];
  const notices: CourierDownBody['notices'] = [];
  let entries = 0;
  let problem: CourierDownBody['problem'] = null;
  for (const batch of up.batches) {
    try {
      const accepted = await acceptBatch(context, batch, 'courier');
      receipts.push(accepted.receipt);
      notices.push(...accepted.notices.map((notice) => ({ case: notice.case, sentence: notice.sentence })));
      entries += batch.events.length;
    } catch (error) {
      problem = problemOf(error);
      break;
    }
  }
  const newest = await newestReceipt(context.db, up.body.log);
  if (newest !== null && !receipts.some((receipt) => receipt.body.seq === newest.body.seq)) receipts.push(newest);
  return { receipts, notices: notices.slice(0, 1000), entries, problem };
}

async function metadataFiles({ blobs }: RegistryContext, published: Published): Promise<CourierFile[]> {
  const { root, snapshot, targets, channel } = published;
  const roots = Array.from({ length: root.signed.version }, (_, index) => `${index + 1}.root.json`);
  const current = (
    [
      ['snapshot', snapshot],
      ['targets', targets],
      ['channel', channel],
    ] as const
  ).map(([role, metadata]) => `${metadata.signed.version}.${role}.json`);
  return Promise.all(
    [...roots, 'timestamp.json', ...current].map(async (name) => ({
      name,
      bytes: await blobs.get(metadataName(name)),
    })),
  );
}

async function targetFile({ blobs }: RegistryContext, path: string, sha256: string): Promise<CourierFile> {
  return { name: path, bytes: await blobs.get(targetName(path, sha256), sha256) };
}

/** The keys, the office's channel and both files of the release it points to. */
async function targetFiles(
  context: RegistryContext,
  published: Published,
  office: string | null,
): Promise<CourierFile[]> {
  const { targets, channel } = published;
  const files: CourierFile[] = [];
  for (const path of ['keys/receipt.json', 'keys/sealing.json']) {
    const listed = targets.signed.targets[path];
    if (listed !== undefined) files.push(await targetFile(context, path, listed.hashes.sha256));
  }
  const path = `channels/${office ?? ''}.json`;
  const listed = channel.signed.targets[path];
  if (office === null || listed === undefined) return files;
  const file = await targetFile(context, path, listed.hashes.sha256);
  files.push(file);
  // what the published channel says counts, not what the store says: the laptop will read the former
  const pointed = channelSchema.parse(JSON.parse(Buffer.from(file.bytes).toString('utf8'))).release;
  const release = listedReleases(targets.signed).find((one) => one.release === pointed);
  if (release === undefined) return files;
  return [
    ...files,
    await targetFile(context, `${release.release}/manifest.json`, release.manifest.sha256),
    await targetFile(context, `${release.release}/model.onnx`, release.model.sha256),
  ];
}

type DownFields = Pick<
  CourierDownBody,
  'device' | 'recipient' | 'log' | 'grant' | 'receipts' | 'problem' | 'notices' | 'code'
>;

async function pack(context: RegistryContext, fields: DownFields, office: string | null): Promise<Uint8Array> {
  const published = await readPublished(context.blobs);
  const contents = {
    metadata: await metadataFiles(context, published),
    targets: await targetFiles(context, published, office),
  };
  const down = makeDown({ registry: context.registry, at: instant(context), ...fields }, contents, (purpose, body) =>
    signJson(purpose, body, context.keys.receipt),
  );
  return packCourier(down, fields.recipient, gzip);
}

async function openUp(context: RegistryContext, bytes: Uint8Array): Promise<CourierUp> {
  return readUp(
    await unpackCourier(bytes, context.keys.sealing, gzip),
    await identityToRecipient(context.keys.sealing),
  );
}

async function joinWith(context: RegistryContext, up: CourierUp): Promise<EnrolmentGrant | null> {
  const request = up.body.enrolment;
  if (request === null) return null;
  if (request.body.key !== up.body.key) {
    throw new OutpostError('BAD_COURIER', sentence('laptops.request_join_courier_file_another_laptop'));
  }
  return enrol(context, request);
}

/**
 * Takes in a courier file from a laptop through the same services as the network: joins it when it asks for that, stores
 * its entries, and makes the answer, sealed to that laptop, with receipts and the release its office should run.
 * BAD_COURIER, BAD_ENROLMENT or NOT_ENROLLED refuse the whole file; a gap or fork is reported in the answer. Taking in a file
 * again gives the same receipts.
 */
export async function importUp(context: RegistryContext, bytes: Uint8Array): Promise<CourierAnswer> {
  const up = await openUp(context, bytes);
  const grant = await joinWith(context, up);
  const { device, sealTo, office } = await addressee(context, up.body.key);
  const stored = await storeBatches(context, up);
  const { log } = up.body;
  const fields: DownFields = {
    device,
    recipient: sealTo,
    log,
    grant,
    receipts: stored.receipts,
    problem: stored.problem,
    notices: stored.notices,
    code: null,
  };
  return {
    device,
    office,
    log,
    name: `outpost-answer-${office}-${log.slice(-6)}-${instant(context).slice(0, 10)}.outpost`,
    bytes: await pack(context, fields, office),
    entries: stored.entries,
    enrolled: grant !== null,
    problem: stored.problem,
  };
}

/**
 * Makes a file for a laptop without one from it: the newest receipt and the release its office should run. For rolling
 * out by stick, and after the registry's keys were replaced, when the laptop still seals to the former one. NOT_FOUND when
 * no such device is enrolled.
 */
export async function makeDownFile(
  context: RegistryContext,
  device: string,
): Promise<{ name: string; bytes: Uint8Array }> {
  const row = await context.db.selectFrom('devices').selectAll().where('id', '=', device).executeTakeFirst();
  if (row === undefined) throw new OutpostError('NOT_FOUND', sentence('laptops.no_laptop_device_here', { device }));
  const log = await context.db
    .selectFrom('logs')
    .select('id')
    .where('device', '=', device)
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const newest = log === undefined ? null : await newestReceipt(context.db, log.id);
  const fields: DownFields = {
    device,
    recipient: row.seal_to,
    log: log?.id ?? null,
    grant: null,
    receipts: newest === null ? [] : [newest],
    problem: null,
    notices: [],
    code: null,
  };
  const name = `outpost-release-${row.office}-${device.slice(-6)}-${instant(context).slice(0, 10)}.outpost`;
  return { name, bytes: await pack(context, fields, row.office) };
}

/**
 * The file form of an enrolment code, with the release information a laptop needs to join without a network. It is not
 * sealed: whoever holds it can join once, as with the code itself.
 */
export async function makeEnrolmentFile(context: RegistryContext, code: EnrolmentCode): Promise<Uint8Array> {
  const nobody = { device: null, recipient: null, log: null, grant: null, problem: null };
  return pack(context, { ...nobody, receipts: [], notices: [], code }, null);
}
