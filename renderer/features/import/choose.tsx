import { useState, type DragEvent, type ReactElement } from 'react';
import { Button, FileButton } from '../../components/controls.tsx';
import { useNow } from '../../hooks/services.ts';
import { useLanguage } from '../../language/language.ts';
import { paceOf } from './preview.ts';
import type { Reading } from './use-import.ts';

/** Where a file is dropped or chosen. */
export function ChooseFile(props: { readonly onFile: (file: File) => void }): ReactElement {
  const { say } = useLanguage();
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) props.onFile(file);
  };
  return (
    <div
      className={over ? 'empty drop over' : 'empty drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <h2>{say('window_import.drop')}</h2>
      <p>{say('window_import.drop_more')}</p>
      <div className="actions">
        <FileButton label={say('window_import.choose')} accept=".csv,.tsv,.txt,text/csv" onFile={props.onFile} />
      </div>
    </div>
  );
}

/** How far the reading of a file is: rows, rate, time left, and the way out. */
export function ReadingFile(props: { readonly reading: Reading; readonly onCancel: () => void }): ReactElement {
  const { say } = useLanguage();
  const { reading, onCancel } = props;
  const pace = paceOf(reading, useNow(500));
  return (
    <div className="panel reading">
      <div className="progress">
        <p>
          <span role="status">{say('window_import.reading', { file: reading.name })}</span>{' '}
          <span className="muted num">
            {say('window_import.rows_read', { rows: reading.rows })}
            {pace !== null && (
              <>
                {' · '}
                {say('window_import.pace', { rate: pace.rate, seconds: Math.ceil(pace.left / 1_000) })}
              </>
            )}
          </span>
        </p>
        <Button onClick={onCancel}>{say('window_frame.cancel')}</Button>
        <progress
          aria-label={say('window_import.reading', { file: reading.name })}
          {...(reading.share > 0 ? { value: reading.share, max: 1 } : {})}
        />
      </div>
    </div>
  );
}
