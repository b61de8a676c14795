import en from '../../shared/language/en.json' with { type: 'json' };
import { createLanguage } from '../../shared/language/language.ts';
import { sentenceSchema, type Sentence, type Text } from '../../shared/language/sentence.ts';

const english = createLanguage(en);

/** The English words of a sentence, or of what may stand in one. */
export const inEnglish = (text: Text): string => english.words(text);

/** Everything a timeline says, in English. */
export function wordsIn(
  timeline: readonly { readonly sentence: Sentence | null; readonly score: Sentence | null }[],
): string {
  return timeline
    .flatMap(({ sentence, score }) => [sentence, score])
    .filter((one) => one !== null)
    .map(inEnglish)
    .join(' ');
}

/** The English words of a sentence, of an error (ours, or one that came over a line), or of a text. */
function wordsOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  const { sentence, data } = value as { sentence?: unknown; data?: { sentence?: unknown } };
  for (const candidate of [value, sentence, data?.sentence]) {
    const read = sentenceSchema.safeParse(candidate);
    if (read.success) return english.say(read.data);
  }
  return value instanceof Error ? value.message : null;
}

/**
 * Matches what says these words in English: a sentence, an error, a text. For `toThrow`, and wherever Vitest takes an
 * asymmetric matcher.
 */
export function saying(expected: string | RegExp): any {
  const holds = (value: unknown): boolean => {
    const words = wordsOf(value);
    return words !== null && (typeof expected === 'string' ? words.includes(expected) : expected.test(words));
  };
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: holds,
    toString: () => 'saying',
    getExpectedType: () => 'string',
    toAsymmetricMatcher: () => `saying ${String(expected)}`,
  };
}
