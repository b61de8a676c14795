import { createHash } from 'node:crypto';

/** Bytes that are the same in every run: who is drawn for an audit depends on them. */
export function seededRandom(seed: string): (bytes: number) => Uint8Array {
  let counter = 0;
  return (bytes) => {
    counter += 1;
    return new Uint8Array(createHash('sha512').update(`${seed} ${counter}`).digest().subarray(0, bytes));
  };
}

/** A case the bundled model takes for a genuine provider. */
export const genuine = {
  asked_remote_access: true,
  opened_bank_website: false,
  resident_placed_call: true,
  screen_locked: false,
  gift_cards_asked: false,
  has_contract: true,
  told_to_keep_secret: false,
  contact_channel: 'phone',
  location_of_call: 'national',
  story_told: 'repair',
  knew_personal_details: true,
  claimed_known_company: true,
  provider_listed: true,
  contact_minutes: 15,
  times_called: 1,
  money_paid: false,
  days_until_report: 3,
};

/**
 * Bytes that follow from the seed, with a stream of its own for each length: pauses drawn when real time says so do not
 * shift keys and ids. Who is drawn for an audit is then the same in every run.
 */
export function seededBytes(seed: string): (length: number) => Uint8Array {
  const counters = new Map<number, number>();
  return (length) => {
    const count = (counters.get(length) ?? 0) + 1;
    counters.set(length, count);
    const bytes = new Uint8Array(length);
    for (let at = 0, part = 0; at < length; at += 64, part += 1) {
      const block = createHash('sha512').update(`${seed} ${length} ${count} ${part}`).digest();
      bytes.set(block.subarray(0, Math.min(64, length - at)), at);
    }
    return bytes;
  };
}
