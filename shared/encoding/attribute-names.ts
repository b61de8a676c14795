function letterName(letter: string): string {
  if (/[a-z0-9]/.test(letter)) return letter;
  return letter.codePointAt(0)! < 128 ? '_' : `u${letter.codePointAt(0)!.toString(16)}`;
}

const longestName = 60;

/** FNV-1a (Fowler, Noll, Vo 1991) over the UTF-16 units of a text, 32 bits in hex. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Attribute name of a column header: lower case, other signs as `_`, letters beyond ASCII as `u` and their number, `c_`
 * before anything that does not begin with a letter; at most 60 characters, the last nine of longer
 * ones telling them apart. Empty headers give `c_`.
 */
export function attributeNameOf(header: string): string {
  const name = Array.from(header.trim().toLowerCase(), letterName)
    .join('')
    .replaceAll(/_+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const whole = /^[a-z]/.test(name) ? name : `c_${name}`;
  // Scripts beyond ASCII take five signs a letter: two long headers must not become one name where they are cut.
  return whole.length <= longestName ? whole : `${whole.slice(0, longestName - 9)}_${hashOf(whole)}`;
}

/** Attribute name of a column whose header gives the same name as another one's: C++ beside C#, with a hash of its own. */
export function ownNameOf(header: string): string {
  return `${attributeNameOf(header).slice(0, longestName - 9)}_${hashOf(header.trim())}`;
}
