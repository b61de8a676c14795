import type { Draft } from './draft.ts';

/** One entry of the form by its name: an attribute, a kind of indicator, or a field of its own. */
export interface EntryChange {
  /** `attributes.money_asked`, `indicators.phone`, or the name of a field such as `safeContact`. */
  readonly name: string;
  readonly before: string;
  /** As saved by somebody else meanwhile. */
  readonly theirs: string;
  readonly mine: string;
}

/** What came of two edits that began from the same version. */
interface Merge {
  /** Both changed it, to different values: a person has to choose. */
  readonly conflicts: readonly EntryChange[];
  /** Only the other edit changed it; taken over. */
  readonly taken: readonly EntryChange[];
}

type Entries = Readonly<Record<string, string>>;

const listSign = '\n';

/** A draft as single entries of text, each of which is chosen as a whole. */
function entriesOf(draft: Draft): Entries {
  const { entries, currencies, indicators, tactics, tactic, needs, atRisk, received: _fixed, ...fields } = draft;
  const named = Object.keys({ ...entries, ...currencies });
  const amounts = named.map((name) => [
    `attributes.${name}`,
    // A currency chosen before any amount says nothing yet.
    [entries[name] ?? '', (entries[name] ?? '') === '' ? '' : (currencies[name] ?? '')].join(' ').trim(),
  ]);
  const typed = Object.entries(indicators).map(([kind, values]) => [
    `indicators.${kind}`,
    values.filter((value) => value !== '').join(listSign),
  ]);
  const tags = [...tactics, tactic.trim()].filter((tag) => tag !== '');
  return {
    ...fields,
    ...Object.fromEntries([...amounts, ...typed]),
    tactics: tags.join(listSign),
    needs: needs.join(listSign),
    atRisk: atRisk ? 'yes' : 'no',
  };
}

/** Compares what was saved meanwhile and what was entered here, both with the version the form was filled from. */
export function mergeOf(original: Draft, theirs: Draft, mine: Draft): Merge {
  const [before, saved, own] = [entriesOf(original), entriesOf(theirs), entriesOf(mine)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(saved), ...Object.keys(own)])];
  const changes = names.flatMap((name): EntryChange[] => {
    const change = { name, before: before[name] ?? '', theirs: saved[name] ?? '', mine: own[name] ?? '' };
    return change.theirs === change.before ? [] : [change];
  });
  return {
    conflicts: changes.filter(({ before: was, theirs: now, mine: typed }) => typed !== was && typed !== now),
    taken: changes.filter(({ before: was, theirs: now, mine: typed }) => typed === was || typed === now),
  };
}

/** Puts one entry of `from` into `into`. */
function withEntry(into: Draft, from: Draft, name: string): Draft {
  const [group, part] = name.split('.') as [string, string | undefined];
  if (part === undefined) {
    if (group === 'tactics') return { ...into, tactics: from.tactics, tactic: from.tactic };
    return { ...into, [group]: from[group as keyof Draft] };
  }
  if (group === 'indicators') {
    const kind = part as keyof Draft['indicators'];
    return { ...into, indicators: { ...into.indicators, [kind]: from.indicators[kind] } };
  }
  const { [part]: _entry, ...entries } = into.entries;
  const { [part]: _currency, ...currencies } = into.currencies;
  const [entry, currency] = [from.entries[part], from.currencies[part]];
  return {
    ...into,
    entries: entry === undefined ? entries : { ...entries, [part]: entry },
    currencies: currency === undefined ? currencies : { ...currencies, [part]: currency },
  };
}

/** The draft to go on with: what was entered here, with what only the other edit changed, and their side where chosen. */
export function merged(mine: Draft, theirs: Draft, merge: Merge, takeTheirs: ReadonlySet<string>): Draft {
  const names = [...merge.taken, ...merge.conflicts.filter(({ name }) => takeTheirs.has(name))].map(({ name }) => name);
  return names.reduce((draft, name) => withEntry(draft, theirs, name), mine);
}

/** How much of a common beginning is left, so that one sees where in the text one is, in characters. */
const contextLength = 60;

/** Where to begin to show two texts that begin alike: at a word, a little before they part; 0 shows them whole. */
export function divergence(one: string, other: string): number {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  if (same < 2 * contextLength) return 0;
  return one.lastIndexOf(' ', same - contextLength) + 1;
}
