import { createContext, useContext } from 'react';
import type { Language } from '../../shared/language/language.ts';

/** What is asked of a language to say a sentence. */
export type Say = Language['say'];

export const LanguageContext = createContext<Language | null>(null);

/** The language of this window. Throws outside of the provider. */
export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (language === null) throw new Error('LanguageContext is missing above this component.');
  return language;
}
