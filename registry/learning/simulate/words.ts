/** Spellings under which investigators note the new tactic, with how often each is used; one is a slip of the keys. */
export const upiSpellings: Readonly<Record<string, number>> = {
  UPI: 26,
  'upi payment': 24,
  'UPI payment': 14,
  'paid by UPI': 12,
  'UPI collect request': 12,
  'upi-collect': 8,
  'upi paymnet': 4,
};

/** Remarks noted as if they were tactics. */
export const oddNotes = [
  'rude caller',
  'double billing',
  'no receipt',
  'late technician',
  'wrong invoice',
  'printer trouble',
] as const;

/** What may be noted for a question answered with yes, beside the answer. */
export const notedFor: Readonly<Record<string, readonly string[]>> = {
  asked_remote_access: ['remote access', 'TeamViewer', 'remote control'],
  opened_bank_website: ['bank website'],
  gift_cards_asked: ['gift cards', 'vouchers'],
  screen_locked: ['screen lock', 'locked screen'],
  told_to_keep_secret: ['secrecy'],
};

export const places = [
  'Ashgrove',
  'Brookfield',
  'Castleton',
  'Dunmere',
  'Eastvale',
  'Fairhaven',
  'Glenmore',
  'Hillview',
] as const;
export const givenNames = [
  'Asha',
  'Bram',
  'Carla',
  'Devi',
  'Emil',
  'Farah',
  'Goran',
  'Hana',
  'Imran',
  'Joan',
  'Kiran',
  'Lea',
] as const;
export const familyNames = [
  'Abara',
  'Bhatt',
  'Conti',
  'Dufour',
  'Engel',
  'Farrow',
  'Gupta',
  'Holm',
  'Iyer',
  'Jansen',
  'Kaur',
  'Lind',
] as const;

/** The sentence a narrative opens with, by kind of contact. */
export const openings: Readonly<Record<string, string>> = {
  bank: 'Caller said the computer was infected, took over the screen and had the bank page opened.',
  giftCards: 'Screen froze with a number to call; was told to buy gift cards to unlock it.',
  licence: 'Caller said a licence had run out and the computer would stop working.',
  upi: 'Caller sent a payment request to the telephone and said that accepting it would bring the refund.',
  service: 'Paid for a repair that did not help; the firm does not answer any more.',
  support: 'Support session of the provider took long and the fault came back.',
};

/** How it went on, by class of contact. */
export const wentOn: Readonly<Record<string, string>> = {
  broke_off: 'The resident broke it off.',
  went_along: 'The resident went along for a while.',
  gave_in: 'The resident did all that was asked.',
  firm: 'There was an appointment.',
  handyman: 'Somebody came without papers.',
  hotline: 'It went through a hotline.',
};
