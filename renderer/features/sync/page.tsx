import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { SyncStatus } from '../../../shared/contract/views.ts';
import { listed, sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Button, Page, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { ago, dateText, instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useAction, useNow, useReading, useServices } from '../../hooks/services.ts';
import { problemOf } from '../../transport/problem.ts';
import { CourierPanel } from './courier.tsx';
import { EnrolPanel } from './enrol.tsx';

function Row(props: {
  readonly label: string;
  readonly title?: string | undefined;
  readonly mono?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className="wide">
      <dt>{props.label}</dt>
      <dd className={props.mono === true ? 'mono' : undefined} title={props.title}>
        {props.children}
      </dd>
    </div>
  );
}

function Progress(props: { readonly status: SyncStatus }): ReactElement | null {
  const { say } = useLanguage();
  const { phase, progress } = props.status;
  if (phase === 'idle') return null;
  return (
    <div className="progress">
      <span role="status">{say(`window_sync.phases_${phase}`)}</span>
      <span className="num">
        {progress === null ? '' : say('window_sync.progress', { done: progress.done, total: progress.total })}
      </span>
      <progress
        aria-label={say(`window_sync.phases_${phase}`)}
        {...(progress === null ? {} : { value: progress.done, max: Math.max(1, progress.total) })}
      />
    </div>
  );
}

function releasesText(expires: string, now: number): Sentence {
  const date = dateText(expires.slice(0, 10), now);
  return Date.parse(expires) < now
    ? sentence('window_sync.releases_expired', { date })
    : sentence('window_sync.releases_valid', { date });
}

function Facts(props: { readonly status: SyncStatus; readonly now: number }): ReactElement {
  const { say } = useLanguage();
  const { status, now } = props;
  const receipt = status.lastReceipt;
  return (
    <dl className="facts">
      {status.enrolled && <Row label={say('window_sync.registry')}>{status.registry ?? ''}</Row>}
      {status.address !== null && (
        <Row label={say('window_sync.address')} mono>
          {status.address}
        </Row>
      )}
      {status.office !== null && <Row label={say('window_sync.office')}>{status.office}</Row>}
      <Row label={say('window_sync.log')} mono>
        {status.log}
      </Row>
      <Row label={say('window_sync.entries')}>
        {say('window_sync.entries_text', { entries: status.entries, receipted: status.receipted })}
      </Row>
      {status.enrolled && (
        <>
          <Row
            label={say('window_sync.last_receipt')}
            title={receipt === null ? undefined : `${say(instantText(receipt.at))}, ${receipt.hash}`}
          >
            {receipt === null
              ? say('window_sync.no_receipt')
              : say('window_sync.receipt_text', { seq: receipt.seq, when: ago(Date.parse(receipt.at), now) })}
          </Row>
          <Row
            label={say('window_sync.last_contact')}
            title={status.lastContact === null ? undefined : say(instantText(status.lastContact))}
          >
            {status.lastContact === null
              ? say('window_sync.no_contact')
              : say(ago(Date.parse(status.lastContact), now))}
          </Row>
        </>
      )}
      {status.releaseExpires !== null && (
        <Row label={say('window_sync.releases')}>{say(releasesText(status.releaseExpires, now))}</Row>
      )}
    </dl>
  );
}

function StatePanel(props: { readonly status: SyncStatus }): ReactElement {
  const { say } = useLanguage();
  const { client, queries } = useServices();
  const { status } = props;
  const now = useNow(15_000);
  const sync = useAction(() => client.sync.now({}).finally(() => queries.changed()));
  const busy = sync.busy || status.phase !== 'idle';
  return (
    <Panel
      title={
        status.enrolled ? say('window_sync.state_idle', { waiting: status.waiting }) : say('window_sync.not_enrolled')
      }
    >
      <div className="inner stack">
        {!status.enrolled && <p className="muted">{say('window_sync.not_enrolled_more')}</p>}
        <Progress status={status} />
        <Facts status={status} now={now} />
        {status.lastProblem !== null && sync.problem === null && (
          <div className="error">
            <Icon name="care" />
            <p>
              <strong>{say('window_sync.problem', { when: ago(Date.parse(status.lastProblem.at), now) })}</strong>{' '}
              {say(status.lastProblem.sentence)}
            </p>
          </div>
        )}
        <ProblemBox problem={sync.problem} />
        {status.enrolled && (
          <div className="actions">
            <Button look="primary" off={busy} onClick={() => void sync.run()}>
              <Icon name="sync" />
              {busy ? say('window_sync.syncing') : say('window_sync.now')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** Entries shown at first, and more at each asking. */
const previewPage = 50;

const kindCodes = {
  'case.received': 'window_sync.kind_case_received',
  'case.edited': 'window_sync.kind_case_edited',
  'case.outcome': 'window_sync.kind_case_outcome',
  'case.erased': 'window_sync.kind_case_erased',
  'case.withdrawn': 'window_sync.kind_case_withdrawn',
  'case.scored': 'window_sync.kind_case_scored',
  'model.activated': 'window_sync.kind_model_activated',
  'log.opened': 'window_sync.kind_log_opened',
} as const;

/** So many entries of a kind, in words: `12 new cases`. */
function kindText({ type, count }: SyncStatus['kinds'][number]): Sentence {
  return Object.hasOwn(kindCodes, type)
    ? sentence(kindCodes[type as keyof typeof kindCodes], { count })
    : sentence('window_sync.kind_other', { type, count });
}

function PreviewPanel(props: { readonly kinds: SyncStatus['kinds'] }): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const [open, setOpen] = useState(false);
  const preview = useInfiniteQuery({
    queryKey: ['preview'],
    queryFn: ({ pageParam }) =>
      client.sync.preview({ limit: previewPage, ...(pageParam === null ? {} : { before: pageParam }) }),
    enabled: open,
    meta: { topics: ['sync', 'cases'] },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.entries.length < previewPage ? null : (last.entries.at(-1)?.seq ?? null)),
  });
  const entries = preview.data?.pages.flatMap((page) => page.entries) ?? [];
  const total = preview.data?.pages.at(-1)?.total ?? 0;
  return (
    <Panel title={say('window_sync.preview')} beside={say('window_sync.preview_beside')}>
      <div className="inner stack">
        {props.kinds.length > 0 && (
          <p>{say('window_sync.kinds_waiting', { kinds: listed(props.kinds.map(kindText)) })}</p>
        )}
        <p className="muted">{say('window_sync.preview_more')}</p>
        <div className="actions">
          <Button aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? say('window_sync.preview_hide') : say('window_sync.preview_show')}
          </Button>
          {open && total > 0 && (
            <span className="muted">{say('window_sync.preview_count', { shown: entries.length, total })}</span>
          )}
        </div>
        <ProblemBox problem={preview.error === null ? null : problemOf(preview.error)} />
        {open && preview.data !== undefined && entries.length === 0 && <p>{say('window_sync.preview_none')}</p>}
        {open && entries.length > 0 && (
          <div className="exact" tabIndex={0} role="region" aria-label={say('window_sync.preview')}>
            {entries.map((entry) => (
              <div key={entry.seq}>
                <h3>{say('window_sync.entry', { seq: entry.seq, type: entry.type })}</h3>
                <pre className="mono breaks">{entry.text}</pre>
                {entry.withheld && <p className="muted">{say('window_sync.preview_withheld')}</p>}
              </div>
            ))}
            {preview.hasNextPage && (
              <Button off={preview.isFetchingNextPage} onClick={() => void preview.fetchNextPage()}>
                {say('window_sync.preview_older')}
              </Button>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}

function HistoryPanel(props: { readonly history: SyncStatus['history'] }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  return (
    <Panel title={say('window_sync.history')}>
      <div className="inner">
        {props.history.length === 0 && <p className="muted">{say('window_sync.history_none')}</p>}
        <ul className="log">
          {props.history.map((entry) => (
            <li key={`${entry.at}/${JSON.stringify(entry.sentence)}`}>
              <time dateTime={entry.at} title={say(instantText(entry.at))}>
                {say(momentText(entry.at, now))}
              </time>
              <p>{say(entry.sentence)}</p>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

/** Sync: how things stand, what waits, how to enrol, the courier stick, and exactly what leaves. */
export function SyncPage(): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const reading = useReading('sync', ['sync', 'status', 'cases'], () => client.sync.status({}));
  const status = reading.data;
  return (
    <Page title={say('window_sync.title')}>
      <div className="page-body">
        <ProblemBox problem={reading.problem} />
        {status !== undefined && (
          <div className="halves">
            <div className="stack">
              <StatePanel status={status} />
              {!status.enrolled && <EnrolPanel />}
              <CourierPanel enrolled={status.enrolled} joining={status.joining === true} />
            </div>
            <div className="stack">
              <PreviewPanel kinds={status.kinds} />
              <HistoryPanel history={status.history} />
            </div>
          </div>
        )}
      </div>
    </Page>
  );
}
