import { useState, type ReactElement } from 'react';
import type { ImportRow } from '../../../shared/contract/imports.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, Panel, ProblemBox } from '../../components/controls.tsx';
import { Confirm } from '../../components/overlay.tsx';
import { useAction, useNow, useReading, useServices } from '../../hooks/services.ts';
import { instantText, momentText } from '../../language/format.ts';
import { useLanguage } from '../../language/language.ts';

/** An import that somebody wants to take back. */
type Undoable = Pick<ImportRow, 'id' | 'file' | 'cases'>;

/** Asks before the cases of an import are taken back, and says why when they cannot be. */
export function UndoImport(props: {
  readonly of: Undoable | null;
  readonly onClose: () => void;
  readonly onUndone: (undone: Undoable) => void;
}): ReactElement {
  const { say } = useLanguage();
  const { client, queries, view } = useServices();
  const { of } = props;
  const undo = useAction(async (row: Undoable) => {
    const { cases } = await client.imports.undo({ id: row.id });
    queries.changed('cases', 'status', 'monitor');
    view.getState().set({ announcement: sentence('case_import.undone', { cases }) });
    props.onUndone(row);
  });
  const close = (): void => {
    undo.clear();
    props.onClose();
  };
  return (
    <Confirm
      open={of !== null}
      onClose={close}
      title={say('window_import.undo_title', { cases: of?.cases ?? 0, file: of?.file ?? '' })}
      yes={say('window_import.undo')}
      onYes={() => of !== null && void undo.run(of)}
    >
      <p>{say('window_import.undo_more')}</p>
      <ProblemBox problem={undo.problem} />
    </Confirm>
  );
}

function EarlierRow(props: { readonly row: ImportRow; readonly onUndo: (row: ImportRow) => void }): ReactElement {
  const { say } = useLanguage();
  const now = useNow(60_000);
  const { row } = props;
  const undone = row.state === 'undone';
  return (
    <tr>
      <td title={say(instantText(row.at))}>{say(momentText(row.at, now))}</td>
      <th scope="row">{row.file}</th>
      <td className="num">{say('window_format.number', { value: row.cases })}</td>
      <td className="num">
        {/* The same button stays, so that the focus does when the dialog closes. */}
        <Button
          look="plain"
          off={undone}
          aria-label={undone ? undefined : say('window_import.undo_of', { file: row.file })}
          onClick={() => props.onUndo(row)}
        >
          {undone ? say('window_import.undone') : say('window_import.undo')}
        </Button>
      </td>
    </tr>
  );
}

/** What was taken in from files before, each to be taken back as a whole. */
export function EarlierImports(props: { readonly onUndone: (undone: Undoable) => void }): ReactElement | null {
  const { say } = useLanguage();
  const { client } = useServices();
  const imports = useReading('imports', ['cases'], () => client.imports.list({}));
  const [undoing, setUndoing] = useState<ImportRow | null>(null);
  const rows = imports.data ?? [];
  if (imports.problem !== null) return <ProblemBox problem={imports.problem} />;
  return (
    <Panel title={say('window_import.earlier')}>
      {rows.length === 0 ? (
        <p className="inner muted">{imports.data !== undefined && say('window_import.earlier_none')}</p>
      ) : (
        <table className="table">
          <caption className="visually-hidden">{say('window_import.earlier')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('window_import.when')}</th>
              <th scope="col">{say('window_import.file')}</th>
              <th scope="col" className="num">
                {say('window_import.cases')}
              </th>
              <th scope="col">
                <span className="visually-hidden">{say('window_import.undo')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <EarlierRow key={row.id} row={row} onUndo={setUndoing} />
            ))}
          </tbody>
        </table>
      )}
      <UndoImport
        of={undoing}
        onClose={() => setUndoing(null)}
        onUndone={(undone) => {
          setUndoing(null);
          props.onUndone(undone);
        }}
      />
    </Panel>
  );
}
