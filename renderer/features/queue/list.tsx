import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
  type RefObject,
} from 'react';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useNow, useReading, useServices } from '../../hooks/services.ts';
import { currencySign } from '../../language/format.ts';
import { moveEvent } from '../../hooks/case-actions.ts';
import { itemsOf, moved, sharedCurrency, type Item } from './items.ts';
import { GroupRow, QueueRow } from './row.tsx';
import type { Rows } from './use-rows.ts';
import { columnWidths } from './widths.ts';

const heights = { group: 24, row: 33, double: 49 };
const rowId = (id: string): string => `case-${id}`;

/** Moving through the list replaces the place in the history: the back button leaves the list at once. */
function choose(id: string): void {
  go({ page: 'queue', id, reading: false }, { replace: true });
}

/** True while the list's pane is too narrow for one-line rows. */
function useTwoLines(pane: RefObject<HTMLElement | null>): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const element = pane.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth < 640));
    observer.observe(element);
    setNarrow(element.clientWidth < 640);
    return () => observer.disconnect();
  }, [pane]);
  return narrow;
}

function useRowVirtualizer(
  pane: RefObject<HTMLDivElement | null>,
  items: readonly Item[],
  selectedIndex: number,
  twoLines: boolean,
) {
  const { view } = useServices();
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => pane.current,
    estimateSize: (index) => (items[index]?.kind === 'group' ? heights.group : twoLines ? heights.double : heights.row),
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : item.kind === 'group' ? item.group : item.row.id;
    },
    overscan: 12,
    initialOffset: view.getState().queueScroll,
    // The selected row is always there, since the list names it as its active descendant.
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range);
      return selectedIndex < 0 || shown.includes(selectedIndex)
        ? shown
        : [...shown, selectedIndex].toSorted((a, b) => a - b);
    },
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, items, twoLines]);
  return virtualizer;
}

/**
 * Puts the list back to where it was left, once there are rows to stand on, with the selected one in view: the one
 * just saved may be far from there.
 */
function useRestoredScroll(
  pane: RefObject<HTMLDivElement | null>,
  ready: boolean,
  offset: number,
  showSelected: () => void,
): void {
  const restored = useRef(false);
  const restore = useEffectEvent(() => {
    if (pane.current === null) return;
    pane.current.scrollTop = offset;
    // An offset that is not possible any more leaves no event behind by itself, and the list would stay blank.
    pane.current.dispatchEvent(new Event('scroll'));
    showSelected();
  });
  useEffect(() => {
    if (!ready || restored.current) return;
    restored.current = true;
    restore();
  }, [ready]);
}

/** Keeps the selected row in view when the selection moves, and only then. */
function useFollow(selected: string | null, scrollTo: (id: string) => void): void {
  const follow = useEffectEvent(scrollTo);
  const first = useRef(true);
  useEffect(() => {
    if (selected !== null && !first.current) follow(selected);
    first.current = false;
  }, [selected]);
}

function Head(props: { readonly currency: string | null }): ReactElement {
  const { say, locale } = useLanguage();
  return (
    <div className="queue-head" aria-hidden="true">
      <span className="c-verdict">{say('window_queue.columns_verdict')}</span>
      <span className="c-score">{say('window_queue.columns_score')}</span>
      <span className="c-ref">{say('window_queue.columns_ref')}</span>
      <span className="c-reason">{say('window_queue.columns_reason')}</span>
      <span className="c-stake">
        {say('window_queue.columns_stake')}
        {props.currency !== null && ` ${currencySign(locale, props.currency)}`}
      </span>
      <span className="c-age">{say('window_queue.columns_age')}</span>
      <span className="c-place">{say('window_queue.columns_place')}</span>
    </div>
  );
}

/** Moves the selection on request of the window's keys, and reads on when the end of what is read comes near. */
function useMoves(move: (by: number) => void): void {
  const onMove = useEffectEvent(move);
  useEffect(() => {
    const listen = (event: Event): void => onMove((event as CustomEvent<number>).detail);
    window.addEventListener(moveEvent, listen);
    return () => window.removeEventListener(moveEvent, listen);
  }, []);
}

