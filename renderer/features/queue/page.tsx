import { useEffect, useRef, type CSSProperties, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { currentRoute, go, type Route } from '../../hooks/router.ts';
import { useServices, useSettled } from '../../hooks/services.ts';
import { shows } from '../../stores/view.ts';
import { CasePane } from '../case/pane.tsx';
import { Divider } from './divider.tsx';
import { CaseList } from './list.tsx';
import { useRows, type Rows } from './use-rows.ts';

function Search(): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const search = useStore(view, (state) => state.search);
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="text"
        aria-label={say('window_queue.search')}
        placeholder={say('window_queue.search')}
        value={search}
        maxLength={200}
        onChange={(event) => view.getState().set({ search: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && search !== '') {
            event.stopPropagation();
            event.preventDefault();
            view.getState().set({ search: '' });
          }
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault();
            document.querySelector<HTMLElement>('.queue-scroll')?.focus();
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

function Chips(props: { readonly counts: Rows['counts'] }): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const show = useStore(view, (state) => state.show);
  return (
    <div className="toolbar-end" role="group" aria-label={say('window_queue.show_group')}>
      {shows.map((name) => (
        <button
          key={name}
          type="button"
          className="chip"
          aria-pressed={show === name}
          onClick={() => view.getState().set({ show: name, queueScroll: 0 })}
        >
          {say(`window_queue.show_${name}`)}{' '}
          {props.counts !== null && say('window_format.number', { value: props.counts[name] })}
        </button>
      ))}
    </div>
  );
}

function Empty(props: {
  readonly show: (typeof shows)[number];
  readonly search: string;
  readonly cut: boolean;
  readonly worked: boolean;
}): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The list that had the focus may have just become empty.
    if (document.activeElement === document.body) box.current?.focus();
  }, []);
  if (props.search !== '') {
    return (
      <div className="empty" ref={box} tabIndex={-1}>
        <h2>{say('window_queue.empty_search', { words: props.search })}</h2>
        <p>{props.cut ? say('window_queue.search_cut') : say('window_queue.empty_search_more')}</p>
        <div className="actions">
          <Button onClick={() => view.getState().set({ search: '' })}>{say('window_queue.clear_search')}</Button>
        </div>
      </div>
    );
  }
  const titles = {
    open: props.worked ? say('window_queue.empty_worked') : say('window_queue.empty_open'),
    mine: say('window_queue.empty_mine'),
    done: say('window_queue.empty_done'),
  };
  const more = {
    open: props.worked ? say('window_queue.empty_worked_more') : say('window_queue.empty_open_more'),
    mine: say('window_queue.empty_mine_more'),
    done: say('window_queue.empty_done_more'),
  };
  return (
    <div className="empty" ref={box} tabIndex={-1}>
      <h2>{titles[props.show]}</h2>
      <p>{more[props.show]}</p>
      {props.show !== 'done' && (
        <div className="actions">
          <Button look="primary" onClick={() => go({ page: 'new' })}>
            {say('window_queue.new_case')}
          </Button>
          <Button onClick={() => go({ page: 'import' })}>{say('window_import.link')}</Button>
        </div>
      )}
    </div>
  );
}

function Hints(): ReactElement {
  const { say } = useLanguage();
  return (
    <p className="hints" aria-hidden="true">
      <span>
        <kbd>j</kbd>
        <kbd>k</kbd> {say('window_keys.move_short')}
      </span>
      <span>
        <kbd>{say('window_keys.enter')}</kbd> {say('window_keys.open_short')}
      </span>
      <span>
        <kbd>o</kbd> {say('window_keys.outcome_short')}
      </span>
      <span className="wide-only">
        <kbd>n</kbd> {say('window_keys.new_short')}
      </span>
      <span>
        <kbd>{say('window_keys.ctrl_k')}</kbd> {say('window_keys.palette_short')}
      </span>
      <span className="wide-only">
        <kbd>?</kbd> {say('window_keys.help_short')}
      </span>
    </p>
  );
}

/** Home: the queue at the left, the chosen case at the right; below 900 px one at a time. */
export function QueuePage(props: { readonly at: Route & { page: 'queue' } }): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const { at } = props;
  const show = useStore(view, (state) => state.show);
  const typed = useStore(view, (state) => state.search);
  const share = useStore(view, (state) => state.listShare);
  const search = useSettled(typed.trim(), 180);
  const rows = useRows(show, search);
  const firstId = rows.rows[0]?.id;
  useEffect(() => {
    // Something is always chosen, so that the case pane is never blank for no reason.
    if (at.id !== null || firstId === undefined) return;
    // Somebody who has just gone on to another page is not called back from it.
    const now = currentRoute();
    if (now.page === 'queue' && now.id === null) go({ page: 'queue', id: firstId, reading: false }, { replace: true });
  }, [at.id, firstId]);
  return (
    <div
      className={at.reading ? 'split reading' : 'split'}
      style={{ '--list-share': `${share}fr`, '--case-share': `${100 - share}fr` } as CSSProperties}
    >
      <section className="list" aria-labelledby="queue-title">
        <header className="toolbar">
          <h1 id="queue-title">{say('window_queue.title')}</h1>
          <Search />
          <Chips counts={rows.counts} />
        </header>
        <ProblemBox problem={rows.problem} />
        {rows.ready && rows.rows.length === 0 && rows.problem === null ? (
          <Empty show={show} search={search} cut={rows.cut} worked={(rows.counts?.done ?? 0) > 0} />
        ) : (
          <CaseList rows={rows} selected={at.id} label={say(`window_queue.list_${show}`)} />
        )}
        <div className="push-down" />
        <Hints />
      </section>
      <Divider share={share} onChange={(next) => view.getState().set({ listShare: next })} />
      <CasePane id={at.id} reading={at.reading} />
    </div>
  );
}
