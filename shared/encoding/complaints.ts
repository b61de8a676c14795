import type { Attribute, FeatureSchema } from './schema.ts';

type Group = Attribute['group'];

function yesNo(name: string, group: Group, label: string, question: string, yes: string, no: string): Attribute {
  return { kind: 'boolean', name, label, question, group, shareable: true, since: 1, says: { yes, no } };
}

function choice(name: string, group: Group, label: string, question: string, values: Record<string, string>): Attribute {
  return {
    kind: 'category', name, label, question, group, shareable: true, since: 1,
    values: Object.entries(values).map(([value, text]) => ({ value, label: text })),
  };
}

/** First version of the complaints schema: what the intake asks about a tech-support complaint. */
export const complaintsSchema: FeatureSchema = {
  format: 'outpost.feature-schema/1',
  id: 'complaints',
  version: 1,
  attributes: [
    yesNo('asked_remote_access', 'telling', 'Remote access asked for', 'Did the caller ask for remote access to the computer?', 'asked for remote access', 'no remote access asked for'),
    yesNo('opened_bank_website', 'telling', 'Bank website opened', 'Was a bank website or banking app opened during the contact?', 'bank website was opened', 'no bank website opened'),
    yesNo('resident_placed_call', 'telling', 'Resident placed the call', 'Did the resident place the call themselves, to a number they already had?', 'resident placed the call', 'caller called the resident'),
    yesNo('screen_locked', 'telling', 'Screen locked or warning shown', 'Was a screen locked, or a warning shown with a number to call?', 'screen locked or warning shown', 'no warning on the screen'),
    yesNo('gift_cards_asked', 'telling', 'Gift cards asked for', 'Were gift cards or vouchers asked for?', 'gift cards asked for', 'no gift cards asked for'),
    yesNo('has_contract', 'telling', 'Invoice or contract exists', 'Is there an invoice or contract with a provider?', 'invoice or contract exists', 'no invoice or contract'),
    yesNo('told_to_keep_secret', 'telling', 'Told to keep it secret', 'Was the resident told to keep it secret?', 'told to keep it secret', 'not told to keep it secret'),
    choice('contact_channel', 'contact', 'Contact', 'How did the contact come about?', {
      phone: 'phone call', popup: 'pop-up window', email: 'e-mail', text: 'text message', visit: 'visit',
    }),
    choice('location_of_call', 'contact', 'Origin of the call', 'Where did the call come from?', {
      local: 'same region', national: 'elsewhere in the country', abroad: 'abroad', withheld: 'number withheld',
    }),
    choice('story_told', 'contact', 'Story told', 'What was the caller\'s story?', {
      virus: 'virus or hacked account', licence: 'licence has expired', refund: 'refund owed', subscription: 'subscription renewal', repair: 'repair or service visit', other: 'another story',
    }),
    yesNo('knew_personal_details', 'contact', 'Caller knew personal details', 'Did the caller know personal details?', 'caller knew personal details', 'caller knew no personal details'),
    yesNo('claimed_known_company', 'contact', 'Claimed to be a known company', 'Did the caller claim to be from a well-known company?', 'claimed to be a known company', 'no known company named'),
    yesNo('provider_listed', 'contact', 'Provider is listed', 'Is the provider found in a public register?', 'provider is in the public register', 'provider is in no register'),
    { kind: 'number', name: 'contact_minutes', label: 'Length of the contact', question: 'How long did the contact last?', group: 'contact', shareable: true, since: 1, unit: 'min', min: 0, max: 1440, bins: [5, 10, 20, 40, 80] },
    { kind: 'number', name: 'times_called', label: 'Times called', question: 'How often did they call?', group: 'contact', shareable: true, since: 1, unit: 'calls', min: 0, max: 200, bins: [1.5, 2.5, 4.5, 8.5] },
    { kind: 'money', name: 'money_asked', label: 'Money asked for', question: 'How much money was asked for?', group: 'money', shareable: true, since: 1, bins: [25, 75, 150, 300, 700, 1500] },
    yesNo('money_paid', 'money', 'Money was paid', 'Was money paid?', 'money was paid', 'no money paid'),
    { kind: 'number', name: 'days_until_report', label: 'Days until the report', question: 'How many days passed until the report?', group: 'more', shareable: true, since: 1, unit: 'days', min: 0, max: 3650, bins: [0.5, 2.5, 7.5, 30.5] },
  ],
  currencies: {
    reference: 'EUR',
    asOf: '2026-01-01',
    minorPerReference: { EUR: 100, USD: 117, GBP: 87, INR: 10_500, CHF: 93 },
  },
  understoodTactics: ['remote_access', 'bank_website', 'gift_cards', 'screen_lock', 'refund_story', 'expired_licence', 'secrecy'],
  synonyms: { remote_control: 'remote_access', teamviewer: 'remote_access', giftcards: 'gift_cards', vouchers: 'gift_cards', locked_screen: 'screen_lock', popup_lock: 'screen_lock' },
};
