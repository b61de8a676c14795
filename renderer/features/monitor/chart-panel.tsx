import { useId, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import { Button, Segmented } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { downloadCsv, type Table } from '../../transport/csv.ts';

/** A month or a day as tables write it: its hyphens are no place to break a line. */
const isDate = /^\d{4}-\d{2}(?:-\d{2})?$/;

/** A table of figures; the first column names the row. */
function FigureTable(props: {
  readonly table: Table;
  readonly caption: string;
  readonly markLast?: boolean;
}): ReactElement {
  const { head, rows } = props.table;
  return (
    <table className="table">
      <caption className="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          {head.map((cell, index) => (
            <th key={cell} scope="col" className={index === 0 ? undefined : 'num'}>
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={String(row[0])} className={props.markLast === true && at === rows.length - 1 ? 'now' : undefined}>
            {row.map((cell, index) =>
              index === 0 ? (
                <th key={head[index]} scope="row" className={isDate.test(String(cell)) ? 'whole' : undefined}>
                  {cell}
                </th>
              ) : (
                <td key={head[index]} className="num">
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Height of every drawing in CSS pixels. */
export const drawingHeight = 218;

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(360);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const measure = (): void => setWidth(Math.max(280, Math.floor(box.clientWidth)));
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** A chart whose title is its finding, with units, a table twin and an export. */
export function ChartPanel(props: {
  readonly title: string;
  readonly units: string;
  readonly foot: string;
  readonly file: string;
  readonly table: Table;
  /** Draws at the width given in CSS pixels, so that text keeps its size. */
  readonly children: (width: number) => ReactNode;
}): ReactElement {
  const { say } = useLanguage();
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const width = useWidth(body);
  return (
    <figure className="panel chart" role="group" aria-labelledby={id}>
      <header>
        <h3 id={id}>{props.title}</h3>
        <p className="muted small">{props.units}</p>
      </header>
      <div
        ref={body}
        className="chart-body"
        {...(shown === 'table'
          ? { tabIndex: 0, role: 'region', 'aria-label': say('window_monitor.table_of', { title: props.title }) }
          : {})}
      >
        {shown === 'chart' ? props.children(width) : <FigureTable table={props.table} caption={props.title} />}
      </div>
      <footer>
        <span>{props.foot}</span>
        <span className="push">
          <Segmented
            name="show-as"
            size="compact"
            label={say('window_monitor.show_as', { title: props.title })}
            value={shown}
            onChange={setShown}
            choices={[
              { value: 'chart', label: say('window_monitor.chart') },
              { value: 'table', label: say('window_monitor.table') },
            ]}
          />
        </span>
        <Button
          look="square"
          aria-label={say('window_monitor.export_of', { title: props.title })}
          title={say('window_monitor.export')}
          onClick={() => downloadCsv(props.file, props.table)}
        >
          <Icon name="export" />
        </Button>
      </footer>
    </figure>
  );
}
