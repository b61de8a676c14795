import type { ReactElement } from 'react';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Finding, MonitorReport } from '../../../shared/drift/report.ts';
import { inTurn, sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Button, Page, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { dateText, percentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { go } from '../../hooks/router.ts';
import { useNow, useReading, useServices } from '../../hooks/services.ts';
import { downloadCsv } from '../../transport/csv.ts';
import { chanceText, findingText, missedTable, weeklyTable } from './figures.ts';
import { MissedChart } from './missed.tsx';
import { AttributeDriftChart, shiftsOf } from './attribute-drift.tsx';
import { WeeklyChart } from './weekly.tsx';

function kindOf(finding: Finding): Sentence {
  if (finding.kind === 'attribute') return sentence('window_monitor.companion');
  if (finding.alarm) return sentence('window_monitor.alarm');
  return finding.chance <= 0.1 ? sentence('window_monitor.watch') : sentence('window_monitor.counted');
}

/** Opens the queue with the cases in which a tactic was recorded. */
function ShowCases(props: { readonly tag: string }): ReactElement {
  const { say } = useLanguage();
  const { view } = useServices();
  return (
    <>
      {' '}
      <button
        type="button"
        className="link"
        onClick={() => {
          view.getState().set({ show: 'open', search: props.tag, queueScroll: 0 });
          go({ page: 'queue', id: null, reading: false });
        }}
      >
        {say('window_monitor.open_cases', { tag: props.tag })}
      </button>
    </>
  );
}

function Findings(props: { readonly report: MonitorReport }): ReactElement {
  const { say, words } = useLanguage();
  const { report } = props;
  const now = useNow(3_600_000);
  return (
    <Panel title={say('window_monitor.findings')} className="log-panel">
      <div className="inner">
        <ul className="log">
          {report.findings.length === 0 && (
            <li>
              <span className="muted">–</span>
              <p>{say('window_monitor.nothing')}</p>
            </li>
          )}
          {report.findings.map((finding) => (
            <li
              key={`${finding.kind}/${finding.kind === 'tactic' ? finding.tag : finding.kind === 'attribute' ? finding.name : ''}`}
            >
              <span className={finding.kind !== 'attribute' && finding.alarm ? 'fail' : 'muted'}>
                {say(kindOf(finding))}
              </span>
              <p>
                {say(findingText(finding, now, words))}{' '}
                <span className="muted">
                  {say(chanceText(finding.kind === 'attribute' ? finding.p : finding.chance))}
                </span>
                {finding.kind === 'tactic' && <ShowCases tag={tagText(finding.tag)} />}
              </p>
            </li>
          ))}
        </ul>
        {(report.openAudits > 0 || report.doublingShownAfter !== null || report.inconclusiveShare !== null) && (
          <div className="empty">
            {report.openAudits > 0 && <p>{say('window_monitor.open_audits', { count: report.openAudits })}</p>}
            {report.doublingShownAfter !== null && (
              <p>{say('window_monitor.doubling', { count: report.doublingShownAfter })}</p>
            )}
            {report.inconclusiveShare !== null && (
              <p>{say('window_monitor.inconclusive', { share: percentText(report.inconclusiveShare, 0) })}</p>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}

function MissedTable(props: { readonly report: MonitorReport }): ReactElement {
  const { say } = useLanguage();
  const { months, ceiling } = props.report;
  return (
    <Panel title={say('window_monitor.missed_table')} beside={say('window_monitor.missed_beside')} className="twin">
      {months.length === 0 ? (
        <div className="inner">
          <p className="empty">{say('window_monitor.no_months')}</p>
        </div>
      ) : (
        <table className="table">
          <caption className="visually-hidden">{say('window_monitor.missed_table')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('window_monitor.month')}</th>
              {[
                say('window_monitor.checked'),
                say('window_monitor.missed'),
                say('window_monitor.share'),
                say('window_monitor.interval'),
                say('window_monitor.promised_head'),
              ].map((head) => (
                <th key={head} scope="col" className="num">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((month, index) => (
              <tr key={month.month} className={index === months.length - 1 ? 'now' : undefined}>
                <th scope="row">{say('window_monitor.month_of_year', { date: `${month.month}-01` })}</th>
                <td className="num">{month.checked}</td>
                <td className="num">{month.missed}</td>
                <td className="num">{say(percentText(month.share))}</td>
                <td className="num">{say('window_format.percent_range', { low: month.low, high: month.high })}</td>
                <td className="num">{say('window_monitor.up_to', { ceiling: percentText(ceiling, 0) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Empty(props: { readonly lead: string }): ReactElement {
  const { say } = useLanguage();
  return (
    <div className="page-body readable">
      <div className="empty">
        <h2>{say('window_monitor.empty_title')}</h2>
        <p>{props.lead}</p>
        <p>{say('window_monitor.empty_more')}</p>
        <div className="actions">
          <Button look="primary" onClick={() => go({ page: 'new' })}>
            {say('window_monitor.new_case')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Body(props: {
  readonly sentences: readonly Sentence[];
  readonly report: MonitorReport;
  readonly models: readonly { version: number; at: string }[];
}): ReactElement {
  const { say } = useLanguage();
  const { report } = props;
  const [lead = '', ...rest] = props.sentences.map((one) => say(one));
  if (report.cases === 0 || report.weeks.length === 0) return <Empty lead={say(inTurn(props.sentences))} />;
  const shifts = shiftsOf(report);
  return (
    <>
      <section className={`finding ${report.kind}`} aria-label={say('window_monitor.finding')}>
        <p className="say">
          <b>{lead}</b> {rest.join(' ')}
        </p>
      </section>
      <div className="page-body">
        <h2 className="visually-hidden">{say('window_monitor.charts')}</h2>
        <div className={shifts.length > 0 ? 'charts three' : 'charts'}>
          <WeeklyChart report={report} models={props.models} />
          <AttributeDriftChart shifts={shifts} />
          <MissedChart report={report} />
          <Findings report={report} />
          <MissedTable report={report} />
        </div>
      </div>
    </>
  );
}

/** The monitor: one sentence, then the charts that prove it. */
export function MonitorPage(): ReactElement {
  const { say } = useLanguage();
  const { client } = useServices();
  const now = useNow(3_600_000);
  const reading = useReading('monitor', ['monitor', 'cases'], () => client.monitor.report({}));
  const report = reading.data?.report;
  const dates =
    report?.from && report.to
      ? say('window_monitor.beside', {
          cases: report.cases,
          from: dateText(report.from, now),
          to: dateText(report.to, now),
        })
      : undefined;
  const exportAll = (): void => {
    if (report === undefined) return;
    const [missed, weekly] = [missedTable(report, say), weeklyTable(report, say)];
    downloadCsv('outpost-monitor.csv', { head: missed.head, rows: [...missed.rows, [], weekly.head, ...weekly.rows] });
  };
  return (
    <Page
      title={say('window_monitor.title')}
      {...(dates === undefined ? {} : { beside: dates })}
      end={
        <Button off={report === undefined || report.cases === 0} onClick={exportAll}>
          <Icon name="export" />
          {say('window_monitor.export')}
        </Button>
      }
    >
      {reading.problem !== null && (
        <div className="page-body">
          <ProblemBox problem={reading.problem} />
        </div>
      )}
      {reading.data !== undefined && <Body {...reading.data} />}
    </Page>
  );
}
