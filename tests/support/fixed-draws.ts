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
