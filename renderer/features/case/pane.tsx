import { useEffect, useEffectEvent, useRef, useState, type ReactElement } from 'react';
import type { CaseView } from '../../../shared/contract/views.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { ButtonMenu, Confirm } from '../../components/overlay.tsx';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useAction, useForm, useReading, useServices } from '../../hooks/services.ts';
import { caseEvent, focusList, leaveCase, type CaseRequest } from '../../hooks/case-actions.ts';
import { FactsSection, NarrativeSection } from './facts.tsx';
import { CaseGone } from './case-not-found.tsx';
import { OutcomeBox } from './outcome.tsx';
import { printCase, ReportHead, ReportTail } from './report.tsx';
import { SafeContact } from './safe-contact.tsx';
import { ScoreSection, WhySection } from './score.tsx';
import { TimelineSection } from './timeline.tsx';

function EraseDialog(props: {
  readonly view: CaseView;
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const { say } = useLanguage();
  const { client, queries, view: window } = useServices();
  const erase = useAction(async () => {
    await client.cases.erase({ id: props.view.row.id });
    props.onClose();
    window.getState().set({ announcement: sentence('window_case.erased') });
    leaveCase();
    queries.changed('cases');
    // After the dialog has gone: what had the focus before is of the case that is no more.
    setTimeout(focusList, 0);
  });
  return (
    <Confirm
      open={props.open}
      onClose={props.onClose}
      title={say('window_case.erase_title', { reference: props.view.row.reference })}
      yes={say('window_case.erase_yes')}
      onYes={() => void erase.run()}
    >
      <p>{say('window_case.erase_more')}</p>
      <ProblemBox problem={erase.problem} />
    </Confirm>
  );
}

function Toolbar(props: { readonly view: CaseView; readonly onErase: () => void }): ReactElement {
  const { say } = useLanguage();
  const { row, private: personal } = props.view;
  return (
    <header className="toolbar">
      <Button
        look="square"
        className="back"
        aria-label={say('window_case.back')}
        title={say('window_case.back')}
        onClick={() => go({ page: 'queue', id: row.id, reading: false })}
      >
        <Icon name="back" />
      </Button>
      <div className="case-title">
        <h2 id="case-title">
          <span className="personal">
            {row.reference} <span className="muted">{personal.resident}</span>
          </span>
        </h2>
      </div>
      <div className="toolbar-end">
        <Button look="plain" className="wide-only" onClick={() => go({ page: 'edit', id: row.id })}>
          {say('window_case.edit')}
        </Button>
        <ButtonMenu
          label={say('window_case.print')}
          className="button plain square"
          entries={[
            { label: say('window_case.print_plain'), icon: 'print', act: () => printCase('plain') },
            { label: say('window_case.print_score'), icon: 'print', act: () => printCase('with-score') },
            { label: say('window_case.print_redacted'), icon: 'print', act: () => printCase('redacted') },
          ]}
        >
          <Icon name="print" />
        </ButtonMenu>
        <ButtonMenu
          label={say('window_case.more')}
          className="button plain square"
          entries={[
            { label: say('window_case.edit'), icon: 'pen', act: () => go({ page: 'edit', id: row.id }) },
            null,
            { label: say('window_case.erase'), icon: 'cross', danger: true, act: props.onErase },
          ]}
        >
          <Icon name="more" />
        </ButtonMenu>
      </div>
    </header>
  );
}

function CaseBody(props: {
  readonly view: CaseView;
  readonly stale: boolean;
  readonly reading: boolean;
}): ReactElement {
  const { say } = useLanguage();
  const { view } = props;
  const described = useForm().data;
  const [erasing, setErasing] = useState(false);
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.reading) pane.current?.focus();
  }, [props.reading, view.row.id]);
  useEffect(() => {
    pane.current?.scrollTo(0, 0);
  }, [view.row.id]);
  const serve = useEffectEvent((request: CaseRequest) => {
    if (request === 'edit') go({ page: 'edit', id: view.row.id });
    if (request === 'print') printCase('plain');
    if (request === 'print-score') printCase('with-score');
    if (request === 'erase') setErasing(true);
  });
  useEffect(() => {
    const listen = (event: Event): void => serve((event as CustomEvent<CaseRequest>).detail);
    window.addEventListener(caseEvent, listen);
    return () => window.removeEventListener(caseEvent, listen);
  }, []);
  return (
    <article className="case" aria-labelledby="case-title" inert={props.stale}>
      <ReportHead view={view} />
      <Toolbar view={view} onErase={() => setErasing(true)} />
      <SafeContact view={view} />
      <div
        className="pane"
        tabIndex={0}
        ref={pane}
        role="region"
        aria-label={say('window_case.details', { reference: view.row.reference })}
      >
        <div className="case-columns">
          <div className="summary score-part">
            <ScoreSection view={view} />
          </div>
          <div>
            <FactsSection view={view} described={described} />
          </div>
          <div className="reasons score-part">
            <WhySection view={view} />
          </div>
          <div className="history">
            <NarrativeSection view={view} />
            <TimelineSection view={view} />
          </div>
        </div>
        <ReportTail view={view} />
      </div>
      <OutcomeBox view={view} />
      <EraseDialog view={view} open={erasing} onClose={() => setErasing(false)} />
    </article>
  );
}

/** Milliseconds a case stands open before that counts as somebody having looked at it. */
const dwell = 2_000;

/** Tells the backend that the open case was looked at: after a while, or at once when it is opened for reading. */
function useDwell(id: string | null, reading: boolean): void {
  const { client } = useServices();
  useEffect(() => {
    if (id === null) return undefined;
    const look = (): void => {
      if (document.visibilityState !== 'visible') return;
      client.cases.get({ id, look: true }).catch((error: unknown) => {
        // A case not noted as seen only stays where it is in the list; whatever is wrong shows at its own place.
        console.debug('The look at a case was not noted.', error instanceof Error ? error.name : '');
      });
    };
    const timer = setTimeout(look, reading ? 0 : dwell);
    return () => clearTimeout(timer);
  }, [client, id, reading]);
}

/** The case at the right of the queue. While another case is on its way the last one stays, but takes no input. */
export function CasePane(props: { readonly id: string | null; readonly reading: boolean }): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const { id } = props;
  const reading = useReading(id === null ? null : `case/${id}`, ['cases', 'sync'], () =>
    client.cases.get({ id: id ?? '', look: false }),
  );
  useDwell(reading.stale || reading.data === undefined ? null : reading.data.row.id, props.reading);
  if (id !== null && reading.data !== undefined)
    return <CaseBody view={reading.data} stale={reading.stale} reading={props.reading} />;
  return (
    <article className="case" aria-label={say('window_queue.nothing_chosen')}>
      <header className="toolbar" />
      {reading.problem !== null && (
        <div className="page-body">
          {reading.problem.code === 'NOT_FOUND' ? <CaseGone /> : <ProblemBox problem={reading.problem} />}
        </div>
      )}
      {id === null && (
        <div className="page-body">
          <div className="empty">
            <h2>{say('window_queue.nothing_chosen')}</h2>
            <p>{say('window_queue.nothing_chosen_more')}</p>
          </div>
        </div>
      )}
    </article>
  );
}
