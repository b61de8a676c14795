import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { SyncStatus } from '../../../shared/contract/views.ts';
import { Button, Page, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { ago, dateText, instantText, momentText } from '../../format.ts';
import { useAction, useNow, useReading, useServices } from '../../services.ts';
import { problemOf } from '../../problem.ts';
import { text } from '../../strings.ts';
import { CourierPanel } from './courier.tsx';
import { EnrolPanel } from './enrol.tsx';

const words = text.sync;

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
  const { phase, progress } = props.status;
  if (phase === 'idle') return null;
  return (
    <div className="progress">
      <span role="status">{words.phases[phase]}</span>
      <span className="num">{progress === null ? '' : words.progress(progress.done, progress.total)}</span>
      <progress
        aria-label={words.phases[phase]}
        {...(progress === null ? {} : { value: progress.done, max: Math.max(1, progress.total) })}
      />
    </div>
  );
}

function releasesText(expires: string, now: number): string {
  const date = dateText(expires.slice(0, 10), now);
  return Date.parse(expires) < now ? words.releasesExpired(date) : words.releasesValid(date);
}

function Facts(props: { readonly status: SyncStatus; readonly now: number }): ReactElement {
  const { status, now } = props;
  const receipt = status.lastReceipt;
  return (
    <dl className="facts">
      {status.enrolled && <Row label={words.registry}>{status.registry ?? ''}</Row>}
      {status.address !== null && (
        <Row label={words.address} mono>
          {status.address}
        </Row>
      )}
      {status.office !== null && <Row label={words.office}>{status.office}</Row>}
      <Row label={words.log} mono>
        {status.log}
      </Row>
      <Row label={words.entries}>{words.entriesText(status.entries, status.receipted)}</Row>
      {status.enrolled && (
        <>
          <Row
            label={words.lastReceipt}
            title={receipt === null ? undefined : `${instantText(receipt.at)}, ${receipt.hash}`}
          >
            {receipt === null ? words.noReceipt : words.receiptText(receipt.seq, ago(Date.parse(receipt.at), now))}
          </Row>
          <Row
            label={words.lastContact}
            title={status.lastContact === null ? undefined : instantText(status.lastContact)}
          >
            {status.lastContact === null ? words.noContact : ago(Date.parse(status.lastContact), now)}
          </Row>
        </>
      )}
      {status.releaseExpires !== null && <Row label={words.releases}>{releasesText(status.releaseExpires, now)}</Row>}
    </dl>
  );
}

function StatePanel(props: { readonly status: SyncStatus }): ReactElement {
  const { client, queries } = useServices();
  const { status } = props;
  const now = useNow(15_000);
  const sync = useAction(() => client.sync.now({}).finally(() => queries.changed()));
  const busy = sync.busy || status.phase !== 'idle';
  return (
    <Panel title={status.enrolled ? words.stateIdle(status.waiting) : words.notEnrolled}>
      <div className="inner stack">
        {!status.enrolled && <p className="muted">{words.notEnrolledMore}</p>}
        <Progress status={status} />
        <Facts status={status} now={now} />
        {status.lastProblem !== null && sync.problem === null && (
          <div className="error">
            <Icon name="care" />
            <p>
              <strong>{words.problem(ago(Date.parse(status.lastProblem.at), now))}.</strong>{' '}
              {status.lastProblem.message}
            </p>
          </div>
        )}
        <ProblemBox problem={sync.problem} />
        {status.enrolled && (
          <div className="actions">
            <Button look="primary" off={busy} onClick={() => void sync.run()}>
              <Icon name="sync" />
              {busy ? words.syncing : words.now}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** Entries shown at first, and more at each asking. */
const previewPage = 50;

function PreviewPanel(): ReactElement {
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
    <Panel title={words.preview} beside={words.previewBeside}>
      <div className="inner stack">
        <p className="muted">{words.previewMore}</p>
        <div className="actions">
          <Button aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.previewHide : words.previewShow}
          </Button>
          {open && total > 0 && <span className="muted">{words.previewCount(entries.length, total)}</span>}
        </div>
        <ProblemBox problem={preview.error === null ? null : problemOf(preview.error)} />
        {open && preview.data !== undefined && entries.length === 0 && <p>{words.previewNone}</p>}
        {open && entries.length > 0 && (
          <div className="exact" tabIndex={0} role="region" aria-label={words.preview}>
            {entries.map((entry) => (
              <div key={entry.seq}>
                <h3>{words.entry(entry.seq, entry.type)}</h3>
                <pre className="mono breaks">{entry.text}</pre>
              </div>
            ))}
            {preview.hasNextPage && (
              <Button off={preview.isFetchingNextPage} onClick={() => void preview.fetchNextPage()}>
                {words.previewOlder}
              </Button>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}

function HistoryPanel(props: { readonly history: SyncStatus['history'] }): ReactElement {
  const now = useNow(60_000);
  return (
    <Panel title={words.history}>
      <div className="inner">
        {props.history.length === 0 && <p className="muted">{words.historyNone}</p>}
        <ul className="log">
          {props.history.map((entry) => (
            <li key={`${entry.at}/${entry.sentence}`}>
              <time dateTime={entry.at} title={instantText(entry.at)}>
                {momentText(entry.at, now)}
              </time>
              <p>{entry.sentence}</p>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

/** Sync: how things stand, what waits, how to enrol, the courier stick, and exactly what leaves. */
export function SyncPage(): ReactElement {
  const { client } = useServices();
  const reading = useReading('sync', ['sync', 'status', 'cases'], () => client.sync.status({}));
  const status = reading.data;
  return (
    <Page title={words.title}>
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
              <PreviewPanel />
              <HistoryPanel history={status.history} />
            </div>
          </div>
        )}
      </div>
    </Page>
  );
}
