import { scaleLinear } from 'd3-scale';
import type { ReactElement } from 'react';
import type { Finding, MonitorReport } from '../../../shared/drift/report.ts';
import { inTurn, sentence } from '../../../shared/language/sentence.ts';
import { capital, percent, percentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { ChartPanel, drawingHeight } from './chart-panel.tsx';
import { fitted } from './figures.ts';

type Shift = Finding & { kind: 'attribute' };

const left = 12;
/** Height for all facts, each a label and two bars below, and the most that one takes. */
const room = { all: 182, each: 44 };

/** The changed attributes of a report, the most changed first. */
export function shiftsOf(report: MonitorReport): Shift[] {
  return report.findings
    .filter((finding) => finding.kind === 'attribute')
    .toSorted((a, b) => b.effect - a.effect)
    .slice(0, 5);
}

function Drawing(props: { readonly shifts: readonly Shift[]; readonly width: number }): ReactElement {
  const { say, words } = useLanguage();
  const { shifts } = props;
  const pitch = Math.min(room.each, room.all / Math.max(1, shifts.length));
  const top = Math.max(0.1, ...shifts.flatMap((shift) => [shift.from, shift.to]));
  const x = scaleLinear([0, top], [left, props.width - 44]).nice(3);
  return (
    <svg
      className="drawing"
      viewBox={`0 0 ${props.width} ${drawingHeight}`}
      role="img"
      aria-label={say(
        inTurn(
          shifts.map(({ what, from, to }) =>
            sentence('window_monitor.finding_attribute', { what, from: percentText(from, 0), to: percentText(to, 0) }),
          ),
        ),
      )}
    >
      {x.ticks(3).map((tick) => (
        <g key={tick}>
          <path className={tick === 0 ? 'axis' : 'grid'} d={`M${x(tick)} 14V196`} />
          <text x={x(tick)} y="211" textAnchor="middle">
            {Math.round(tick * 100)}
          </text>
        </g>
      ))}
      {shifts.map((shift, index) => {
        const y = 12 + index * pitch;
        return (
          <g key={shift.name}>
            <text className={index === 0 ? 'strong' : undefined} x={left} y={y + 9}>
              {fitted(capital(words(shift.what)), props.width - left)}
            </text>
            <rect
              className="then-fill"
              x={left + 0.5}
              y={y + 13}
              width={Math.max(1, x(shift.from) - left)}
              height="7"
            />
            <text x={x(shift.from) + 6} y={y + 20}>
              {percent(shift.from)}
            </text>
            <rect className="now-fill" x={left} y={y + 22} width={Math.max(1, x(shift.to) - left)} height="8" />
            <text className="now" x={x(shift.to) + 6} y={y + 31}>
              {percent(shift.to)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** What changed among the facts beside an alarm: shares then and now. */
export function AttributeDriftChart(props: { readonly shifts: readonly Shift[] }): ReactElement | null {
  const { say, words } = useLanguage();
  const first = props.shifts[0];
  if (first === undefined) return null;
  const table = {
    head: [say('window_monitor.fact'), say('window_monitor.then'), say('window_monitor.now')],
    rows: props.shifts.map((shift) => [
      `${words(shift.label)}: ${words(shift.what)}`,
      say(percentText(shift.from)),
      say(percentText(shift.to)),
    ]),
  };
  return (
    <ChartPanel
      title={say('window_monitor.shift_title', {
        what: capital(words(first.what)),
        from: percentText(first.from, 0),
        to: percentText(first.to, 0),
      })}
      units={say('window_monitor.shift_units')}
      foot={say('window_monitor.shift_foot')}
      file="outpost-shifts.csv"
      table={table}
    >
      {(width) => <Drawing shifts={props.shifts} width={width} />}
    </ChartPanel>
  );
}
