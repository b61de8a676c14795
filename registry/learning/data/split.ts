import { OutpostError } from '../../../shared/errors/index.ts';
import type { Dataset } from '../dataset.ts';
import { allRows, type Rows } from '../frame.ts';
import { createRandom } from '../random.ts';
import type { SplitRule } from '../settings.ts';

/** Rows to learn from and rows to judge by, both ascending; `cut` is the first day of the latter when time decides. */
export interface Split {
  readonly train: Rows;
  readonly holdOut: Rows;
  readonly cut: string | null;
}

type Splittable = Pick<Dataset, 'frame' | 'received' | 'scammers'>;

/** First day of the latest `share` of the rows. */
function cutOf(received: readonly (string | null)[], share: number): string {
  const days = received.filter((day) => day !== null).toSorted();
  return days[Math.min(days.length - 1, Math.floor(days.length * (1 - share)))]!;
}

function byTime({ frame, received }: Splittable, cut: string | null, share: number): Split {
  if (received.some((day) => day === null) || received.length === 0) {
    throw new OutpostError('BAD_INPUT', 'Splitting by time needs a date for every row. Name its column with --time.');
  }
  const day = cut ?? cutOf(received, share);
  const all = allRows(frame);
  const train = all.filter((i) => received[i]! < day);
  const seen = new Set(Array.from(train, (i) => frame.incidents[i]!));
  // A later case of an incident that is learned from is left out of both: the model has seen its twin.
  const holdOut = all.filter((i) => received[i]! >= day && !seen.has(frame.incidents[i]!));
  return { train, holdOut, cut: day };
}

/** Number of the group each row belongs to, when rows that share any of the given numbers belong together. */
function groupsOf(rows: number, memberships: readonly Int32Array[]): Int32Array {
  const parent = Int32Array.from({ length: rows }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  for (const numbers of memberships) {
    const first = new Map<number, number>();
    for (let i = 0; i < rows; i++) {
      const other = first.get(numbers[i]!);
      if (other === undefined) first.set(numbers[i]!, i);
      else parent[root(i)] = root(other);
    }
  }
  return parent.map((_, i) => root(i));
}

/** Deals whole groups out at random until `share` of each label's groups (by their first row) are held out. */
function byGroup({ frame }: Splittable, groups: Int32Array, share: number, seed: number): Split {
  const random = createRandom(seed);
  const members = new Map<number, number>();
  groups.forEach((group, i) => members.set(group, members.get(group) ?? frame.labels[i]!));
  const held = new Set<number>();
  for (const label of [0, 1]) {
    const list = [...members].flatMap(([group, of]) => (of === label ? [group] : []));
    for (let i = list.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    for (const group of list.slice(0, Math.round(share * list.length))) held.add(group);
  }
  const all = allRows(frame);
  return {
    train: all.filter((i) => !held.has(groups[i]!)),
    holdOut: all.filter((i) => held.has(groups[i]!)),
    cut: null,
  };
}

/**
 * Splits a dataset by a rule. Rows of one incident never sit on both sides; by `scammer`, neither do rows of one
 * scammer. `random` and `incident` deal out incidents evenly by label. Throws BAD_INPUT when time is asked for and a row
 * has none.
 */
export function splitRows(dataset: Splittable, rule: SplitRule, seed: number): Split {
  const { frame, scammers } = dataset;
  switch (rule.by) {
    case 'none':
      return { train: allRows(frame), holdOut: new Uint32Array(0), cut: null };
    case 'time':
      return byTime(dataset, rule.cut, rule.share);
    case 'incident':
    case 'random':
      return byGroup(dataset, groupsOf(frame.rows, [frame.incidents]), rule.share, seed);
    case 'scammer':
      return byGroup(dataset, groupsOf(frame.rows, [frame.incidents, scammers]), rule.share, seed);
  }
}
