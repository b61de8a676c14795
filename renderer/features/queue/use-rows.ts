import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseRow } from '../../../shared/contract/views.ts';
import { problemOf, type Problem } from '../../problem.ts';
import { useServices } from '../../services.ts';
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

type Loaded = Omit<Rows, 'more'>;
const nothing: Loaded & { readonly key: string } = {
  key: '',
  rows: [],
  total: 0,
  cut: false,
  counts: null,
  problem: null,
  ready: false,
};

/**
 * The rows of a list, read as far as they were looked at. Rows stay in place while they are read again after a change,
 * and while another list or search is on its way.
 */
export function useRows(show: Show, search: string): Rows {
  const { client, queries } = useServices();
  const version = useStore(queries, (state) => state.versions.cases);
  const [loaded, setLoaded] = useState(nothing);
  const key = `${show}\n${search}`;
  const turn = useRef(0);
  const wanted = useRef({ key: '', rows: firstPage });

  const readTo = async (count: number): Promise<void> => {
    const mine = ++turn.current;
    try {
      const rows: CaseRow[] = [];
      let page = await client.cases.list({ show, search, limit: Math.min(count, nextPage), offset: 0 });
      rows.push(...page.rows);
      while (rows.length < Math.min(count, page.total) && page.rows.length > 0 && mine === turn.current) {
        page = await client.cases.list({
          show,
          search,
          limit: Math.min(nextPage, count - rows.length),
          offset: rows.length,
        });
        rows.push(...page.rows);
      }
      if (mine !== turn.current) return;
      const { total, cut, counts } = page;
      setLoaded((before) => ({
        key,
        rows: before.key === key && before.rows.length <= rows.length + 200 ? steadyRows(before.rows, rows) : rows,
        total,
        cut,
        counts,
        problem: null,
        ready: true,
      }));
    } catch (error) {
      if (mine === turn.current) setLoaded((before) => ({ ...before, problem: problemOf(error), ready: true }));
    }
  };
  const readAgain = useEffectEvent(readTo);

  useEffect(() => {
    if (wanted.current.key !== key) wanted.current = { key, rows: firstPage };
    void readAgain(wanted.current.rows);
  }, [key, version]);

  const more = (): void => {
    if (!loaded.ready || loaded.rows.length >= loaded.total || wanted.current.rows > loaded.rows.length) return;
    wanted.current.rows = loaded.rows.length + nextPage;
    void readTo(wanted.current.rows);
  };
  return { ...loaded, more };
}
