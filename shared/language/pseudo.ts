import { TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';

/** The locale under which the pseudo-language is asked for, as other platforms call it. */
export const PSEUDO_LOCALE = 'en-XA';

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const accented = 'ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž';
const accents = new Map(Array.from(plain, (letter, at) => [letter, accented.charAt(at)]));

/** Accented, and about a third longer: other languages need more room than English. */
function accent(text: string): string {
  const words = text.replaceAll(/[A-Za-z]/g, (letter) => accents.get(letter) ?? letter);
  return words.replaceAll(/[åéîöûý]/g, (vowel, at: number) => (at % 2 === 0 ? vowel + vowel : vowel));
}

function accentAll(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  return elements.map((element) => {
    if (element.type === TYPE.literal) return { ...element, value: accent(element.value) };
    if (element.type !== TYPE.select && element.type !== TYPE.plural) return element;
    const options = Object.entries(element.options).map(([name, option]) => [
      name,
      { ...option, value: accentAll(option.value) },
    ]);
    return { ...element, options: Object.fromEntries(options) as typeof element.options };
  });
}

function hasWords(elements: readonly MessageFormatElement[]): boolean {
  return elements.some((element) => {
    if (element.type === TYPE.literal) return /\p{L}/u.test(element.value);
    if (element.type !== TYPE.select && element.type !== TYPE.plural) return false;
    return Object.values(element.options).some((option) => hasWords(option.value));
  });
}

/**
 * Makes a message of the pseudo-language: every word of ours has accents, is longer, and stands in brackets. What is
 * cut off on a page lacks its bracket, and what was not taken from the catalogue has no accents. A message without
 * words, such as a number alone, stays as it is.
 */
export function pseudo(message: readonly MessageFormatElement[]): MessageFormatElement[] {
  if (!hasWords(message)) return [...message];
  const text = (value: string): MessageFormatElement => ({ type: TYPE.literal, value });
  return [text('⟦'), ...accentAll(message), text('⟧')];
}
