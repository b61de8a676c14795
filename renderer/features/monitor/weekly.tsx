import { scaleBand, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ReactElement } from 'react';
import type { MonitorReport } from '../../../shared/drift/report.ts';
import { inTurn, sentence } from '../../../shared/language/sentence.ts';
import { capital, dateText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { useNow } from '../../hooks/services.ts';
import { ChartPanel, drawingHeight } from './chart-panel.tsx';
import { chartTactics, firstSeen, firstWeek, fitted, tacticName, weeklyTable, wholeWeeks } from './figures.ts';

type Models = readonly { readonly version: number; readonly at: string }[];
const edge = { left: 38, top: 34, bottom: 196, labels: 124 };
const styles = ['', 'dotted', 'dashed'] as const;

function scales(report: MonitorReport, tags: readonly string[], width: number) {
  const weeks = report.weeks.map((week) => week.start);
  const most = Math.max(4, ...report.weeks.flatMap((week) => tags.map((tag) => week.counts[tag] ?? 0)));
  return {
    right: width - edge.labels,
    x: scaleBand(weeks, [edge.left, width - edge.labels])
      .paddingInner(0.35)
      .paddingOuter(0.15),
    y: scaleLinear([0, most], [edge.bottom, edge.top]).nice(4),
  };
}
type Scales = ReturnType<typeof scales>;

/** Centre of the week that an instant falls into; null before the first week shown. */
function weekAt(report: MonitorReport, scale: Scales, date: string): number | null {
  const week = report.weeks.findLast((one) => one.start <= date);
  return week === undefined ? null : (scale.x(week.start) ?? 0) + scale.x.bandwidth() / 2;
}

function Axes(props: { readonly report: MonitorReport; readonly scale: Scales; readonly now: number }): ReactElement {
  const { say } = useLanguage();
  const { report, scale } = props;
  const step = Math.max(1, Math.ceil(report.weeks.length / Math.max(2, Math.floor((scale.right - edge.left) / 56))));
  const labelled = report.weeks.filter((_, index) => index % step === 0);
  return (
    <>
      {scale.y.ticks(4).map((tick) => (
        <g key={tick}>
          <path className={tick === 0 ? 'axis' : 'grid'} d={`M${edge.left} ${scale.y(tick)}H${scale.right}`} />
          <text x={edge.left - 6} y={scale.y(tick) + 4} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      {labelled.map((week) => (
        <text
          key={week.start}
          x={(scale.x(week.start) ?? 0) + scale.x.bandwidth() / 2}
          y={edge.bottom + 15}
          textAnchor="middle"
        >
          {say(dateText(week.start, props.now))}
        </text>
      ))}
    </>
  );
}

function Marks(props: {
  readonly report: MonitorReport;
  readonly scale: Scales;
  readonly models: Models;
  readonly lead: string | null;
  readonly now: number;
}): ReactElement {
  const { say } = useLanguage();
  const { report, scale } = props;
  const first = props.lead === null ? null : firstWeek(report, props.lead);
  const day = props.lead === null ? null : firstSeen(report, props.lead);
  const onset = first === null ? null : scale.x(first);
  const events = props.models.flatMap((model) => {
    const at = weekAt(report, scale, model.at.slice(0, 10));
    return at === null ? [] : [{ ...model, x: at }];
  });
  return (
    <>
      {onset !== null && onset !== undefined && day !== null && (
        <>
          <path className="onset" d={`M${onset - 2} 24V${edge.bottom}`} />
          <text className="warn" x={onset - 6} y={28} textAnchor={onset > 110 ? 'end' : 'start'}>
            {say('window_monitor.first_seen', { date: dateText(day, props.now) })}
          </text>
        </>
      )}
      {events.map((event) => (
        <g key={`${event.version}/${event.at}`}>
          <path className="event" d={`M${event.x} 24V${edge.bottom}`} />
          <path className="event-head" d={`m${event.x} 14 4 5-4 5-4-5z`} />
          <text x={Math.max(edge.left + 20, event.x)} y={10} textAnchor="middle">
            {say('window_monitor.model', { version: event.version })}
          </text>
        </g>
      ))}
    </>
  );
}

/** Spreads labels at the right edge so that none covers another: at least 14 units apart. */
function spread(wanted: readonly number[], gap: number, limit: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).toSorted((a, b) => a.y - b.y);
  let at = -Infinity;
  for (const label of order) {
    label.y = Math.max(label.y, at + gap);
    at = label.y;
  }
  let below = limit;
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, below);
    below = label.y - gap;
  }
  return wanted.map((_, index) => order.find((label) => label.index === index)?.y ?? 0);
}

function EndLabels(props: {
  readonly labels: readonly { readonly name: string; readonly value: number; readonly lead: boolean }[];
  readonly scale: Scales;
}): ReactElement {
  const { scale } = props;
  const places = spread(
    props.labels.map((label) => props.scale.y(label.value) + 4),
    14,
    edge.bottom + 2,
  );
  return (
    <>
      {props.labels.map((label, index) => (
        <text key={label.name} className={label.lead ? 'now' : undefined} x={scale.right + 8} y={places[index]}>
          {fitted(label.name, edge.labels - 8 - 7 * (1 + String(label.value).length))} {label.value}
        </text>
      ))}
    </>
  );
}

function Drawing(props: {
  readonly report: MonitorReport;
  readonly models: Models;
  readonly width: number;
}): ReactElement {
  const { say } = useLanguage();
  const now = useNow(3_600_000);
  const { lead, rest } = chartTactics(props.report, 3);
  const report = { ...props.report, weeks: wholeWeeks(props.report, lead?.tag ?? null, now) };
  const tags = [...(lead === null ? [] : [lead.tag]), ...rest.map((tactic) => tactic.tag)];
  const scale = scales(report, tags, props.width);
  const last = report.weeks.at(-1);
  const alt = [...(lead === null ? [] : [lead]), ...rest].map((tactic) =>
    sentence('window_monitor.tactic_weeks', {
      tactic: tacticName(tactic),
      cases: tactic.cases,
      last: last?.counts[tactic.tag] ?? 0,
    }),
  );
  const labels = [...(lead === null ? [] : [lead]), ...rest].map((tactic) => ({
    name: tacticName(tactic),
    value: last?.counts[tactic.tag] ?? 0,
    lead: tactic.tag === lead?.tag,
  }));
  const draw = (tag: string) =>
    line<MonitorReport['weeks'][number]>(
      (week) => (scale.x(week.start) ?? 0) + scale.x.bandwidth() / 2,
      (week) => scale.y(week.counts[tag] ?? 0),
    )([...report.weeks]) ?? '';
  return (
    <svg
      className="drawing"
      viewBox={`0 0 ${props.width} ${drawingHeight}`}
      role="img"
      aria-label={say('window_monitor.weekly_alt', { parts: inTurn(alt) })}
    >
      <Axes report={report} scale={scale} now={now} />
      {lead !== null &&
        report.weeks.map((week) => {
          const count = week.counts[lead.tag] ?? 0;
          return count === 0 ? null : (
            <rect
              key={week.start}
              className="now-soft"
              x={scale.x(week.start)}
              y={scale.y(count)}
              width={scale.x.bandwidth()}
              height={edge.bottom - scale.y(count)}
            />
          );
        })}
      {rest.map((tactic, index) => (
        <path key={tactic.tag} className={`then-line ${styles[index] ?? ''}`} d={draw(tactic.tag)} />
      ))}
      <Marks report={report} scale={scale} models={props.models} lead={lead?.tag ?? null} now={now} />
      <EndLabels labels={labels} scale={scale} />
    </svg>
  );
}

/** Weekly cases per tactic: the new one as bars, the others as lines, releases and first sight marked. */
export function WeeklyChart(props: { readonly report: MonitorReport; readonly models: Models }): ReactElement {
  const { say } = useLanguage();
  const { report } = props;
  const now = useNow(3_600_000);
  const { lead } = chartTactics(report, 3);
  const first = lead === null ? null : firstWeek(report, lead.tag);
  const whole = wholeWeeks(report, lead?.tag ?? null, now).length === report.weeks.length;
  const title =
    lead === null || first === null
      ? say('window_monitor.weekly_calm')
      : say('window_monitor.weekly', { name: capital(tacticName(lead)), from: dateText(first, now) });
  return (
    <ChartPanel
      title={title}
      units={whole ? say('window_monitor.weekly_units') : say('window_monitor.weekly_units_whole')}
      foot={say('window_monitor.weekly_foot', { total: report.cases })}
      file="outpost-weeks.csv"
      table={weeklyTable(report, say)}
    >
      {(width) => <Drawing {...props} width={width} />}
    </ChartPanel>
  );
}
