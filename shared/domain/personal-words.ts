import anyAscii from 'any-ascii';
import { tagOf } from './tactics.ts';

/** Words of addresses, handles and instructions that name nobody. */
const common = new Set(
  `com org net www http https mail email gmail yahoo outlook phone mobile call calls ring rings knock ask asks door bell
  number twice once before after between until only please leave message speak talk morning noon afternoon evening night
  monday tuesday wednesday thursday friday saturday sunday the and for not from with road street house home work office
  neighbour neighbor son daughter wife husband brother sister mother father friend nephew niece never text write visit
  at by in of on or to no so if as is it an am pm me my we us he do go up via`.split(/\s+/),
);

/** Names shorter than this are too common as parts of other words to be looked for inside them. */
const insideLength = 5;
/** Consonants that tell a name in another script apart inside a longer word. */
const insideConsonants = 3;

const isLatin = (word: string): boolean => /^[\p{Script=Latin}\p{N}]+$/u.test(word);

function wordsOf(text: string): string[] {
  // Without marks and case: the same name is typed in many ways.
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return tagOf(plain)
    .split('_')
    .filter((word) => word !== '' && !/^\p{N}+$/u.test(word));
}

/**
 * What of a word is written alike in every script: its consonants as Latin letters. Vowels are left out, since many
 * scripts do not write them and spellings differ in them (कमला, Kamala, Kamla).
 */
function consonantsOf(word: string): string {
  return anyAscii(word)
    .toLowerCase()
    .replace(/ph/g, 'f')
    .replace(/[^b-df-gj-np-tv-xz]/g, '')
    .replace(/[cq]/g, 'k')
    .replace(/w/g, 'v')
    .replace(/z/g, 's')
    .replace(/(.)\1+/g, '$1');
}

interface Name {
  readonly latin: boolean;
  readonly ascii: string;
  readonly consonants: string;
}

function nameOf(word: string): Name {
  return { latin: isLatin(word), ascii: anyAscii(word).toLowerCase(), consonants: consonantsOf(word) };
}

/** Whether two words in different scripts may be the same name. */
function sameAcrossScripts(one: Name, other: Name): boolean {
  if (one.latin === other.latin) return false;
  if (one.ascii === other.ascii) return true;
  const [within, name] = [one.consonants, other.consonants];
  if (name.length >= insideConsonants) return within.startsWith(name) || within.endsWith(name);
  return name.length >= 2 && within === name;
}

/**
 * Tells whether a tag or value names somebody of its case: a word of the texts given (resident, contact, place,
 * reference, how to make contact), alone, run together with another, inside a longer word, or written in another script.
 * `known` are tags that may leave in any case, such as those the centre lists: their words name nobody.
 */
export function personalWords(texts: readonly string[], known: Iterable<string> = []): (tag: string) => boolean {
  const harmless = new Set([...known].flatMap((tag) => tag.split('_')));
  const isName = (word: string): boolean => [...word].length >= 2 && !common.has(word) && !harmless.has(word);
  const names = new Set(texts.flatMap(wordsOf).filter(isName));
  const spelled = [...names].map(nameOf);
  return (tag) => {
    const words = wordsOf(tag).filter((word) => !harmless.has(word));
    const joined = wordsOf(tag).join('');
    return (
      words.some((word) => names.has(word)) ||
      [...names].some((name) => [...name].length >= insideLength && joined.includes(name)) ||
      words.map(nameOf).some((word) => spelled.some((name) => sameAcrossScripts(word, name)))
    );
  };
}
