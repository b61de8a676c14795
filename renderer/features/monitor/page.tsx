import type { ReactElement } from 'react';
import { tagText } from '../../../shared/domain/tactics.ts';
import type { Finding, MonitorReport } from '../../../shared/drift/report.ts';
import { Button, Page, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { dateText, percentText } from '../../format.ts';
import { go } from '../../router.ts';
import { useNow, useReading, useServices } from '../../services.ts';
import { text } from '../../strings.ts';
import { downloadCsv } from './csv.ts';
import { chanceText, findingText, missedTable, monthText, weeklyTable } from './figures.ts';
import { MissedChart } from './missed.tsx';
import { ShiftChart, shiftsOf } from './shift.tsx';
import { WeeklyChart } from './weekly.tsx';

const words = text.monitor;

function kindOf(finding: Finding): string {
  if (finding.kind === 'attribute') return words.companion;
  if (finding.alarm) return words.alarm;
  return finding.chance <= 0.1 ? words.watch : words.counted;
}

/** Opens the queue with the cases in which a tactic was recorded. */
function ShowCases(props: { readonly tag: string }): ReactElement {
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
        {words.openCases(props.tag)}
      </button>
    </>
  );
}

function Findings(props: { readonly report: MonitorReport }): ReactElement {
  const { report } = props;
  const now = useNow(3_600_000);
  return (
    <Panel title={words.findings} className="log-panel">
      <div className="inner">
        <ul className="log">
          {report.findings.length === 0 && (
            <li>
              <span className="muted">–</span>
              <p>{words.nothing}</p>
            </li>
          )}
          {report.findings.map((finding) => (
            <li
              key={`${finding.kind}/${finding.kind === 'tactic' ? finding.tag : finding.kind === 'attribute' ? finding.name : ''}`}
            >
              <span className={finding.kind !== 'attribute' && finding.alarm ? 'fail' : 'muted'}>
                {kindOf(finding)}
              </span>
              <p>
                {findingText(finding, now)}{' '}
                <span className="muted">{chanceText(finding.kind === 'attribute' ? finding.p : finding.chance)}</span>
                {finding.kind === 'tactic' && <ShowCases tag={tagText(finding.tag)} />}
              </p>
            </li>
          ))}
        </ul>
        {(report.openAudits > 0 || report.doublingShownAfter !== null || report.inconclusiveShare !== null) && (
          <div className="empty">
            {report.openAudits > 0 && <p>{words.openAudits(report.openAudits)}</p>}
            {report.doublingShownAfter !== null && <p>{words.doubling(report.doublingShownAfter)}</p>}
            {report.inconclusiveShare !== null && <p>{words.inconclusive(percentText(report.inconclusiveShare, 0))}</p>}
          </div>
        )}
      </div>
    </Panel>
  );
}

function MissedTable(props: { readonly report: MonitorReport }): ReactElement {
  const { months, ceiling } = props.report;
  return (
    <Panel title={words.missedTable} beside={words.missedBeside} className="twin">
      {months.length === 0 ? (
        <div className="inner">
          <p className="empty">{words.noMonths}</p>
        </div>
      ) : (
        <table className="table">
          <caption className="visually-hidden">{words.missedTable}</caption>
          <thead>
            <tr>
              <th scope="col">{words.month}</th>
              {[words.checked, words.missed, words.share, words.interval, words.promisedHead].map((head) => (
                <th key={head} scope="col" className="num">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((month, index) => (
              <tr key={month.month} className={index === months.length - 1 ? 'now' : undefined}>
                <th scope="row">
                  {monthText(month.month)} {month.month.slice(0, 4)}
                </th>
                <td className="num">{month.checked}</td>
                <td className="num">{month.missed}</td>
                <td className="num">{percentText(month.share)}</td>
                <td className="num">
                  {(month.low * 100).toFixed(1)} to {percentText(month.high)}
                </td>
                <td className="num">{words.upTo(percentText(ceiling, 0))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Empty(props: { readonly sentence: string }): ReactElement {
  return (
    <div className="page-body readable">
      <div className="empty">
        <h2>{words.emptyTitle}</h2>
        <p>{props.sentence}</p>
        <p>{words.emptyMore}</p>
        <div className="actions">
          <Button look="primary" onClick={() => go({ page: 'new' })}>
            {words.newCase}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Body(props: {
  readonly sentence: string;
  readonly report: MonitorReport;
  readonly models: readonly { version: number; at: string }[];
}): ReactElement {
  const { report, sentence } = props;
  if (report.cases === 0 || report.weeks.length === 0) return <Empty sentence={sentence} />;
  const end = sentence.search(/[.;] (?=[A-Z])/) + 1;
  const shifts = shiftsOf(report);
  return (
    <>
      <section className={`finding ${report.kind}`} aria-label={words.finding}>
        <p className="say">
          <b>{end > 0 ? sentence.slice(0, end) : sentence}</b>
          {end > 0 && sentence.slice(end)}
        </p>
      </section>
      <div className="page-body">
        <h2 className="visually-hidden">{words.charts}</h2>
        <div className={shifts.length > 0 ? 'charts three' : 'charts'}>
          <WeeklyChart report={report} models={props.models} />
          <ShiftChart shifts={shifts} />
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
  const { client } = useServices();
  const now = useNow(3_600_000);
  const reading = useReading('monitor', ['monitor', 'cases'], () => client.monitor.report({}));
  const report = reading.data?.report;
  const dates =
    report?.from && report.to
      ? words.beside(report.cases, dateText(report.from, now), dateText(report.to, now))
      : undefined;
  const exportAll = (): void => {
    if (report === undefined) return;
    const [missed, weekly] = [missedTable(report), weeklyTable(report)];
    downloadCsv('outpost-monitor.csv', { head: missed.head, rows: [...missed.rows, [], weekly.head, ...weekly.rows] });
  };
  return (
    <Page
      title={words.title}
      {...(dates === undefined ? {} : { beside: dates })}
      end={
        <Button off={report === undefined || report.cases === 0} onClick={exportAll}>
          <Icon name="export" />
          {words.export}
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
