import { Component, useEffect, useLayoutEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useLanguage, type Say } from '../../language/language.ts';
import { parseRoute, useHash, type Route } from '../../hooks/router.ts';
import { useServices, useStatus } from '../../hooks/services.ts';
import { Entry } from '../entry/entry.tsx';
import { ImportPage } from '../import/page.tsx';
import { IntakePage } from '../intake/page.tsx';
import { InterviewSheet } from '../intake/sheet.tsx';
import { ModelsPage } from '../models/page.tsx';
import { MonitorPage } from '../monitor/page.tsx';
import { QueuePage } from '../queue/page.tsx';
import { SettingsPage } from '../settings/page.tsx';
import { SyncPage } from '../sync/page.tsx';
import { Help } from './help.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { Strip } from './strip.tsx';
import { useKeys } from './use-keys.ts';
import { useNarrow } from './use-narrow.ts';

function Crashed(props: { readonly onAgain: () => void }): ReactElement {
  const { say } = useLanguage();
  return (
    <div className="page-body">
      <div className="error" role="alert">
        <p>
          <strong>{say('window_frame.crashed')}</strong> {say('window_frame.crashed_more')}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={props.onAgain}>
            {say('window_frame.try_again')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Keeps a failing page from taking the frame down with it. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Crashed onAgain={() => this.setState({ failed: false })} />;
  }
}

function CurrentPage(props: { readonly at: Route }): ReactElement {
  const { at } = props;
  switch (at.page) {
    case 'queue':
      return <QueuePage at={at} />;
    case 'new':
      return <IntakePage key="new" editing={null} />;
    case 'edit':
      return <IntakePage key={at.id} editing={at.id} />;
    case 'sheet':
      return <InterviewSheet />;
    case 'import':
      return <ImportPage />;
    case 'monitor':
      return <MonitorPage />;
    case 'models':
      return <ModelsPage />;
    case 'sync':
      return <SyncPage />;
    case 'settings':
      return <SettingsPage />;
  }
}

function titleOf(at: Route, say: Say): string {
  if (at.page === 'edit') return say('window_case.edit');
  return at.page === 'sheet' ? say('window_intake.sheet_title') : say(`window_frame.pages_${at.page}`);
}

function Frame(): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const at = parseRoute(useHash());
  const folded = useStore(view, (state) => state.railFolded);
  const announcement = useStore(view, (state) => state.announcement);
  const narrow = useNarrow(1200);
  const main = useRef<HTMLElement>(null);
  const shown = useRef<Route['page'] | null>(null);
  useKeys(at);
  useEffect(() => {
    document.title = say('window_frame.window_title', { page: titleOf(at, say) });
    // A new page takes the focus, unless something in it has taken it already.
    if (shown.current !== at.page && main.current?.contains(document.activeElement) !== true) main.current?.focus();
    shown.current = at.page;
  });
  return (
    <div className={folded || narrow ? 'frame rail-folded' : 'frame'}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {say('window_frame.skip')}
      </a>
      <Rail at={at} />
      <main id="main" tabIndex={-1} ref={main}>
        <Guard key={at.page}>
          <CurrentPage at={at} />
        </Guard>
      </main>
      <Strip />
      <Palette at={at} />
      <Help />
      <p className="visually-hidden no-print" role="status">
        {announcement !== null && say(announcement)}
      </p>
    </div>
  );
}

/** The whole window: entry pages while the vault is closed, else rail, page and status strip. */
export function App(): ReactElement {
  const { queries, view } = useServices();
  const theme = useStore(view, (state) => state.theme);
  const status = useStatus();
  const vault = status.data?.vault;
  // Kept here, above the vault's state: news of the open vault must not take the key away before it was read.
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    // Locks, clocks and counts move without an event; the strip must stay true.
    const timer = setInterval(() => queries.changed('status'), 30_000);
    return () => clearInterval(timer);
  }, [queries]);
  useEffect(() => {
    // What was read belongs to the open vault: nothing of it stays in the window's memory.
    if (vault === 'locked') queries.forget();
  }, [queries, vault]);
  const ready = vault === 'open' && status.data?.person !== null && status.data?.recoveryKeyOpen === false;
  if (ready) return <Frame />;
  return <Entry status={status.data} problem={status.problem} />;
}
