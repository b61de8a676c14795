import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentsOf, argumentsSource } from '../../../../build/language/arguments.ts';
import { readCatalogues, programLanguage } from '../../../../platform/language/catalogues.ts';
import { catalogueSchema, localeOf } from '../../../../shared/language/catalogue.ts';

const TOP = join(import.meta.dirname, '../../../..');
const folder = join(TOP, 'shared', 'language');
const catalogues = readCatalogues(folder);
const [source] = catalogues;

it('the source is a catalogue like the others', () => {
  expect(catalogueSchema.parse(source)).toEqual(source);
});

/** Every text in the sources that looks like a code, and every beginning of one that is composed. */
function codesInUse(): { whole: Set<string>; beginnings: string[] } {
  const files = globSync('{shared,platform,electron,renderer,registry,learning}/**/*.{ts,tsx}', { cwd: TOP });
  const texts = files
    .filter((file) => !file.endsWith('language/arguments.ts'))
    .map((file) => readFileSync(join(TOP, file), 'utf8'))
    .join('\n');
  const found = (pattern: RegExp): string[] => [...texts.matchAll(pattern)].map((one) => one[1]!);
  return {
    whole: new Set(found(/['"`]([a-z][a-z0-9_]*\.[a-z0-9_]+)['"`]/g)),
    beginnings: found(/`([a-z][a-z0-9_]*\.[a-z0-9_]*)\$\{/g),
  };
}

describe('the catalogues', () => {
  it('have arguments of types that were made from the English messages as they are now', () => {
    expect(readFileSync(join(folder, 'arguments.ts'), 'utf8'), 'run npm run language').toBe(argumentsSource(source));
  });

  it('are sorted, so that two changes meet only where they touch the same words', () => {
    expect(Object.keys(source)).toEqual(Object.keys(source).toSorted());
  });

  it('have no message that nothing says', () => {
    const { whole, beginnings } = codesInUse();
    const unused = Object.keys(source).filter(
      (code) => !whole.has(code) && !beginnings.some((beginning) => code.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  it.each(catalogues.map((one) => [localeOf(one), one] as const))(
    '%s has all codes with the same arguments',
    (_, one) => {
      expect(Intl.getCanonicalLocales(localeOf(one))).toEqual([localeOf(one)]);
      expect(argumentsOf(one)).toEqual(argumentsOf(source));
    },
  );
});

describe('the types of arguments', () => {
  const made = (message: string): string =>
    argumentsSource({ 'language.locale': 'en-GB', 'a.b': message }).match(/'a\.b': (.*);/)![1]!;

  it.each([
    ['Nothing.', 'Nothing'],
    ['{name} is here', '{ readonly name: Text }'],
    ['{n, plural, one {# case} other {# cases of {name}}}', '{ readonly n: number; readonly name: Text }'],
    ['{share, number, ::percent}', '{ readonly share: number }'],
    ['{at, date, medium}, {at, time, short}', '{ readonly at: string }'],
    ['{v, select, scam {a} unclear {b}}', "{ readonly v: 'scam' | 'unclear' }"],
    ['{v, select, scam {a} other {b}}', '{ readonly v: string }'],
    ['{v, select, true {a} false {b}}', '{ readonly v: boolean }'],
  ])('of “%s”', (message, expected) => expect(made(message)).toBe(expected));

  it('refuse messages that cannot be read or contradict themselves', () => {
    expect(() => made('{n, plural, one {# case}')).toThrow();
    expect(() => made('{n} of {n, number}')).toThrow(/\{n\} is both/);
  });
});

it('a program speaks the language it is asked for, else that of the system, else English', () => {
  expect(programLanguage(folder, { OUTPOST_LANGUAGE: 'en-XA' }).say('errors.no_model')).toMatch(/^⟦/);
  expect(programLanguage(folder, {}).say('errors.no_model')).toBe(source['errors.no_model']);
});
