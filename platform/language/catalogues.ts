import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema, type Catalogue } from '../../shared/language/catalogue.ts';
import source from '../../shared/language/en.json' with { type: 'json' };
import { chooseLanguage } from '../../shared/language/choose.ts';
import type { Language } from '../../shared/language/language.ts';

/** The catalogue that the others are translated from: it is part of the program, which says errors with it. */
const SOURCE = 'en.json';

/** Every language, the source first. A further language is one more file in the folder beside it. */
export function readCatalogues(folder: string): readonly [Catalogue, ...Catalogue[]] {
  const read = (name: string): Catalogue => catalogueSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const others = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== SOURCE);
  return [source satisfies Catalogue, ...others.toSorted().map(read)];
}

/** The language that who starts a program asks for by `OUTPOST_LANGUAGE`, or null. */
export function languageAsked(env: Readonly<Record<string, string | undefined>>): string | null {
  const asked = env['OUTPOST_LANGUAGE'] ?? '';
  return asked === '' ? null : asked;
}

/** The language of a program: what `OUTPOST_LANGUAGE` asks for, else that of the system. `folder` holds the catalogues. */
export function programLanguage(folder: string, env: Readonly<Record<string, string | undefined>>): Language {
  const catalogues = readCatalogues(folder);
  const asked = languageAsked(env);
  // Of all that Intl has, plural rules are there the soonest.
  const system = new Intl.PluralRules().resolvedOptions().locale;
  return chooseLanguage(catalogues, asked === null ? [system] : [asked, system]);
}
