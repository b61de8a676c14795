/**
 * How a kind of contact shows in the answers: chance of yes per question, weights per choice, and the middle and spread
 * of the amounts (log-normal). Invented, not estimated from anybody's cases.
 */
export interface Mode {
  readonly yes: Readonly<Record<string, number>>;
  readonly choices: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Median and log-scale spread: minutes, reference units of money, days. */
  readonly minutes: readonly [number, number];
  readonly money: readonly [number, number];
  readonly daysToReport: readonly [number, number];
  /** Chance that another call followed, repeated. */
  readonly again: number;
}

/** Remote access, then online banking on the resident's screen. */
const bank: Mode = {
  yes: {
    asked_remote_access: 0.93,
    opened_bank_website: 0.88,
    resident_placed_call: 0.22,
    screen_locked: 0.38,
    gift_cards_asked: 0.04,
    has_contract: 0.2,
    told_to_keep_secret: 0.3,
    knew_personal_details: 0.45,
    claimed_known_company: 0.72,
    provider_listed: 0.22,
    money_paid: 0.55,
  },
  choices: {
    contact_channel: { phone: 66, popup: 24, email: 7, text: 3 },
    location_of_call: { local: 16, national: 30, abroad: 28, withheld: 26 },
    story_told: { virus: 48, licence: 12, refund: 24, subscription: 9, repair: 4, other: 3 },
  },
  minutes: [44, 0.6],
  money: [300, 0.9],
  daysToReport: [2.5, 1],
  again: 0.42,
};

/** A locked screen with a number to call, paid in gift cards. */
const giftCards: Mode = {
  yes: {
    asked_remote_access: 0.72,
    opened_bank_website: 0.3,
    resident_placed_call: 0.48,
    screen_locked: 0.74,
    gift_cards_asked: 0.72,
    has_contract: 0.14,
    told_to_keep_secret: 0.44,
    knew_personal_details: 0.22,
    claimed_known_company: 0.8,
    provider_listed: 0.15,
    money_paid: 0.6,
  },
  choices: {
    contact_channel: { phone: 34, popup: 58, email: 6, text: 2 },
    location_of_call: { local: 12, national: 28, abroad: 32, withheld: 28 },
    story_told: { virus: 68, licence: 20, refund: 4, subscription: 5, repair: 1, other: 2 },
  },
  minutes: [35, 0.6],
  money: [210, 0.7],
  daysToReport: [3, 1],
  again: 0.48,
};

/** A cold call about a licence that has run out, paid by card over the telephone. */
const licence: Mode = {
  yes: {
    asked_remote_access: 0.78,
    opened_bank_website: 0.5,
    resident_placed_call: 0.24,
    screen_locked: 0.26,
    gift_cards_asked: 0.08,
    has_contract: 0.25,
    told_to_keep_secret: 0.18,
    knew_personal_details: 0.42,
    claimed_known_company: 0.8,
    provider_listed: 0.26,
    money_paid: 0.5,
  },
  choices: {
    contact_channel: { phone: 78, popup: 8, email: 10, text: 4 },
    location_of_call: { local: 18, national: 38, abroad: 20, withheld: 24 },
    story_told: { virus: 20, licence: 48, refund: 6, subscription: 20, repair: 3, other: 3 },
  },
  minutes: [26, 0.6],
  money: [160, 0.7],
  daysToReport: [4, 1],
  again: 0.5,
};

/** No remote session and no bank: a short call or text from nearby, and a collect request on the resident's telephone. */
const upi: Mode = {
  yes: {
    asked_remote_access: 0.3,
    opened_bank_website: 0.03,
    resident_placed_call: 0.13,
    screen_locked: 0.1,
    gift_cards_asked: 0.005,
    has_contract: 0.16,
    told_to_keep_secret: 0.26,
    knew_personal_details: 0.56,
    claimed_known_company: 0.8,
    provider_listed: 0.2,
    money_paid: 0.78,
  },
  choices: {
    contact_channel: { phone: 45, popup: 4, email: 7, text: 43, visit: 1 },
    location_of_call: { local: 30, national: 52, abroad: 5, withheld: 19 },
    story_told: { virus: 14, licence: 16, refund: 24, subscription: 30, repair: 12, other: 4 },
  },
  minutes: [12, 0.5],
  money: [95, 0.5],
  daysToReport: [0.9, 0.9],
  again: 0.62,
};

/** A real provider that came, or should have come, and did not help. */
const service: Mode = {
  yes: {
    asked_remote_access: 0.2,
    opened_bank_website: 0.07,
    resident_placed_call: 0.66,
    screen_locked: 0.14,
    gift_cards_asked: 0.004,
    has_contract: 0.7,
    told_to_keep_secret: 0.02,
    knew_personal_details: 0.6,
    claimed_known_company: 0.28,
    provider_listed: 0.74,
    money_paid: 0.68,
  },
  choices: {
    contact_channel: { phone: 58, popup: 1, email: 17, text: 8, visit: 16 },
    location_of_call: { local: 56, national: 38, abroad: 3, withheld: 3 },
    story_told: { virus: 12, licence: 8, refund: 7, subscription: 19, repair: 48, other: 6 },
  },
  minutes: [18, 0.7],
  money: [110, 0.8],
  daysToReport: [10, 1],
  again: 0.32,
};

/** A real provider's telephone support, often with a remote session. */
const support: Mode = {
  yes: {
    asked_remote_access: 0.66,
    opened_bank_website: 0.13,
    resident_placed_call: 0.54,
    screen_locked: 0.24,
    gift_cards_asked: 0.006,
    has_contract: 0.6,
    told_to_keep_secret: 0.03,
    knew_personal_details: 0.6,
    claimed_known_company: 0.5,
    provider_listed: 0.68,
    money_paid: 0.6,
  },
  choices: {
    contact_channel: { phone: 72, popup: 4, email: 16, text: 5, visit: 3 },
    location_of_call: { local: 30, national: 56, abroad: 8, withheld: 6 },
    story_told: { virus: 26, licence: 18, refund: 8, subscription: 28, repair: 14, other: 6 },
  },
  minutes: [30, 0.7],
  money: [105, 0.8],
  daysToReport: [8, 1],
  again: 0.36,
};

export const modes = { bank, giftCards, licence, upi, service, support } as const;
export type ModeName = keyof typeof modes;

/** Shares of the scams of old, and of genuine cases. */
export const scamMix: Readonly<Record<string, number>> = { bank: 50, giftCards: 26, licence: 24 };
export const genuineMix: Readonly<Record<string, number>> = { service: 60, support: 40 };

/** All kinds of contact, in a fixed order. */
export const modeNames = Object.keys(modes) as readonly ModeName[];

/** True for the kinds of contact that are scams. */
export function isScamMode(mode: ModeName): boolean {
  return genuineMix[mode] === undefined;
}
