import type { Asset } from '../../shared/hosting/assets.ts';

/** A language tag (BCP 47), as far as it goes into a page: nothing that could end an attribute. */
const TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;

/**
 * A file of the window, its page with the language that the program was asked for (`OUTPOST_LANGUAGE`): the window reads it
 * from its root element before it says anything. Null, or what is no language, leaves the choice to browser or system.
 */
export function inLanguageAsked(
  { type }: Asset,
  bytes: Buffer<ArrayBuffer>,
  asked: string | null,
): Buffer<ArrayBuffer> {
  if (asked === null || !TAG.test(asked) || !type.startsWith('text/html')) return bytes;
  return Buffer.from(bytes.toString('utf8').replace(/<html\b/, `<html data-language="${asked}"`), 'utf8');
}
