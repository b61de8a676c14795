import type { CaseRow } from '../../../shared/contract/views.ts';
import { text } from '../../strings.ts';

/** A line of the list: a group heading or a case. */
export type Item =
  | { readonly kind: 'group'; readonly group: CaseRow['group']; readonly count: number | null }
  | { readonly kind: 'case'; readonly row: CaseRow };

/**
 * Puts a heading before each group of rows, which come in group order. A group's size is known once the next group
 * has begun or everything is read; `total` counts the rows that exist, which settles the last group.
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
      const settled = group !== last || rows.length >= total;
      items.push({ kind: 'group', group, count: settled ? (sizes.get(group) ?? 0) : null });
    }
    items.push({ kind: 'case', row });
  }
  return items;
}

/** Title of a group and what stands beside it. */
export function groupWords(
  group: CaseRow['group'],
  count: number | null,
  unseenDays: number,
): { readonly title: string; readonly beside: string } {
  const words = text.queue;
  const size = count ?? 0;
  switch (group) {
    case 'urgent':
      return { title: words.urgent, beside: count === null ? '' : words.urgentBeside(size) };
    case 'unseen':
      return { title: words.unseen(unseenDays), beside: count === null ? '' : words.casesCount(size) };
    case 'next':
      return { title: words.next, beside: count === null ? '' : words.nextBeside(size) };
    case 'done':
      return { title: words.done, beside: count === null ? '' : words.casesCount(size) };
  }
}

/** Id of the case `by` steps from the selected one; the first (or last) when none is selected; stays at the ends. */
export function moved(rows: readonly CaseRow[], selected: string | null, by: number): string | null {
  if (rows.length === 0) return null;
  const at = rows.findIndex((row) => row.id === selected);
  if (at < 0) return (by > 0 ? rows[0] : rows.at(-1))?.id ?? null;
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.id ?? null;
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

/** The reasons that fit into a row: two, joined by commas. */
export function reasonsText(row: CaseRow): string {
  return row.reasons.slice(0, 2).join(', ') || text.queue.noReasons;
}
