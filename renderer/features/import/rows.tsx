import type { ReactElement } from 'react';
import { refusalText, refusedLines } from '../../../shared/case-import/refused-rows.ts';
import type { StagedImport } from '../../../shared/contract/imports.ts';
import { listed } from '../../../shared/language/sentence.ts';
import { Button, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useAction, useNow, useServices } from '../../hooks/services.ts';
import { dateText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';
import { downloadCsv } from '../../transport/csv.ts';
import { filledColumns, type PreviewColumn } from './preview.ts';

type Row = StagedImport['preview'][number];

function Cell(props: { readonly row: Row; readonly column: PreviewColumn }): ReactElement {
  const { say, words } = useLanguage();
  const { row, column } = props;
  const now = useNow(3_600_000);
  switch (column) {
    case 'received':
      return <td>{say(dateText(row.received, now))}</td>;
    case 'answers':
      return <td className="num">{say('window_format.number', { value: row.answers })}</td>;
    case 'outcome':
      return <td>{row.outcome !== null && say(`window_case.outcomes_${row.outcome}`)}</td>;
    case 'indicators':
    case 'tactics':
      return <td>{words(listed(row[column]))}</td>;
    case 'narrative':
      return (
        <td className="told" title={row.narrative}>
          <span>{row.narrative}</span>
        </td>
      );
    case 'reference':
    case 'resident':
    case 'place':
      return <td>{row[column]}</td>;
  }
}

/** The first rows as the cases they would become. */
export function PreviewPanel(props: { readonly staged: StagedImport }): ReactElement {
  const { say } = useLanguage();
  const { preview } = props.staged;
  const columns = filledColumns(preview);
  const title = say('window_import.preview', { n: preview.length });
  return (
    <Panel title={title}>
      <div className="rows" tabIndex={0} role="group" aria-label={title}>
        <table className="table">
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col" className="num">
                {say('window_import.line')}
              </th>
              {columns.map((column) => (
                <th key={column} scope="col" className={column === 'answers' ? 'num' : undefined}>
                  {say(`window_import.head_${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((row) => (
              <tr key={row.line}>
                <th scope="row" className="num">
                  {say('window_format.plain_number', { value: row.line })}
                </th>
                {columns.map((column) => (
                  <Cell key={column} row={row} column={column} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function refusedName(file: string): string {
  return `${file.replace(/\.[^.]*$/, '')}-refused.csv`;
}

/** The first rows that become no cases, with why; all of them as a file. */
export function RefusedPanel(props: { readonly staged: StagedImport; readonly file: string }): ReactElement {
  const language = useLanguage();
  const { say } = language;
  const { client } = useServices();
  const { id, header, problems, refused } = props.staged;
  const save = useAction(async () => {
    const read = (after: number, limit: number) => client.imports.refused({ id, after, limit });
    const [head = [], ...rows] = await refusedLines(header, read, language);
    downloadCsv(refusedName(props.file), { head, rows });
  });
  return (
    <Panel title={say('window_import.refused', { n: refused })}>
      <div className="inner stack">
        <div className="actions">
          <Button off={save.busy} onClick={() => void save.run()}>
            <Icon name="export" />
            {say('window_import.save_refused')}
          </Button>
          <span className="muted small grow">{say('window_import.refused_more')}</span>
        </div>
        <ProblemBox problem={save.problem} />
      </div>
      <table className="table">
        <caption className="visually-hidden">{say('window_import.refused', { n: refused })}</caption>
        <thead>
          <tr>
            <th scope="col" className="num">
              {say('window_import.line')}
            </th>
            <th scope="col">{say('window_import.why')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ line, problems: found }) => (
            <tr key={line}>
              <th scope="row" className="num">
                {say('window_format.plain_number', { value: line })}
              </th>
              <td className="breaks">{say(refusalText(found))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {refused > problems.length && (
        <p className="inner muted small">{say('window_import.refused_rest', { n: refused - problems.length })}</p>
      )}
    </Panel>
  );
}
