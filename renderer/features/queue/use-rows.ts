import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { CaseRow } from '../../../shared/contract/views.ts';
import type { Client } from '../../transport/client.ts';
import { problemOf, type Problem } from '../../transport/problem.ts';
import { useServices } from '../../hooks/services.ts';
import type { Show } from '../../stores/view.ts';
import { steadyRows } from './items.ts';

/** Rows read at first, and the most the contract gives at once. */
const firstPage = 300;
const nextPage = 5000;

export interface Rows {
  readonly rows: readonly CaseRow[];
  readonly total: number;
  /** More cases have the words of the search than were looked at. */
  readonly cut: boolean;
  readonly counts: { readonly open: number; readonly mine: number; readonly done: number } | null;
  readonly problem: Problem | null;
  /** False until the first answer for this list and search. */
  readonly ready: boolean;
  /** Reads further rows when there are any; call it when the end of what is read comes near. */
  readonly more: () => void;
}

const nothing = { rows: [], total: 0, cut: false, counts: null } as const;

type Page = Pick<Rows, 'rows' | 'total' | 'cut'> & {
  /** Which list and search these rows are of. */
  readonly key: string;
  readonly counts: NonNullable<Rows['counts']>;
};

function keyOf(show: Show, search: string): string {
  return `${show}\n${search}`;
}

/** Reads the first `count` rows, in as many calls as it takes. */
async function readRows(client: Client, show: Show, search: string, count: number): Promise<Page> {
  const ask = (limit: number, offset: number) => client.cases.list({ show, search, limit, offset });
  let page = await ask(Math.min(count, nextPage), 0);
  const rows = [...page.rows];
  while (rows.length < Math.min(count, page.total) && page.rows.length > 0) {
    page = await ask(Math.min(nextPage, count - rows.length), rows.length);
    rows.push(...page.rows);
  }
  const { total, cut, counts } = page;
  return { key: keyOf(show, search), rows, total, cut, counts };
}

/** Rows that have not changed stay the same objects, so that only the others are drawn again. */
function steady(before: Page | undefined, now: Page): Page {
  if (before === undefined || before === now || before.key !== now.key) return now;
  if (before.rows.length > now.rows.length + 200) return now;
  const rows = steadyRows(before.rows, now.rows);
  const same = rows.length === before.rows.length && rows.every((row, i) => row === before.rows[i]);
  return { ...now, rows: same ? before.rows : rows };
}

/**
 * The rows of a list, read as far as they were looked at. Rows stay in place while they are read again after a change,
 * and while another list or search is on its way.
 */
export function useRows(show: Show, search: string): Rows {
  const { client } = useServices();
  const key = keyOf(show, search);
  const wanted = useRef({ key, rows: firstPage });
  if (wanted.current.key !== key) wanted.current = { key, rows: firstPage };
  const query = useQuery({
    queryKey: ['rows', show, search],
    queryFn: () => readRows(client, show, search, wanted.current.rows),
    meta: { topics: ['cases'] },
    placeholderData: keepPreviousData,
    structuralSharing: (before, now) => steady(before as Page | undefined, now as Page),
  });
  const { rows, total, cut, counts } = query.data ?? nothing;
  const ready = query.data !== undefined || query.isError;
  const more = (): void => {
    if (!ready || query.isFetching || rows.length >= total || wanted.current.rows > rows.length) return;
    wanted.current = { key, rows: rows.length + nextPage };
    void query.refetch();
  };
  return { rows, total, cut, counts, problem: query.error === null ? null : problemOf(query.error), ready, more };
}
