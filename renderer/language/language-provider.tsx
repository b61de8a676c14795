import { useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import type { Catalogue } from '../../shared/language/catalogue.ts';
import { chooseLanguage } from '../../shared/language/choose.ts';
import source from '../../shared/language/en.json';
import { LanguageContext } from './language.ts';

/** Catalogues the window can speak, the one the others are translated from first. */
type Catalogues = readonly [Catalogue, ...Catalogue[]];

/** Every catalogue of `shared/language`: a further language is one more file there. */
export function windowCatalogues(): Catalogues {
  const found = import.meta.glob<Catalogue>(['../../shared/language/*.json', '!../../shared/language/en.json'], {
    eager: true,
    import: 'default',
  });
  return [source, ...Object.values(found)];
}

function languagesWanted(): readonly string[] {
  const asked = document.documentElement.dataset['language'];
  return [...(asked === undefined ? [] : [asked]), ...navigator.languages];
}

/**
 * Speaks the language that Outpost was asked for when it was started (`inLanguageAsked` puts it into the page), else what the
 * person's system or browser asks for, and another as soon as it asks for another.
 */
export function LanguageProvider(props: {
  readonly catalogues: Catalogues;
  readonly children: ReactNode;
}): ReactElement {
  const { catalogues } = props;
  const [wanted, setWanted] = useState(languagesWanted);
  const language = useMemo(() => chooseLanguage(catalogues, wanted), [catalogues, wanted]);
  useEffect(() => {
    const follow = (): void => setWanted(languagesWanted());
    window.addEventListener('languagechange', follow);
    return () => window.removeEventListener('languagechange', follow);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language.locale;
  }, [language]);
  return <LanguageContext value={language}>{props.children}</LanguageContext>;
}
