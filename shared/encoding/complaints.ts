import type { Attribute, FeatureSchema } from './schema.ts';

type Group = Attribute['group'];

function yesNo(name: string, group: Group): Attribute {
  return { kind: 'boolean', name, group, shareable: true, since: 1 };
}

function choice(name: string, group: Group, values: string[]): Attribute {
  return { kind: 'category', name, group, shareable: true, since: 1, values };
}

function number(name: string, group: Group, measure: { unit: string; max: number; bins: number[] }): Attribute {
  return { kind: 'number', name, group, shareable: true, since: 1, min: 0, ...measure };
}

/**
 * The app's newest version of the complaints schema, which is its first: what the intake asks about a tech-support
 * complaint. What its attributes are called is in the catalogues, under `complaints`.
 */
export const complaintsSchema: FeatureSchema = {
  format: 'outpost.feature-schema/2',
  id: 'complaints',
  issuer: 'outpost',
  version: 1,
  parent: null,
  ancestors: [],
  attributes: [
    yesNo('asked_remote_access', 'telling'),
    yesNo('opened_bank_website', 'telling'),
    yesNo('resident_placed_call', 'telling'),
    yesNo('screen_locked', 'telling'),
    yesNo('gift_cards_asked', 'telling'),
    yesNo('has_contract', 'telling'),
    yesNo('told_to_keep_secret', 'telling'),
    choice('contact_channel', 'contact', ['phone', 'popup', 'email', 'text', 'visit']),
    choice('location_of_call', 'contact', ['local', 'national', 'abroad', 'withheld']),
    choice('story_told', 'contact', ['virus', 'licence', 'refund', 'subscription', 'repair', 'other']),
    yesNo('knew_personal_details', 'contact'),
    yesNo('claimed_known_company', 'contact'),
    yesNo('provider_listed', 'contact'),
    number('contact_minutes', 'contact', { unit: 'min', max: 1440, bins: [5, 10, 20, 40, 80] }),
    number('times_called', 'contact', { unit: 'times', max: 200, bins: [1.5, 2.5, 4.5, 8.5] }),
    {
      kind: 'money',
      name: 'money_asked',
      group: 'money',
      shareable: true,
      since: 1,
      bins: [25, 75, 150, 300, 700, 1500],
    },
    yesNo('money_paid', 'money'),
    number('days_until_report', 'more', { unit: 'days', max: 3650, bins: [0.5, 2.5, 7.5, 30.5] }),
  ],
  currencies: {
    reference: 'EUR',
    asOf: '2026-01-01',
    minorPerReference: { EUR: 100, USD: 117, GBP: 87, INR: 10_500, CHF: 93 },
  },
  understoodTactics: [
    'remote_access',
    'bank_website',
    'gift_cards',
    'screen_lock',
    'refund_story',
    'expired_licence',
    'secrecy',
  ],
  synonyms: {
    remote_control: 'remote_access',
    teamviewer: 'remote_access',
    giftcards: 'gift_cards',
    vouchers: 'gift_cards',
    locked_screen: 'screen_lock',
    popup_lock: 'screen_lock',
  },
};

/** Every schema the app ever issued, the newest last: one that was issued stays readable and is never taken out. */
export const appSchemas: readonly FeatureSchema[] = [complaintsSchema];
