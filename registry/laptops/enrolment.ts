import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  enrolmentPurpose,
  grantPurpose,
  type EnrolmentCode,
  type EnrolmentGrant,
  type EnrolmentRequest,
} from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import type { Json } from '../../shared/log/canonical.ts';
import { signJson, verifyJson } from '../../shared/log/signed.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import type { StoreTransaction, Tables } from '../storage/db/tables.ts';
import { sentence } from '../../shared/language/sentence.ts';

const SECRET_BYTES = 24;
const VALID_DAYS = 30; // long enough for a stick to reach a remote office and come back

/** Letters, digits and dashes of an office name, as target paths and addresses can carry them. */
function officeId(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  if (id === '') throw new OutpostError('BAD_INPUT', sentence('laptops.office_name_needs_least_one_letter'));
  return id;
}

function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Finds an office by its name or creates it with a fresh key for reference tags. */
export async function ensureOffice(context: RegistryContext, name: string): Promise<Tables['offices']> {
  const id = officeId(name);
  const office_key = Buffer.from(context.random(32)).toString('hex');
  await context.db
    .insertInto('offices')
    .values({ id, name: name.trim().slice(0, 80), office_key, created_at: instant(context) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return context.db.selectFrom('offices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Makes a one-time enrolment code for an office. Only a hash of its secret is kept. */
export async function makeEnrolmentCode(
  context: RegistryContext,
  office: string,
  address: string,
): Promise<EnrolmentCode> {
  const secret = Buffer.from(context.random(SECRET_BYTES)).toString('base64url');
  const expires_at = new Date(context.clock.now() + VALID_DAYS * 86_400_000).toISOString();
  await context.db
    .insertInto('enrolments')
    .values({
      id: uuidv7(),
      office,
      secret_hash: secretHash(secret),
      created_at: instant(context),
      expires_at,
      used_at: null,
      device: null,
    })
    .execute();
  return { format: 'outpost.enrolment-code/1', address, secret, rootSha256: context.registry };
}

/** The code as one line to type or paste. */
export function enrolmentCodeText(code: EnrolmentCode): string {
  return `outpost1:${Buffer.from(JSON.stringify(code)).toString('base64url')}`;
}

async function saveDevice(
  trx: StoreTransaction,
  request: EnrolmentRequest['body'],
  office: string,
  at: string,
): Promise<string> {
  const device = {
    id: uuidv7(),
    office,
    key: request.key,
    seal_to: request.sealTo,
    enrolled_at: at,
    last_seen: at,
    revoked_at: null,
  };
  const row = await trx
    .insertInto('devices')
    .values(device)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ office, seal_to: request.sealTo, last_seen: at, revoked_at: null }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/**
 * Uses up the code's secret. The same laptop may repeat its request: an answer lost on the way must not cost the code.
 */
async function redeem(
  trx: StoreTransaction,
  request: EnrolmentRequest['body'],
  at: string,
): Promise<{ device: string; office: string }> {
  const hash = secretHash(request.secret);
  const code = await trx.selectFrom('enrolments').selectAll().where('secret_hash', '=', hash).executeTakeFirst();
  if (code === undefined) throw new OutpostError('BAD_ENROLMENT', sentence('laptops.enrolment_code_not_known_here'));
  if (code.used_at !== null) {
    const device = await trx.selectFrom('devices').selectAll().where('id', '=', code.device).executeTakeFirst();
    if (device?.key !== request.key || device.revoked_at !== null)
      throw new OutpostError('BAD_ENROLMENT', sentence('laptops.enrolment_code_used_already_another_laptop'));
    await trx
      .updateTable('devices')
      .set({ seal_to: request.sealTo, last_seen: at })
      .where('id', '=', device.id)
      .execute();
    return { device: device.id, office: device.office };
  }
  if (code.expires_at < at) throw new OutpostError('BAD_ENROLMENT', sentence('laptops.enrolment_code_too_old'));
  const device = await saveDevice(trx, request, code.office, at);
  const used = await trx
    .updateTable('enrolments')
    .set({ used_at: at, device })
    .where('id', '=', code.id)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new OutpostError('BAD_ENROLMENT');
  return { device, office: code.office };
}

/** Enrols a device: checks that it holds the key it names, uses up the code, answers with a signed grant. */
export async function enrol(context: RegistryContext, request: EnrolmentRequest): Promise<EnrolmentGrant> {
  const { body, signature } = request;
  if (!verifyJson(enrolmentPurpose, body as Json, signature, body.key)) throw new OutpostError('BAD_SIGNATURE');
  const at = instant(context);
  return context.db.transaction().execute(async (trx) => {
    const { device, office: id } = await redeem(trx, body, at);
    const office = await trx.selectFrom('offices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const grant: EnrolmentGrant['body'] = {
      format: 'outpost.enrolment-grant/1',
      registry: context.registry,
      device,
      key: body.key,
      office: { id: office.id, name: office.name },
      officeKey: office.office_key,
      at,
    };
    return { body: grant, signature: signJson(grantPurpose, grant as Json, context.keys.receipt) };
  });
}
