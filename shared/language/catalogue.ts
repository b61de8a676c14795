import { z } from 'zod';

/** One language: its locale, and for every code an ICU message. The files beside this one. */
export const catalogueSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9_]*\.[a-z0-9_]+$/), z.string())
  .refine((messages) => Object.hasOwn(messages, 'language.locale'), { error: 'language.locale is missing' });
export type Catalogue = Readonly<Record<string, string>>;

/** BCP 47 name of the language of a catalogue, which numbers, dates and plurals follow. */
export function localeOf(catalogue: Catalogue): string {
  return catalogue['language.locale'] ?? 'und';
}

const languageOf = (locale: string): string => locale.split('-')[0]?.toLowerCase() ?? '';

/** Whether two BCP 47 names are of one language, whatever the region: `hi` and `hi-IN`. */
export function isSameLanguage(one: string, other: string): boolean {
  return languageOf(one) === languageOf(other);
}
