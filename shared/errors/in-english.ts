import type { Catalogue } from '../language/catalogue.ts';
import en from '../language/en.json' with { type: 'json' };
import { createLanguage } from '../language/language.ts';
import type { Text } from '../language/sentence.ts';

// Until every room carries sentences as data, an error's message is its English text, since rooms still show it.
const english = createLanguage(en satisfies Catalogue);

/** A sentence or other words in English. */
export function inEnglish(text: Text): string {
  return english.words(text);
}
