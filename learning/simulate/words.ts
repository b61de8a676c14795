import { storedName } from '../../shared/language/stored-name.ts';

/** Spellings under which investigators note the new tactic, with how often each is used; one is a slip of the keys. */
export const upiSpellings: Readonly<Record<string, number>> = {
  UPI: 26,
  [storedName`upi payment`]: 24,
  [storedName`UPI payment`]: 14,
  [storedName`paid by UPI`]: 12,
  [storedName`UPI collect request`]: 12,
  'upi-collect': 8,
  [storedName`upi paymnet`]: 4,
};

/** Remarks noted as if they were tactics. */
export const oddNotes = [
  storedName`rude caller`,
  storedName`double billing`,
  storedName`no receipt`,
  storedName`late technician`,
  storedName`wrong invoice`,
  storedName`printer trouble`,
] as const;

/** What may be noted for a question answered with yes, beside the answer. */
export const notedFor: Readonly<Record<string, readonly string[]>> = {
  asked_remote_access: [storedName`remote access`, 'TeamViewer', storedName`remote control`],
  opened_bank_website: [storedName`bank website`],
  gift_cards_asked: [storedName`gift cards`, 'vouchers'],
  screen_locked: [storedName`screen lock`, storedName`locked screen`],
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
