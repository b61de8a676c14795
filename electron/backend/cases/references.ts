import { bytesToHex } from '@noble/hashes/utils.js';
import { createHash } from 'node:crypto';
import { storedName } from '../../../shared/language/stored-name.ts';
import { highestReference } from '../store/cases.ts';
import type { Session } from '../session/context.ts';
import type { Db } from '../store/db.ts';

const letters = 'ACDEFGHJKLMNPQRTUVWXY';

/**
 * Prefix of references given on this laptop: three letters from its key, so that two laptops of an office do not give
 * the same reference to different cases.
 */
function referencePrefix(auditKey: Uint8Array): string {
  const digest = createHash('sha256')
    .update(storedName`reference ${bytesToHex(auditKey)}`)
    .digest();
  return `${[0, 1, 2].map((i) => letters[(digest[i] ?? 0) % letters.length]).join('')}-`;
}

/** The next free reference, from 1001 on. */
export function nextReference(db: Db, session: Pick<Session, 'auditKey'>): string {
  const prefix = referencePrefix(session.auditKey);
  return `${prefix}${Math.max(1000, highestReference(db, prefix)) + 1}`;
}
