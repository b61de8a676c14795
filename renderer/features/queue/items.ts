import type { CaseRow } from '../../../shared/contract/views.ts';
import { sentence, type Sentence, type Text } from '../../../shared/language/sentence.ts';

/** A line of the list: a group heading or a case. */
export type Item =
  | { readonly kind: 'group'; readonly group: CaseRow['group']; readonly count: number | null }
  | { readonly kind: 'case'; readonly row: CaseRow };

/**
 * Puts a heading before each group of rows, which come in group order. A group's size is known once the next group
 * has begun. `next` and `done` end their lists, so that `total`, which counts the rows that exist, settles them; the
 * size of another group that may go on is null.
 */
export function itemsOf(rows: readonly CaseRow[], total: number): Item[] {
  const sizes = new Map<CaseRow['group'], number>();
  for (const row of rows) sizes.set(row.group, (sizes.get(row.group) ?? 0) + 1);
  const last = rows.at(-1)?.group;
  const items: Item[] = [];
  let group: CaseRow['group'] | null = null;
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      const read = sizes.get(group) ?? 0;
      const goesOn = group === last && rows.length < total;
      const ends = group === 'next' || group === 'done';
      items.push({ kind: 'group', group, count: !goesOn ? read : ends ? read + total - rows.length : null });
    }
    items.push({ kind: 'case', row });
  }
  return items;
}

/** Title of a group and what stands beside it, where its size is known. */
export function groupWords(
  group: CaseRow['group'],
  count: number | null,
  unseenDays: number,
): { readonly title: Sentence; readonly beside: Sentence | null } {
  switch (group) {
    case 'urgent':
      return {
        title: sentence('window_queue.urgent'),
        beside: count === null ? null : sentence('window_queue.urgent_beside', { count }),
      };
    case 'next':
      return {
        title: sentence('window_queue.next'),
        beside: count === null ? null : sentence('window_queue.next_beside', { count }),
      };
    case 'unseen':
    case 'done':
      return {
        title: group === 'done' ? sentence('window_queue.done') : sentence('window_queue.unseen', { days: unseenDays }),
        beside: count === null ? null : sentence('window_queue.cases_count', { count }),
      };
  }
}

/**
 * Id of the case `by` steps from the selected one; the first (or last) when none is selected; stays at the ends. A
 * selected case that has left the list since, as by its outcome, counts from `left`, the index it had there.
 */
export function moved(
  rows: readonly CaseRow[],
  selected: string | null,
  by: number,
  left: number | null = null,
): string | null {
  if (rows.length === 0) return null;
  const within = (index: number): string | null => rows[Math.min(rows.length - 1, Math.max(0, index))]?.id ?? null;
  const at = rows.findIndex((row) => row.id === selected);
  if (at >= 0) return within(at + by);
  // The row that came next stands at the very index the case has left.
  if (selected !== null && left !== null) return within(by > 0 ? left + by - 1 : left + by);
  return within(by > 0 ? 0 : rows.length - 1);
}

/** The one currency all stakes share, or null when they differ or there is none. */
export function sharedCurrency(rows: readonly CaseRow[]): string | null {
  let shared: string | null = null;
  for (const row of rows) {
    if (row.stake === null) continue;
    if (shared !== null && shared !== row.stake.currency) return null;
    shared = row.stake.currency;
  }
  return shared;
}

/**
 * What a row says in words, in parts that are shown whole or not at all, the most telling first: the outcome when there
 * is one, then the first two reasons. Each later part begins with what joins it to the one before.
 */
export function reasonParts(row: CaseRow): Text[] {
  if (row.scoreHidden) return [sentence('window_verdict.long_later')];
  const [first, second] = row.reasons;
  const outcome = row.outcome === null ? [] : [sentence(`window_case.outcomes_${row.outcome}`)];
  if (first === undefined) return outcome;
  const lead = outcome.length === 0 ? first : sentence('window_queue.outcome_reason', { reason: first });
  return [
    ...outcome,
    lead,
    ...(second === undefined ? [] : [sentence('window_queue.next_reason', { reason: second })]),
  ];
}

/** Length of the longest reference in characters, 6 to 14: the list reserves its width for all rows alike. */
export function referenceLength(rows: readonly CaseRow[]): number {
  return Math.min(
    14,
    rows.reduce((longest, row) => Math.max(longest, row.reference.length), 6),
  );
}

const groupOrder: readonly CaseRow['group'][] = ['urgent', 'unseen', 'next', 'done'];

/** Where a new row goes: behind its neighbour when that is of its group, else to the start of its group. */
function placeFor(rows: readonly CaseRow[], row: CaseRow, neighbour: CaseRow | undefined): number {
  const beside = rows.findIndex((one) => one.id === neighbour?.id);
  if (beside >= 0 && rows[beside]?.group === row.group) return beside + 1;
  const order = groupOrder.indexOf(row.group);
  const at = rows.findIndex((one) => groupOrder.indexOf(one.group) >= order);
  return at < 0 ? rows.length : at;
}

/**
 * Rows read again, in the order they already stand in: looking at a case makes it seen, and must not pull it away
 * under the hands of whoever moves through the list. Rows that are gone go, new ones join their group, and a change
 * of group other than having been seen is followed at once.
 */
export function steadyRows(before: readonly CaseRow[], after: readonly CaseRow[]): CaseRow[] {
  const fresh = new Map(after.map((row) => [row.id, row]));
  const steady: CaseRow[] = [];
  const kept = new Set<string>();
  for (const old of before) {
    const row = fresh.get(old.id);
    if (row === undefined) continue;
    const onlySeen = old.group === 'unseen' && row.group === 'next';
    if (row.group !== old.group && !onlySeen) continue;
    steady.push(onlySeen ? { ...row, group: 'unseen' } : row);
    kept.add(row.id);
  }
  for (const [index, row] of after.entries()) {
    if (!kept.has(row.id)) steady.splice(placeFor(steady, row, after[index - 1]), 0, row);
  }
  return steady;
}
