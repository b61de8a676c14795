/** Longest tag that may leave the laptop, in characters. */
export const maxTagLength = 40;

/** Maps each known spelling to its canonical tag; shipped with releases. */
export type Synonyms = Readonly<Record<string, string>>;

/** Tag form of a free text: lower case, letters and digits joined by underscores; no length limit. */
export function tagOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

/** Canonical tag of a free text under the synonyms known. */
export function normaliseTactic(text: string, synonyms: Synonyms = {}): string {
  const tag = tagOf(text);
  return Object.hasOwn(synonyms, tag) ? synonyms[tag]! : tag;
}

/**
 * Why a tag or unseen value must not leave the laptop, or null when it may: it is empty, longer than 40 characters,
 * has a run of four or more digits (numbers of people and accounts) or looks like an address.
 */
export function whyNotShareable(text: string): 'empty' | 'too_long' | 'digits' | 'address' | null {
  if (text.trim() === '') return 'empty';
  if ([...text].length > maxTagLength) return 'too_long';
  if (/\p{Nd}(?:[\s._-]?\p{Nd}){3}/u.test(text)) return 'digits';
  if (/[@]|:\/\/|\bwww[._]|\.(?:com|net|org|in|io|uk|info)\b/iu.test(text)) return 'address';
  return null;
}
