import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { Icon, type IconName } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { hashOf, type Route } from '../../hooks/router.ts';
import { useServices, useStatus } from '../../hooks/services.ts';

type Page = 'queue' | 'new' | 'monitor' | 'models' | 'sync' | 'settings';

function RailLink(props: {
  readonly page: Page;
  readonly at: Route;
  readonly count?: number;
  readonly means?: string;
  readonly alarm?: boolean;
}): ReactElement {
  const { say } = useLanguage();
  const { page, count = 0 } = props;
  const to: Route = page === 'queue' ? { page, id: null, reading: false } : { page };
  const here =
    props.at.page === page ||
    (page === 'queue' && props.at.page === 'edit') ||
    (page === 'new' && (props.at.page === 'sheet' || props.at.page === 'import'));
  return (
    <li>
      <a href={hashOf(to)} aria-current={here ? 'page' : undefined}>
        <Icon name={page satisfies IconName} />
        <span>{say(`window_frame.pages_${page}`)}</span>
        {count > 0 && (
          <span className={props.alarm === true ? 'count alarm-count' : 'count'}>
            <span className="full">{say('window_format.number', { value: count })}</span>
            <span className="short" aria-hidden="true">
              {count > 999 ? `${Math.min(9, Math.floor(count / 1000))}k+` : count}
            </span>
            <span className="visually-hidden"> {props.means}</span>
          </span>
        )}
      </a>
    </li>
  );
}

/** The rail at the left: the pages, how many cases are open, what waits, what alarms. */
export function Rail(props: { readonly at: Route }): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  const folded = useStore(view, (state) => state.railFolded);
  const status = useStatus().data;
  const { at } = props;
  return (
    <nav className="rail" aria-label={say('window_frame.rail')}>
      <p className="rail-name">
        <Icon name="mark" />
        <span>{say('window_frame.name')}</span>
      </p>
      <ul>
        <RailLink page="queue" at={at} count={status?.openCases ?? 0} means={say('window_frame.open')} />
        <RailLink page="new" at={at} />
        <RailLink
          page="monitor"
          at={at}
          count={status?.alarms ?? 0}
          means={say('window_frame.alarms', { count: status?.alarms ?? 0 })}
          alarm
        />
        <RailLink page="models" at={at} />
        <RailLink page="sync" at={at} count={status?.waiting ?? 0} means={say('window_frame.waiting')} />
      </ul>
      <ul>
        <RailLink page="settings" at={at} />
        <li className="fold">
          <button
            type="button"
            aria-pressed={folded}
            onClick={() => view.getState().set({ railFolded: !folded })}
            title={folded ? say('window_frame.expand_rail') : say('window_frame.collapse_rail')}
          >
            <Icon name="fold" />
            <span>{folded ? say('window_frame.expand') : say('window_frame.collapse')}</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}
