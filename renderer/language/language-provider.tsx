import { useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { Catalogue } from '../../shared/language/catalogue.ts';
import { chooseLanguage } from '../../shared/language/choose.ts';
import source from '../../shared/language/en.json';
import { LanguageContext } from './language.ts';

/** Catalogues the window can speak, the one the others are translated from first. */
export type Catalogues = readonly [Catalogue, ...Catalogue[]];

/** Every catalogue of `shared/language`: a further language is one more file there. */
export function windowCatalogues(): Catalogues {
  const found = import.meta.glob<Catalogue>(['../../shared/language/*.json', '!../../shared/language/en.json'], {
    eager: true,
    import: 'default',
  });
  return [source, ...Object.values(found)];
}

/** Speaks the language that the person's system or browser asks for, and another as soon as it asks for another. */
export function LanguageProvider(props: {
  readonly catalogues: Catalogues;
  readonly children: ReactNode;
}): ReactElement {
  const { catalogues } = props;
  const [wanted, setWanted] = useState(navigator.languages);
  const language = useMemo(() => chooseLanguage(catalogues, wanted), [catalogues, wanted]);
  useEffect(() => {
    const follow = (): void => setWanted(navigator.languages);
    window.addEventListener('languagechange', follow);
    return () => window.removeEventListener('languagechange', follow);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language.locale;
  }, [language]);
  return <LanguageContext value={language}>{props.children}</LanguageContext>;
}
