import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema, type Catalogue } from '../../shared/language/catalogue.ts';
import { chooseLanguage } from '../../shared/language/choose.ts';
import type { Language } from '../../shared/language/language.ts';

/** The catalogue that the others are translated from. */
const SOURCE = 'en.json';

/** Every language in a folder, the source first. A further language is one more file there. */
export function readCatalogues(folder: string): readonly [Catalogue, ...Catalogue[]] {
  const read = (name: string): Catalogue => catalogueSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const others = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== SOURCE);
  return [read(SOURCE), ...others.toSorted().map(read)];
}

/** The language of a program: what `OUTPOST_LANGUAGE` asks for, else that of the system. `folder` holds the catalogues. */
export function programLanguage(folder: string, env: Readonly<Record<string, string | undefined>>): Language {
  const system = new Intl.DateTimeFormat().resolvedOptions().locale;
  const asked = env['OUTPOST_LANGUAGE'] ?? '';
  return chooseLanguage(readCatalogues(folder), asked === '' ? [system] : [asked, system]);
}