/** Remembers where the selected case stood, for when it leaves the list; null when it never stood there. */
function useLastPlace(rows: Rows['rows'], selected: string | null): () => number | null {
  const last = useRef<{ readonly id: string; readonly at: number } | null>(null);
  useEffect(() => {
    const at = rows.findIndex((row) => row.id === selected);
    if (selected !== null && at >= 0) last.current = { id: selected, at };
  }, [rows, selected]);
  return () => (last.current !== null && last.current.id === selected ? last.current.at : null);
}

/** Steps of the keys that move within a list of `count` rows of which `visible` are seen at once. */
function stepsOf(count: number, visible: number): Readonly<Record<string, number>> {
  const page = Math.max(1, visible - 1);
  return { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
}

interface LineProps {
  readonly item: Item;
  readonly index: number;
  readonly selected: string | null;
  readonly plainMoney: boolean;
}

function Line(props: LineProps): ReactElement {
  const { client } = useServices();
  const { item, index } = props;
  const now = useNow(60_000);
  const settings = useReading('settings', ['settings'], () => client.settings.get({})).data;
  if (item.kind === 'group') return <GroupRow item={item} unseenDays={settings?.unseenDays ?? 8} index={index} />;
  const { row } = item;
  return (
    <QueueRow
      id={rowId(row.id)}
      row={row}
      selected={row.id === props.selected}
      plainMoney={props.plainMoney}
      now={now}
      index={index}
      onChoose={choose}
    />
  );
}

/** The virtual list of cases. It keeps the focus itself; the selected row is its active descendant. */
export function CaseList(props: {
  readonly rows: Rows;
  readonly selected: string | null;
  readonly label: string;
}): ReactElement {
  const language = useLanguage();
  const { say } = language;
  const { view } = useServices();
  const { rows, selected } = props;
  const pane = useRef<HTMLDivElement>(null);
  const twoLines = useTwoLines(pane);
  const items = useMemo(() => itemsOf(rows.rows, rows.total), [rows.rows, rows.total]);
  const currency = useMemo(() => sharedCurrency(rows.rows), [rows.rows]);
  const widths = useMemo(() => columnWidths(rows.rows, currency, language), [rows.rows, currency, language]);
  const indexOf = (id: string): number => items.findIndex((item) => item.kind === 'case' && item.row.id === id);
  const selectedIndex = selected === null ? -1 : indexOf(selected);
  const virtualizer = useRowVirtualizer(pane, items, selectedIndex, twoLines);
  const [startOffset] = useState(() => view.getState().queueScroll);
  useRestoredScroll(pane, items.length > 0, startOffset, () => {
    if (selectedIndex > 1) virtualizer.scrollToIndex(selectedIndex, { align: 'auto' });
  });
  useFollow(selected, (id) => {
    const index = indexOf(id);
    if (index >= 0) virtualizer.scrollToIndex(index <= 1 ? 0 : index, { align: 'auto' });
  });
  const left = useLastPlace(rows.rows, selected);
  const move = (by: number): void => {
    const next = moved(rows.rows, selected, by, left());
    if (next !== null) choose(next);
  };
  useMoves(move);
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= items.length - 60) rows.more();
  });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = stepsOf(items.length, Math.floor(event.currentTarget.clientHeight / heights.row))[event.key];
    if (step === undefined || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    move(step);
  };
  return (
    <div className="queue-frame" style={widths as CSSProperties}>
      <Head currency={currency} />
      <div
        ref={pane}
        className="queue-scroll"
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={rows.ready ? rows.total + items.length - rows.rows.length : -1}
        aria-activedescendant={selectedIndex >= 0 && selected !== null ? rowId(selected) : undefined}
        onScroll={(event) => view.getState().set({ queueScroll: event.currentTarget.scrollTop })}
        onKeyDown={onKeyDown}
      >
        <div className="queue-space" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const item = items[index];
            return (
              item !== undefined && (
                <div
                  key={key}
                  className="queue-item"
                  role="presentation"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Line item={item} index={index + 1} selected={selected} plainMoney={currency !== null} />
                </div>
              )
            );
          })}
        </div>
        {rows.cut && <p className="queue-cut">{say('window_queue.search_cut')}</p>}
      </div>
    </div>
  );
}
