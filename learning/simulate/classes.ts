import type { ModeName } from './modes.ts';

/**
 * A way a contact of one kind went, which makes its answers go together: given the kind and the class they are
 * independent. `share` are chances that sum to 1 over a kind's classes; the rest says how the class differs from the
 * kind's average. All of it is invented.
 */
export interface LatentClass {
  readonly name: string;
  readonly share: number;
  /** Added to the log odds of yes, and of another call (`again`). */
  readonly logOdds: Readonly<Record<string, number>>;
  /** Times as likely per choice. */
  readonly choices: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Times as long, as much money, as many days. */
  readonly minutes: number;
  readonly money: number;
  readonly days: number;
}

/** How far a caller who wants the computer got. */
const computerScam: readonly LatentClass[] = [
  {
    name: 'broke_off',
    share: 0.22,
    logOdds: {
      asked_remote_access: -1.1,
      opened_bank_website: -1.7,
      gift_cards_asked: -0.7,
      told_to_keep_secret: -1,
      money_paid: -2.4,
      again: -0.3,
    },
    choices: { location_of_call: { withheld: 1.2 } },
    minutes: 0.5,
    money: 0.85,
    days: 1.3,
  },
  { name: 'went_along', share: 0.5, logOdds: {}, choices: {}, minutes: 1, money: 1, days: 1 },
  {
    name: 'gave_in',
    share: 0.28,
    logOdds: {
      asked_remote_access: 0.8,
      opened_bank_website: 0.9,
      gift_cards_asked: 0.5,
      told_to_keep_secret: 0.8,
      knew_personal_details: 0.3,
      money_paid: 1.8,
      again: 0.5,
    },
    choices: {},
    minutes: 1.5,
    money: 1.3,
    days: 0.8,
  },
];

/** How far a caller got who wants a payment by telephone and has no use for the computer. */
const paymentScam: readonly LatentClass[] = [
  {
    name: 'broke_off',
    share: 0.2,
    logOdds: { told_to_keep_secret: -0.8, money_paid: -2.4, again: -0.4 },
    choices: {},
    minutes: 0.6,
    money: 0.9,
    days: 1.3,
  },
  { name: 'went_along', share: 0.5, logOdds: {}, choices: {}, minutes: 1, money: 1, days: 1 },
  {
    name: 'gave_in',
    share: 0.3,
    logOdds: { told_to_keep_secret: 0.7, knew_personal_details: 0.3, money_paid: 1.6, again: 0.5 },
    choices: {},
    minutes: 1.3,
    money: 1.2,
    days: 0.8,
  },
];

/** What kind of provider failed to help: some firms leave papers behind, others nothing. */
const genuineProvider: readonly LatentClass[] = [
  {
    name: 'firm',
    share: 0.52,
    logOdds: { has_contract: 0.4, provider_listed: 0.4, resident_placed_call: 0.2 },
    choices: {},
    minutes: 0.9,
    money: 1.1,
    days: 1,
  },
  {
    name: 'handyman',
    share: 0.22,
    logOdds: { has_contract: -0.9, provider_listed: -0.9, claimed_known_company: -0.6, money_paid: 0.5 },
    choices: { contact_channel: { visit: 1.6 }, location_of_call: { local: 1.4 } },
    minutes: 0.8,
    money: 0.8,
    days: 0.9,
  },
  {
    name: 'hotline',
    share: 0.26,
    logOdds: { asked_remote_access: 0.6, screen_locked: 0.3, claimed_known_company: 0.4, again: 0.5 },
    choices: { contact_channel: { email: 1.2 } },
    minutes: 1.5,
    money: 1,
    days: 1.1,
  },
];

/** Classes of each kind of contact, in a fixed order. */
export const classes: Readonly<Record<ModeName, readonly LatentClass[]>> = {
  bank: computerScam,
  giftCards: computerScam,
  licence: computerScam,
  upi: paymentScam,
  service: genuineProvider,
  support: genuineProvider,
};
