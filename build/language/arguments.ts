import { TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { localeOf, type Catalogue } from '../../shared/language/catalogue.ts';
import { parseMessage } from '../../shared/language/language.ts';

const kinds = {
  [TYPE.argument]: 'Text',
  [TYPE.number]: 'number',
  [TYPE.plural]: 'number',
  [TYPE.date]: 'string',
  [TYPE.time]: 'string',
} as const;

/** A choice without `other` takes the answers it names, one with it takes any text. */
function choices(names: readonly string[]): string {
  if (names.includes('other')) return names.includes('true') ? 'boolean' : 'string';
  if (names.toSorted().join() === 'false,true') return 'boolean';
  return names.map((name) => `'${name}'`).join(' | ');
}

function collect(elements: readonly MessageFormatElement[], into: Map<string, string>, code: string): void {
  const take = (name: string, type: string): void => {
    const known = into.get(name);
    if (known !== undefined && known !== type) {
      throw new Error(`${code}: {${name}} is both ${known} and ${type}; give them two names.`);
    }
    into.set(name, type);
  };
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound || element.type === TYPE.tag) continue;
    if (element.type === TYPE.select) take(element.value, choices(Object.keys(element.options)));
    else take(element.value, kinds[element.type]);
    if (element.type !== TYPE.select && element.type !== TYPE.plural) continue;
    for (const option of Object.values(element.options)) collect(option.value, into, code);
  }
}

/** Names and types of what each message takes; throws for a message that cannot be read or contradicts itself. */
export function argumentsOf(catalogue: Catalogue): Map<string, Map<string, string>> {
  const locale = localeOf(catalogue);
  return new Map(
    Object.entries(catalogue).map(([code, message]) => {
      const into = new Map<string, string>();
      collect(parseMessage(message, locale), into, code);
      return [code, new Map([...into].toSorted(([a], [b]) => (a < b ? -1 : 1)))];
    }),
  );
}

/** The file `shared/language/arguments.ts`. */
export function argumentsSource(catalogue: Catalogue): string {
  const lines = [...argumentsOf(catalogue)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, args]) => {
      const fields = [...args].map(([name, type]) => `readonly ${name}: ${type}`).join('; ');
      return `  '${code}': ${fields === '' ? 'Nothing' : `{ ${fields} }`};`;
    });
  return [
    '// Made from en.json by `npm run language`; a test fails when it is out of date.',
    "import type { Text } from './shape.ts';",
    '',
    'type Nothing = Record<never, never>;',
    '',
    '/** What the message of each code takes. */',
    'export interface Arguments {',
    ...lines,
    '}',
    '',
  ].join('\n');
}
