import { TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import { isSameLanguage, localeOf, type Catalogue } from './catalogue.ts';
import { intlFor, type Intls } from './intl.ts';
import type { ArgumentsOf, Code } from './sentence.ts';
import type { Argument, Sentence, Several, Text, Translated } from './shape.ts';

/** Everything that turns data into words of one language. */
export interface Language {
  /** BCP 47, for `lang` attributes and for sorting. */
  readonly locale: string;
  /**
   * The words of a sentence, or of a code with its arguments. Never throws: what the catalogue does not know, or what
   * does not fit its message, is shown as code and arguments.
   */
  say: {
    (sentence: Sentence): string;
    <C extends Code>(code: C, ...args: ArgumentsOf<C>): string;
  };
  /** The words of a text: a plain one as it is. */
  words: (text: Text) => string;
}

/** Changes the parsed messages of a language: how a pseudo-language is made. */
type Accent = (message: readonly MessageFormatElement[]) => MessageFormatElement[];

interface Message {
  readonly format: IntlMessageFormat;
  /** Arguments that are moments or days. */
  readonly dates: ReadonlySet<string>;
}

interface Speaker {
  readonly catalogue: Catalogue;
  readonly accent: Accent | null;
  /** Languages the reader wants, the dearest first: for words that are given in more of them than there are catalogues. */
  readonly wanted: readonly string[];
  readonly intls: Intls;
  readonly messages: Map<string, Message>;
}

function datesOf(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.date || element.type === TYPE.time) return [element.value];
    if (element.type !== TYPE.select && element.type !== TYPE.plural) return [];
    return Object.values(element.options).flatMap((option) => datesOf(option.value));
  });
}

/** Reads an ICU message. Markup is plain text here, and a choice may do without `other` where its answers are all known. */
export function parseMessage(message: string, locale: string): MessageFormatElement[] {
  return new IntlMessageFormat(message, locale, undefined, { ignoreTag: true, requiresOtherClause: false }).getAst();
}

function messageFor({ catalogue, accent, intls, messages }: Speaker, code: string): Message | null {
  const known = messages.get(code);
  if (known !== undefined) return known;
  const text = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
  if (text === undefined) return null;
  const locale = localeOf(catalogue);
  const parsed = parseMessage(text, locale);
  const ast = accent === null ? parsed : accent(parsed);
  const format = new IntlMessageFormat(ast, locale, intls.formats, { formatters: intls.formatters });
  const message = { format, dates: new Set(datesOf(parsed)) };
  messages.set(code, message);
  return message;
}

/** A day without a time is that day everywhere; a moment is shown in the time zone of this machine. */
function dateOf(value: string): Date {
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00` : value);
}

function joined(speaker: Speaker, { joined: how, items }: Several): string {
  const words = items.map((item) => textOf(speaker, item));
  if (how === 'lines') return words.join('\n');
  if (how === 'comma' || how === 'and' || how === 'or') return speaker.intls.list(how).format(words);
  const code = how === 'sentences' ? 'language.next' : 'language.clause';
  return words.length === 0
    ? ''
    : words.reduce((first, second) => say(speaker, { code, args: { first, second } })).trim();
}

function translated(speaker: Speaker, { translations, ours }: Translated): string {
  const own = localeOf(speaker.catalogue);
  const given = Object.keys(translations);
  for (const wanted of [...speaker.wanted, own, 'en']) {
    if (ours !== undefined && isSameLanguage(wanted, own)) return say(speaker, ours);
    const found = given.find((name) => name === wanted) ?? given.find((name) => isSameLanguage(name, wanted));
    if (found !== undefined) return translations[found]!;
  }
  return ours === undefined ? (Object.values(translations)[0] ?? '') : say(speaker, ours);
}

function textOf(speaker: Speaker, text: Text): string {
  if (typeof text === 'string') return text;
  if ('code' in text) return say(speaker, text);
  if ('translations' in text) return translated(speaker, text);
  return 'joined' in text ? joined(speaker, text) : speaker.intls.money(text);
}

function valueOf(speaker: Speaker, value: Argument, isDate: boolean): string | number | Date {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  return isDate && typeof value === 'string' ? dateOf(value) : textOf(speaker, value);
}

function say(speaker: Speaker, { code, args }: Sentence): string {
  try {
    const message = messageFor(speaker, code);
    if (message !== null) {
      const values = Object.entries(args).map(([name, value]) => [
        name,
        valueOf(speaker, value, message.dates.has(name)),
      ]);
      return String(message.format.format(Object.fromEntries(values) as Record<string, string | number | Date>));
    }
  } catch {
    // Falls through: a sentence of another version, or a message that does not fit, must not take the page with it.
  }
  return Object.keys(args).length === 0 ? code : `${code} ${JSON.stringify(args)}`;
}

/**
 * Makes the words of a catalogue. `wanted` are the languages its reader asks for, the dearest first. Messages and formats
 * are made when first needed, and kept with the language.
 */
export function createLanguage(
  catalogue: Catalogue,
  { accent = null, wanted = [] }: { readonly accent?: Accent | null; readonly wanted?: readonly string[] } = {},
): Language {
  const locale = localeOf(catalogue);
  const speaker: Speaker = { catalogue, accent, wanted, intls: intlFor(locale), messages: new Map() };
  return {
    locale,
    say: (what: Sentence | string, args: Sentence['args'] = {}) =>
      say(speaker, typeof what === 'string' ? { code: what, args } : what),
    words: (text) => textOf(speaker, text),
  };
}
