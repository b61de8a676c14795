import { z } from 'zod';
import { enrolmentCodeSchema, enrolmentRequestSchema } from '../../../shared/contract/registry.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { hashSchema, idSchema, instantSchema } from '../../../shared/log/event.ts';
import { publicKeySchema } from '../../../shared/log/signed.ts';
import type { KeyValues } from './key-values.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** The registry's keys as the offline role lists them, with the hash of each target so that a change is noticed. */
const registryKeysSchema = z.strictObject({
  receiptKey: publicKeySchema,
  receiptSha256: hashSchema,
  sealTo: z.string().startsWith('age1').max(200),
  sealSha256: hashSchema,
});
export type RegistryKeys = z.infer<typeof registryKeysSchema>;

/** What joining left behind: whom this laptop belongs to and whose receipts it believes. */
const enrolmentSchema = z.strictObject({
  registry: z.string(),
  /** Base address; empty for an office without a network. */
  address: z.string().max(300),
  device: idSchema,
  office: z.strictObject({ id: z.string(), name: z.string() }),
  officeKey: hashSchema,
  rootSha256: hashSchema,
  keys: registryKeysSchema,
  at: instantSchema,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** An enrolment file was read and checked, the grant has not come yet. */
const pendingEnrolmentSchema = z.strictObject({
  code: enrolmentCodeSchema,
  keys: registryKeysSchema,
  request: enrolmentRequestSchema,
});
export type PendingEnrolment = z.infer<typeof pendingEnrolmentSchema>;

const enrolmentKey = 'enrolment';
const pendingKey = 'sync.pendingEnrolment';

/** The stored enrolment, null before joining. */
export function readEnrolment(keyValues: KeyValues): Enrolment | null {
  return enrolmentSchema.nullable().parse(keyValues.get(enrolmentKey) ?? null);
}

function notEnrolled(): OutpostError {
  return new OutpostError('NOT_ENROLLED', sentence('sync.laptop_not_enrolled_registry'));
}

/** Replaces the stored enrolment. */
export function writeEnrolment(keyValues: KeyValues, enrolment: Enrolment): void {
  keyValues.set(enrolmentKey, enrolmentSchema.parse(enrolment));
}

/** An enrolment that waits for its grant, null when there is none. */
export function readPending(keyValues: KeyValues): PendingEnrolment | null {
  return pendingEnrolmentSchema.nullable().parse(keyValues.get(pendingKey) ?? null);
}

/** The waiting enrolment; NOT_ENROLLED when there is none. */
export function needPending(keyValues: KeyValues): PendingEnrolment {
  const pending = readPending(keyValues);
  if (pending === null) throw notEnrolled();
  return pending;
}

/** Keeps or (null) forgets the waiting enrolment. */
export function writePending(keyValues: KeyValues, pending: PendingEnrolment | null): void {
  keyValues.set(pendingKey, pending);
}
