import type { Arguments } from './arguments.ts';
import type { Sentence, Several, Text } from './shape.ts';

export { sentenceSchema, textSchema, type Sentence, type Several, type Text } from './shape.ts';

/** A code of the catalogue of this version. */
export type Code = keyof Arguments;

/** The codes whose messages take no arguments. */
export type PlainCode = { [C in Code]: Record<never, never> extends Arguments[C] ? C : never }[Code];

/** What has to be given beside a code: its arguments, or nothing. */
export type ArgumentsOf<C extends Code> = Record<never, never> extends Arguments[C] ? [] : [args: Arguments[C]];

/** The sentence with this code; which arguments it takes, and of what type, follows from the English message. */
export function sentence<C extends Code>(code: C, ...[args]: ArgumentsOf<C>): Sentence {
  return { code, args: args ?? {} };
}

/** Words that were stored or sent as they are by an earlier version and cannot be changed: shown as quoted. */
export function quoted(text: string): Sentence {
  return sentence('stored.quoted', { text });
}

/** Things in a row, as in a table cell: "A, B, C". */
export function listed(items: readonly Text[]): Several {
  return { joined: 'comma', items };
}

/** All of these: "A, B and C". */
export function allOf(items: readonly Text[]): Several {
  return { joined: 'and', items };
}

/** One of these: "A, B or C". */
export function anyOf(items: readonly Text[]): Several {
  return { joined: 'or', items };
}

/** Sentences one after the other as one: "It failed. Nothing was changed." */
export function inTurn(items: readonly Text[]): Sentence {
  return sentence('language.joined', { parts: { joined: 'sentences', items } });
}

/** Parts of a reason one after the other: "12 texts; most of its rows have a text that is not listed". */
export function inClauses(items: readonly Text[]): Sentence {
  return sentence('language.joined', { parts: { joined: 'clauses', items } });
}

/** Sentences below each other, a line each. */
export function inLines(items: readonly Text[]): Sentence {
  return sentence('language.joined', { parts: { joined: 'lines', items } });
}

/** Whether two sentences say the same: one code with equal arguments. */
export function isSame(one: Sentence, other: Sentence): boolean {
  const [a, b] = [one, other].map(({ code, args }) =>
    JSON.stringify([code, Object.entries(args).toSorted(([x], [y]) => (x < y ? -1 : 1))]),
  );
  return a === b;
}
