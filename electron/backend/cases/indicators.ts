import type { IndicatorHit } from '../../../shared/contract/views.ts';

type Kind = IndicatorHit['kind'];

function phone(text: string): string | null {
  const international = /^\s*(?:\+|00)/.test(text);
  const digits = text
    .normalize('NFKC')
    .replace(/\D/g, '')
    .replace(/^00/, international ? '' : '00');
  return digits.length < 5 ? null : `${international ? '+' : ''}${digits}`;
}

function handle(text: string): string | null {
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
  const value = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return value.length < 4 ? null : value;
}

const normalisers: Record<Kind, (text: string) => string | null> = { phone, handle, web, session };

/**
 * The form in which indicators are compared: a number's digits with a leading +, a payment handle in lower case, the
 * host of a web address, the letters and digits of a session ID. Null while there is too little to compare.
 */
export function normaliseIndicator(kind: Kind, text: string): string | null {
  return normalisers[kind](text);
}
