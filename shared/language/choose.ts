import { isSameLanguage, localeOf, type Catalogue } from './catalogue.ts';
import { createLanguage, type Language } from './language.ts';
import { pseudo, PSEUDO_LOCALE } from './pseudo.ts';

/**
 * The language for somebody who wants these locales, the dearest first: the same locale, else the same language, else
 * the first catalogue, which is the one the others are translated from. Words that come in further languages, as those of
 * attributes, are said in the dearest of them. `en-XA` asks for the pseudo-language.
 */
export function chooseLanguage(catalogues: readonly [Catalogue, ...Catalogue[]], wanted: readonly string[]): Language {
  if (wanted[0] === PSEUDO_LOCALE) return createLanguage(catalogues[0], { accent: pseudo, wanted });
  for (const locale of wanted) {
    const found =
      catalogues.find((one) => localeOf(one) === locale) ??
      catalogues.find((one) => isSameLanguage(localeOf(one), locale));
    if (found !== undefined) return createLanguage(found, { wanted });
  }
  return createLanguage(catalogues[0], { wanted });
}
