/** Most texts kept; columns of numbers hold many. */
const most = 20_000;
/** Most columns hold few texts, and comparing with those takes less than looking them up. */
const usual = 4;

/**
 * Asks `find` once for every text as long as there are not too many of them: the cells of a column repeat themselves.
 * What is found must follow from the text; `from` is where it stands.
 */
export function memoized<From, T extends object | string | null>(
  find: (text: string, from: From) => T,
): (text: string, from: From) => T {
  const known = new Map<string, T>();
  const [texts, found]: [string[], T[]] = [[], []];
  const ask = (text: string, from: From): T => {
    const fresh = find(text, from);
    if (texts.length < usual) found[texts.push(text) - 1] = fresh;
    if (known.size >= most) known.clear();
    known.set(text, fresh);
    return fresh;
  };
  return (text, from) => {
    for (let k = 0; k < texts.length; k++) if (texts[k] === text) return found[k]!;
    const there = known.get(text);
    return there === undefined ? ask(text, from) : there;
  };
}

/** Two texts as one that no other two give. */
export function textOfTwo(first: string, second: string): string {
  return `${first.length} ${first}${second}`;
}
