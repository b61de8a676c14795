import { scaleLinear } from 'd3-scale';
import type { ReactElement } from 'react';
import type { Finding, MonitorReport } from '../../../shared/drift/report.ts';
import { capital, percent, percentText } from '../../format.ts';
import { text } from '../../strings.ts';
import { ChartPanel, drawingHeight } from './chart-panel.tsx';

type Shift = Finding & { kind: 'attribute' };

/** The changed attributes of a report, the most changed first. */
export function shiftsOf(report: MonitorReport): Shift[] {
  return report.findings
    .filter((finding) => finding.kind === 'attribute')
    .toSorted((a, b) => b.psi - a.psi)
    .slice(0, 5);
}

/** A label in at most two lines of 24 characters. */
export function twoLines(label: string): string[] {
  if (label.length <= 24) return [label];
  const space = label.lastIndexOf(' ', 24);
  const cut = space > 0 ? space : 24;
  const rest = label.slice(cut).trim();
  return [label.slice(0, cut), rest.length > 24 ? `${rest.slice(0, 23)}…` : rest];
}

function Drawing(props: { readonly shifts: readonly Shift[]; readonly width: number }): ReactElement {
  const { shifts } = props;
  const top = Math.max(0.1, ...shifts.flatMap((shift) => [shift.from, shift.to]));
  const x = scaleLinear([0, top], [150, props.width - 44]).nice(3);
  return (
    <svg
      className="drawing"
      viewBox={`0 0 ${props.width} ${drawingHeight}`}
      role="img"
      aria-label={shifts
        .map((shift) => `${shift.what}: ${percent(shift.from)} % then, ${percent(shift.to)} % now`)
        .join('. ')}
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
        const y = 20 + index * 36;
        return (
          <g key={shift.name}>
            {twoLines(capital(shift.what)).map((part, row, parts) => (
              <text
                key={part}
                className={index === 0 ? 'strong' : undefined}
                x="142"
                y={y + (parts.length === 1 ? 16 : 10 + row * 13)}
                textAnchor="end"
              >
                {part}
              </text>
            ))}
            <rect className="then-fill" x="150.5" y={y} width={Math.max(1, x(shift.from) - 150)} height="9" />
            <text x={x(shift.from) + 6} y={y + 9}>
              {percent(shift.from)}
            </text>
            <rect className="now-fill" x="150" y={y + 12} width={Math.max(1, x(shift.to) - 150)} height="11" />
            <text className="now" x={x(shift.to) + 6} y={y + 21}>
              {percent(shift.to)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** What changed among the facts beside an alarm: shares then and now. */
export function ShiftChart(props: { readonly shifts: readonly Shift[] }): ReactElement | null {
  const first = props.shifts[0];
  if (first === undefined) return null;
  const words = text.monitor;
  const table = {
    head: [words.fact, words.then, words.now],
    rows: props.shifts.map((shift) => [
      `${shift.label}: ${shift.what}`,
      percentText(shift.from),
      percentText(shift.to),
    ]),
  };
  return (
    <ChartPanel
      title={words.shiftTitle(capital(first.what), percentText(first.from, 0), percentText(first.to, 0))}
      units={words.shiftUnits}
      foot={words.shiftFoot}
      file="outpost-shifts.csv"
      table={table}
    >
      {(width) => <Drawing shifts={props.shifts} width={width} />}
    </ChartPanel>
  );
}
