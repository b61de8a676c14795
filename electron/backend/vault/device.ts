import { generateX25519Identity } from 'age-encryption';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { hashSchema } from '../../../shared/log/event.ts';
import { publicKeyOf } from '../../../shared/log/signed.ts';
import type { KeyValues } from '../store/key-values.ts';

const deviceSchema = z.strictObject({
  /** Hex Ed25519 private key all logs of this laptop are signed with. */
  privateKey: hashSchema,
  /** Hex secret for keyed draws. */
  auditKey: hashSchema,
  sealingIdentity: z.string().startsWith('AGE-SECRET-KEY-1'),
});

/** Secrets of this laptop, kept inside the encrypted database. */
export interface Device {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly auditKey: Uint8Array;
  readonly sealingIdentity: string;
}

/** Makes the laptop's keys; they exist from the first start, before any enrolment. */
export async function makeDevice(random: (bytes: number) => Uint8Array): Promise<z.infer<typeof deviceSchema>> {
  return {
    privateKey: bytesToHex(random(32)),
    auditKey: bytesToHex(random(32)),
    sealingIdentity: await generateX25519Identity(),
  };
}

/** Stores the keys; part of the first start's transaction. */
export function storeDevice(keyValues: KeyValues, device: z.infer<typeof deviceSchema>): void {
  keyValues.set('device', deviceSchema.parse(device));
}

/** Reads the keys back. */
export function readDevice(keyValues: KeyValues): Device {
  const { privateKey, auditKey, sealingIdentity } = deviceSchema.parse(keyValues.get('device'));
  return { privateKey, publicKey: publicKeyOf(privateKey), auditKey: hexToBytes(auditKey), sealingIdentity };
}
