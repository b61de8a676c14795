import { bytesToHex } from '@noble/hashes/utils.js';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { storedName } from '../../../shared/language/stored-name.ts';
import { caseByReference, countErased, highestReference } from '../store/cases.ts';
import { referenceKey } from '../store/projections.ts';
import type { Session } from '../session/context.ts';

type References = Pick<Session, 'auditKey' | 'db' | 'keyValues'>;

const letters = 'ACDEFGHJKLMNPQRTUVWXY';
const highestKey = 'references.highest';
const first = 1001;
/** A longer number was typed by somebody and starts no row of ours. */
const maxDigits = 9;

/**
 * Prefix of references given on this laptop: three letters from its key, so that two laptops of an office do not give
 * the same reference to different cases.
 */
function referencePrefix({ auditKey }: References): string {
  const digest = createHash('sha256')
    .update(storedName`reference ${bytesToHex(auditKey)}`)
    .digest();
  return `${[0, 1, 2].map((i) => letters[(digest[i] ?? 0) % letters.length]).join('')}-`;
}

/** The highest number that was ever given, also to a case that was erased or got another reference. */
function highestGiven(references: References, prefix: string): number {
  const { db, keyValues } = references;
  const kept = z.int().nullable().parse(keyValues.get(highestKey));
  // A store from before the number was kept: of erased cases it knows no more than how many there were.
  return kept ?? Math.max(first - 1, highestReference(db, prefix, maxDigits)) + countErased(db);
}

/** The next free reference, from 1001 on. None is given a second time, whatever became of its case. */
export function nextReference(references: References): string {
  const prefix = referencePrefix(references);
  let number = highestGiven(references, prefix) + 1;
  while (caseByReference(references.db, `${prefix}${number}`) !== null) number += 1;
  return `${prefix}${number}`;
}

/** Notes, in the transaction that saves it, the reference of a case: one of this laptop's own is given from then on. */
export function noteReference(references: References, reference: string): void {
  const prefix = referencePrefix(references);
  const [key, start] = [referenceKey(reference), referenceKey(prefix)];
  const digits = key.startsWith(start) ? key.slice(start.length) : '';
  if (!/^\d+$/.test(digits) || digits.length > maxDigits) return;
  references.keyValues.set(highestKey, Math.max(highestGiven(references, prefix), Number(digits)));
}
