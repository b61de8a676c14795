import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { SealedEvent } from '../../../shared/log/event.ts';
import type { EventLog } from '../store/log.ts';

/** A reference as two clerks would both write it: compatibility forms folded, upper case, letters and digits only. */
export function normaliseReference(reference: string): string {
  return reference
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** HMAC-SHA-256 (hex) of the normalised reference under the office key (hex); null when nothing is left of it. */
export function referenceTag(officeKey: string, reference: string): string | null {
  const normalised = normaliseReference(reference);
  return normalised === '' ? null : bytesToHex(hmac(sha256, hexToBytes(officeKey), utf8ToBytes(normalised)));
}

const withReference = z.looseObject({ reference: z.string() });
const withCase = z.looseObject({ case: z.uuid() });

/** Case id -> tag for the intakes among `events` whose private part is still here (an erased case has none). */
export function referenceTags(
  log: EventLog,
  events: readonly SealedEvent[],
  officeKey: string,
): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const { event } of events) {
    if (event.type !== 'case.received') continue;
    const kept = log.privateOf(event.id);
    const parsed = kept === null ? null : withReference.safeParse(JSON.parse(kept.text));
    const named = withCase.safeParse(event.public);
    if (parsed?.success !== true || !named.success) continue;
    const tag = referenceTag(officeKey, parsed.data.reference);
    if (tag !== null) tags[named.data.case] = tag;
  }
  return tags;
}
