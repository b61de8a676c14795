import { useState, type FormEvent, type ReactElement } from 'react';
import { sentence } from '../../../shared/language/sentence.ts';
import { Button, FieldError, FileButton, Panel, ProblemBox } from '../../components/controls.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';

/** Enrolment by a pasted code or by a file; either works once. */
export function EnrolPanel(): ReactElement {
  const { say } = useLanguage();
  const { client, files, queries } = useServices();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const enrol = useAction(async (by: { code: string } | { file: File }) => {
    await client.sync.enrol('code' in by ? { code: by.code } : { file: await files.upload(by.file) });
    queries.changed();
    // The form goes away with the enrolment; the page it stood on takes the focus.
    document.querySelector<HTMLElement>('main .pane')?.focus();
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(code.trim() === '');
    if (code.trim() !== '') void enrol.run({ code: code.trim() });
  };
  return (
    <Panel title={say('window_sync.enrol')}>
      <form className="inner stack" onSubmit={submit} noValidate>
        <p className="muted">{say('window_sync.enrol_more')}</p>
        <label htmlFor="enrol-code">{say('window_sync.code')}</label>
        <textarea
          className="input mono"
          id="enrol-code"
          rows={3}
          spellCheck={false}
          value={code}
          aria-invalid={missing || undefined}
          aria-describedby="enrol-error"
          onChange={(event) => setCode(event.target.value)}
        />
        <FieldError id="enrol-error" message={missing ? sentence('window_sync.no_code') : undefined} />
        <ProblemBox problem={enrol.problem} />
        <div className="actions">
          <Button type="submit" look="primary" off={enrol.busy}>
            {enrol.busy ? say('window_sync.enrolling') : say('window_sync.enrol_button')}
          </Button>
          <FileButton
            label={say('window_sync.enrol_file')}
            accept=".json,.outpost,.age,application/json"
            off={enrol.busy}
            onFile={(file) => void enrol.run({ file })}
          />
        </div>
      </form>
    </Panel>
  );
}
