import { withLatinDigits } from '../../../shared/domain/digits.ts';
import type { IndicatorHit } from '../../../shared/contract/views.ts';

type Kind = IndicatorHit['kind'];

function phone(text: string): string | null {
  const latin = withLatinDigits(text.normalize('NFKC'));
  const international = /^\s*(?:\+|00)/.test(latin);
  const digits = latin.replace(/\D/g, '').replace(/^00/, international ? '' : '00');
  return digits.length < 5 ? null : `${international ? '+' : ''}${digits}`;
}

function handle(text: string): string | null {
  // Words with neither a sign nor a digit are a remark: “not known”, “see note”.
  if (/^[\p{L}\s]*$/u.test(text) && /\S\s+\S/.test(text)) return null;
  const value = text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  return value.length < 3 ? null : value;
}

function web(text: string): string | null {
  const trimmed = text.trim();
  try {
    const { hostname } = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    const host = hostname.replace(/^www\./, '').replace(/\.$/, '');
    return host.includes('.') ? host : null;
  } catch (error) {
    if (error instanceof TypeError) return null; // not an address yet: somebody is still typing
    throw error;
  }
}

function session(text: string): string | null {
  const value = withLatinDigits(text.normalize('NFKC'))
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return value.length < 4 ? null : value;
}

/** What a value of each kind needs, for the person who typed too little. */
export const indicatorNeeds = {
  phone: 'intake.phone_needs',
  handle: 'intake.handle_needs',
  web: 'intake.web_needs',
  session: 'intake.session_needs',
} as const satisfies Record<Kind, string>;

const normalisers: Record<Kind, (text: string) => string | null> = { phone, handle, web, session };

/**
 * The form in which indicators are compared: a number's digits with a leading +, a payment handle in lower case, the
 * host of a web address, the letters and digits of a session ID. Null while there is too little to compare.
 */
export function normaliseIndicator(kind: Kind, text: string): string | null {
  return normalisers[kind](text);
}
