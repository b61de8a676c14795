import { tagOf } from './tactics.ts';

/** Words of addresses and handles that name nobody. */
const common = new Set(
  'com org net www http https mail email gmail yahoo outlook phone mobile call the and road street'.split(' '),
);

/** Names shorter than this are too common as parts of other words to be looked for inside them. */
const insideLength = 5;

function wordsOf(text: string): string[] {
  // Without marks and case: the same name is typed in many ways.
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return tagOf(plain)
    .split('_')
    .filter((word) => word !== '' && !/^\p{N}+$/u.test(word));
}

function isName(word: string): boolean {
  const letters = [...word].length;
  // In scripts that write more with a letter two are a name already.
  return letters >= (/^[\p{Script=Latin}\p{N}]+$/u.test(word) ? 3 : 2) && !common.has(word);
}

/**
 * Tells whether a tag or value names somebody of its case: a word of the texts given (resident, contact, place,
 * reference), alone, run together with another, or inside a longer word. `known` are tags that may leave in any case, such
 * as those the centre lists: their words name nobody.
 */
export function personalWords(texts: readonly string[], known: Iterable<string> = []): (tag: string) => boolean {
  const harmless = new Set([...known].flatMap((tag) => tag.split('_')));
  const names = new Set(texts.flatMap(wordsOf).filter((word) => isName(word) && !harmless.has(word)));
  return (tag) => {
    const words = wordsOf(tag);
    const joined = words.join('');
    return (
      words.some((word) => names.has(word)) ||
      [...names].some((name) => [...name].length >= insideLength && joined.includes(name))
    );
  };
}
