import { scaleBand, scaleLinear } from 'd3-scale';
import type { ReactElement } from 'react';
import type { MonitorReport } from '../../../shared/drift/report.ts';
import { listed, sentence } from '../../../shared/language/sentence.ts';
import { percentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { ChartPanel, drawingHeight } from './chart-panel.tsx';
import { judgedText, missedTable, monthText } from './figures.ts';

const edge = { left: 38, top: 20, bottom: 196 };
/** Room at the right for the words beside the promise: what English needs, and what a letter of another language takes. */
const labels = { least: 72, letter: 6.8 };
type Month = MonitorReport['months'][number];

function Interval(props: {
  readonly month: Month;
  readonly x: number;
  readonly y: (share: number) => number;
  readonly now: boolean;
}): ReactElement {
  const { say } = useLanguage();
  const { month, x, y } = props;
  const kind = props.now ? ' now' : '';
  return (
    <g>
      <path
        className={`interval${kind}`}
        d={`M${x} ${y(month.low)}V${y(month.high)}M${x - 4} ${y(month.low)}h8M${x - 4} ${y(month.high)}h8`}
      />
      <circle className={`point${kind}`} cx={x} cy={y(month.share)} r="4" />
      {props.now && (
        <text className="now" x={x} y={y(month.high) - 6} textAnchor="middle">
          {say('window_monitor.missed_of', { missed: month.missed, checked: month.checked })}
        </text>
      )}
    </g>
  );
}

function Drawing(props: { readonly report: MonitorReport; readonly width: number }): ReactElement {
  const { say } = useLanguage();
  const { months, ceiling } = props.report;
  const promised = [say('window_monitor.promised'), say('window_monitor.up_to', { ceiling: percentText(ceiling, 0) })];
  const room = Math.max(labels.least, ...promised.map((words) => words.length * labels.letter));
  const right = props.width - Math.min(room, props.width / 2);
  const x = scaleBand(
    months.map((month) => month.month),
    [edge.left, right],
  );
  const top = Math.min(1, Math.max(0.1, ceiling, ...months.map((month) => month.high)));
  const y = scaleLinear([0, top], [edge.bottom, edge.top]).nice(4);
  const centre = (month: string): number => (x(month) ?? 0) + x.bandwidth() / 2;
  const alt = months.map(({ month, missed, checked }) =>
    sentence('window_monitor.missed_in', { month: monthText(month), missed, checked }),
  );
  return (
    <svg
      className="drawing"
      viewBox={`0 0 ${props.width} ${drawingHeight}`}
      role="img"
      aria-label={say('window_monitor.missed_alt', { months: listed(alt) })}
    >
      <rect
        className="promise"
        x={edge.left}
        y={y(ceiling)}
        width={right - edge.left}
        height={edge.bottom - y(ceiling)}
      />
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <path className={tick === 0 ? 'axis' : 'grid'} d={`M${edge.left} ${y(tick)}H${right}`} />
          <text x={edge.left - 6} y={y(tick) + 4} textAnchor="end">
            {Math.round(tick * 100)}
          </text>
        </g>
      ))}
      <text x={right + 6} y={y(ceiling) + 4}>
        {promised[0]}
      </text>
      <text x={right + 6} y={y(ceiling) + 17}>
        {promised[1]}
      </text>
      {months.map((month, index) => (
        <g key={month.month}>
          <Interval month={month} x={centre(month.month)} y={y} now={index === months.length - 1} />
          <text
            className={index === months.length - 1 ? 'now' : undefined}
            x={centre(month.month)}
            y={edge.bottom + 15}
            textAnchor="middle"
          >
            {say(monthText(month.month))}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Missed scams among checked not-scam cases by month, with intervals and the promise. */
export function MissedChart(props: { readonly report: MonitorReport }): ReactElement {
  const { say } = useLanguage();
  const { report } = props;
  const last = report.months.at(-1);
  const title =
    last === undefined
      ? say('window_monitor.missed_none')
      : say('window_monitor.missed_title', {
          missed: last.missed,
          checked: last.checked,
          month: `${last.month}-01`,
          judged: judgedText(last, report.ceiling),
        });
  return (
    <ChartPanel
      title={title}
      units={say('window_monitor.missed_units')}
      foot={say('window_monitor.missed_foot', { ceiling: percentText(report.ceiling, 0) })}
      file="outpost-missed.csv"
      table={missedTable(report, say)}
    >
      {(width) =>
        report.months.length === 0 ? (
          <p className="empty">{say('window_monitor.no_months')}</p>
        ) : (
          <Drawing report={report} width={width} />
        )
      }
    </ChartPanel>
  );
}
