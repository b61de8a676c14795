import { addDays, weekOf } from '../../shared/drift/days.ts';
import { sharesOf, trueCases, weekOfCases, type Shares } from './figures.ts';
import type { Played } from './play.ts';

/** One week of the story. */
interface Week extends Shares {
  readonly start: string;
  /** Share of the week's cases the newest model scored. */
  readonly second: number | null;
  readonly monitor: string;
}

/** Figures per week, by the truth only the story knows. */
export function weeksOf(played: Played): Week[] {
  const cases = trueCases(played.laptops);
  const starts = [...new Set(cases.map(({ one }) => weekOf(one.received)))].toSorted();
  return starts.map((start) => {
    const week = weekOfCases(cases, start);
    const last = played.days.filter((d) => d.day >= start && d.day < addDays(start, 7)).at(-1);
    const second = week.filter(({ scored }) => scored.model.version === 2).length / Math.max(1, week.length);
    return { start, ...sharesOf(week), second, monitor: last?.report.kind ?? '' };
  });
}

function cell(value: number | null): string {
  return (value === null ? '-' : (100 * value).toFixed(0)).padStart(8);
}

const heads = ['found', 'missed', 'accused', 'unclear', 'outside', 'UPI', 'model 2'];

/** The weeks as a plain table; shares in per cent, of scams, of genuine providers (accused) or of all cases. */
export function weekTable(weeks: readonly Week[]): string {
  const head = `week of     cases${heads.map((h) => h.padStart(8)).join('')}  monitor`;
  const lines = weeks.map((w) => {
    const shares = [w.recall, w.missed, w.accused, w.unclear, w.outside, w.upi, w.second].map(cell).join('');
    return `${w.start}  ${String(w.cases).padStart(5)}${shares}  ${w.monitor.replace('_', ' ')}`;
  });
  return [head, ...lines].join('\n');
}
