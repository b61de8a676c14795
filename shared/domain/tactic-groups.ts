import { normaliseTactic, type Synonyms } from './tactics.ts';

/** Words that say that something was paid or asked for, but not what: sharing one does not make two tags the same. */
const genericWords = new Set(
  'a an and app asked by call caller code collect for from in link money of on or paid pay paying payment payments request requested scam the to transfer used via with'.split(
    ' ',
  ),
);

/** Longest edit distance (insert, delete, replace, swap of neighbours) at which two words count as one mistyped. */
function mayBeTypo(a: string, b: string): boolean {
  const longer = Math.max(a.length, b.length);
  return longer >= 6 && editDistance(a, b) <= (longer >= 12 ? 2 : 1);
}

/** Optimal string alignment distance (Damerau-Levenshtein without repeated edits of one substring). */
export function editDistance(a: string, b: string): number {
  const s = [...a];
  const t = [...b];
  let before: number[] = [];
  let previous = t.map((_, j) => j).concat(t.length);
  for (let i = 1; i <= s.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= t.length; j += 1) {
      const cost = s[i - 1] === t[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && s[i - 1] === t[j - 2] && s[i - 2] === t[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[t.length]!;
}

function distinctiveWords(tag: string): string[] {
  return tag.split('_').filter((word) => word.length > 1 && !genericWords.has(word));
}

function belongTogether(a: string, b: string): boolean {
  const left = distinctiveWords(a);
  const right = distinctiveWords(b);
  if (left.some((word) => right.includes(word))) {
    // One distinctive word in common joins only tags that have no other: "bank_website" is not "bank_transfer".
    return left.every((w) => right.includes(w)) || right.every((w) => left.includes(w));
  }
  return mayBeTypo(a, b) || (left.length === 1 && right.length === 1 && mayBeTypo(left[0]!, right[0]!));
}

/** A set of spellings taken for one tactic, and the spelling that names it. */
export interface TacticGroup {
  readonly tag: string;
  readonly spellings: readonly string[];
  readonly count: number;
}

function nameOf(members: ReadonlyMap<string, number>): string {
  const counts = new Map<string, number>();
  for (const [tag, n] of members) counts.set(tag, n);
  // The most frequent spelling of more than one word reads best ("upi_payment" rather than "upi"); else the most frequent.
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const total = ranked.reduce((sum, [, n]) => sum + n, 0);
  return (ranked.find(([tag, n]) => tag.includes('_') && n >= total / 20) ?? ranked[0]!)[0];
}

/**
 * Groups spellings of one tactic: known synonyms first, then tags that share all distinctive words of the shorter one or
 * differ by a typing mistake. Understood tags stay by themselves. Input: tag -> cases; order of input does not matter.
 */
export function groupTactics(
  counts: ReadonlyMap<string, number>,
  understood: ReadonlySet<string>,
  synonyms: Synonyms = {},
): TacticGroup[] {
  const merged = new Map<string, number>();
  for (const [tag, n] of counts) {
    const canonical = normaliseTactic(tag, synonyms);
    merged.set(canonical, (merged.get(canonical) ?? 0) + n);
  }
  const groups: Map<string, number>[] = [];
  for (const [tag, n] of [...merged].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const fits = understood.has(tag)
      ? []
      : groups.filter(
          (g) => [...g.keys()].every((m) => !understood.has(m)) && [...g.keys()].some((m) => belongTogether(m, tag)),
        );
    const home = fits[0] ?? new Map<string, number>();
    if (fits.length === 0) groups.push(home);
    for (const other of fits.slice(1)) {
      for (const [m, k] of other) home.set(m, k);
      groups.splice(groups.indexOf(other), 1);
    }
    home.set(tag, n);
  }
  return groups
    .map((g) => ({
      tag: nameOf(g),
      spellings: [...g.keys()].sort(),
      count: [...g.values()].reduce((a, b) => a + b, 0),
    }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}

/** Synonyms that map every spelling of the groups to the group's tag, added to those known. */
export function synonymsOf(groups: readonly TacticGroup[], known: Synonyms = {}): Record<string, string> {
  const result: Record<string, string> = { ...known };
  for (const group of groups)
    for (const spelling of group.spellings) if (spelling !== group.tag) result[spelling] = group.tag;
  return result;
}
