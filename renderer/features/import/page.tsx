import { useEffect, useState, type ReactElement } from 'react';
import type { ImportMapping } from '../../../shared/case-import/mapping.ts';
import { separatorName } from '../../../shared/encoding/csv-separator.ts';
import type { StagedImport } from '../../../shared/contract/imports.ts';
import { Button, FileButton, Page, ProblemBox } from '../../components/controls.tsx';
import { hashOf } from '../../hooks/router.ts';
import { useLanguage } from '../../language/language.ts';
import { ChooseFile, ReadingFile } from './choose.tsx';
import { EarlierImports, UndoImport } from './earlier.tsx';
import { MappingPanel } from './mapping.tsx';
import { PreviewPanel, RefusedPanel } from './rows.tsx';
import { useImport, type CaseImport, type Found, type Taken } from './use-import.ts';

function countsOf(file: string, { rows, new: fresh, known, refused }: StagedImport) {
  return { file, rows, new: fresh, known, refused };
}

/** One sentence of what was found, and how the file is written. */
function Lead(props: { readonly found: Found }): ReactElement {
  const { say } = useLanguage();
  const { file, opened, staged } = props.found;
  return (
    <section className={staged === null ? 'finding watch' : 'finding'} aria-label={say('window_import.found')}>
      <div className="say" role="status">
        <b>
          {staged === null
            ? say('window_import.not_taken', { file: file.name })
            : say('window_import.counts', countsOf(file.name, staged))}
        </b>
        <p className="muted small">
          {say('window_import.written', {
            encoding: opened.encoding.toUpperCase(),
            separator: separatorName(opened.separator),
          })}{' '}
          {opened.layout !== null && say('case_import.layout', { layout: opened.layout })}
        </p>
      </div>
    </section>
  );
}

/** What came of the last import, with the way to the cases and the way back. */
function Done(props: { readonly taken: Taken; readonly onUndone: (id: string) => void }): ReactElement {
  const { say } = useLanguage();
  const { taken, onUndone } = props;
  const { cases, file } = taken;
  const [undoing, setUndoing] = useState(false);
  return (
    <section className="finding" aria-label={say('window_import.found')}>
      <div className="say actions">
        <b role="status">
          {taken.undone ? say('case_import.undone', { cases }) : say('window_import.done', { cases, file })}
        </b>
        <a href={hashOf({ page: 'queue', id: null, reading: false })}>{say('window_import.to_queue')}</a>
        <Button off={taken.undone} onClick={() => setUndoing(true)}>
          {say('window_import.undo')}
        </Button>
      </div>
      <UndoImport
        of={undoing ? taken : null}
        onClose={() => setUndoing(false)}
        onUndone={({ id }) => {
          setUndoing(false);
          onUndone(id);
        }}
      />
    </section>
  );
}

function TakeBar(props: { readonly flow: CaseImport; readonly changed: boolean }): ReactElement {
  const { say } = useLanguage();
  const { flow, changed } = props;
  const count = flow.found?.staged?.new ?? 0;
  const note = changed
    ? say('window_import.changed')
    : flow.found?.staged != null && count === 0
      ? say('window_import.nothing_new')
      : say('window_import.take_more');
  return (
    <footer className="save-bar">
      <Button look="primary" off={count === 0 || changed || flow.busy || flow.reading !== null} onClick={flow.takeIn}>
        {flow.busy ? say('window_import.taking') : say('window_import.take', { cases: count })}
      </Button>
      <Button off={flow.busy} onClick={flow.discard}>
        {say('window_import.discard')}
      </Button>
      <p className="muted">{note}</p>
    </footer>
  );
}

function FoundPanels(props: {
  readonly found: Found;
  readonly edited: ImportMapping | null;
  readonly onEdit: (mapping: ImportMapping) => void;
  readonly busy: boolean;
  readonly onRead: () => void;
}): ReactElement {
  const { found, edited } = props;
  const { file, opened, staged } = found;
  return (
    <>
      {staged !== null && staged.preview.length > 0 && <PreviewPanel staged={staged} />}
      {staged !== null && staged.refused > 0 && <RefusedPanel key={staged.id} staged={staged} file={file.name} />}
      <MappingPanel
        found={found}
        mapping={edited ?? opened.mapping}
        onChange={props.onEdit}
        off={edited === null || props.busy}
        onRead={props.onRead}
      />
    </>
  );
}

/** What had the focus may be gone with the step it belonged to: the page then takes it. */
function useKeptFocus(step: string): void {
  useEffect(() => {
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('main .pane')?.focus();
  }, [step]);
}

/** Cases from a CSV file: chosen, read and looked at first, then taken in at once, and taken back as a whole. */
export function ImportPage(): ReactElement {
  const { say } = useLanguage();
  const flow = useImport();
  const [edited, setEdited] = useState<ImportMapping | null>(null);
  const { found, reading, taken } = flow;
  useKeptFocus(`${found === null} ${reading === null} ${taken?.id}`);
  const read = (file: File, mapping: ImportMapping | null): void => {
    setEdited(null);
    flow.read(file, mapping);
  };
  const choose = (file: File): void => read(file, null);
  return (
    <Page
      title={say('window_import.title')}
      end={found !== null && <FileButton label={say('window_import.other')} accept=".csv,.tsv,.txt" onFile={choose} />}
      foot={found !== null && <TakeBar flow={flow} changed={edited !== null} />}
    >
      {taken !== null && <Done key={taken.id} taken={taken} onUndone={flow.undone} />}
      {found !== null && <Lead found={found} />}
      <div className="page-body stack" aria-busy={flow.busy || undefined}>
        {reading !== null && <ReadingFile reading={reading} onCancel={flow.cancel} />}
        <ProblemBox problem={flow.problem} />
        {found === null && reading === null && <ChooseFile onFile={choose} />}
        {found !== null && (
          <FoundPanels
            found={found}
            edited={edited}
            onEdit={setEdited}
            busy={reading !== null || flow.busy}
            onRead={() => read(found.file, edited)}
          />
        )}
        {found === null && <EarlierImports onUndone={({ id }) => flow.undone(id)} />}
      </div>
    </Page>
  );
}
