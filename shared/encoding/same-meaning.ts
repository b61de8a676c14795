import type { Attribute } from './schema.ts';

/** What makes two attributes of one name two things. */
type Difference = 'kind' | 'unit' | 'tag' | 'values';

/** Two lists without one value in common are not of one question: codes of one office, words of another. */
function sharesNone(a: readonly string[], b: readonly string[]): boolean {
  const own = new Set(a);
  return !b.some((value) => own.has(value));
}

/**
 * In what two attributes of one name differ so that an answer to one is none to the other; null when it can be read as
 * one. Ranges, bins and further values do not count: each answer is held to those of the schema it is read under. Money
 * is recorded with its currency.
 */
export function differenceOf(a: Attribute, b: Attribute): Difference | null {
  switch (a.kind) {
    case 'boolean':
    case 'money':
      return b.kind === a.kind ? null : 'kind';
    case 'number':
      if (b.kind !== a.kind) return 'kind';
      return a.unit === b.unit ? null : 'unit';
    case 'tactic':
      if (b.kind !== a.kind) return 'kind';
      return a.tag === b.tag ? null : 'tag';
    case 'category':
      if (b.kind !== a.kind) return 'kind';
      return sharesNone(a.values, b.values) ? 'values' : null;
    default:
      a satisfies never;
      return 'kind';
  }
}
