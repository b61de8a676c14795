import { useState, type ReactElement } from 'react';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { Button, FileButton, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';

/** The courier stick: a sealed file out, a sealed file in. */
export function CourierPanel(props: { readonly enrolled: boolean; readonly joining: boolean }): ReactElement {
  const { say } = useLanguage();
  const { client, files, queries } = useServices();
  const [messages, setMessages] = useState<readonly Sentence[]>([]);
  const begin = (other: { readonly clear: () => void }): void => {
    setMessages([]);
    other.clear();
  };
  const write = useAction(async () => {
    const made = await client.sync.exportCourier({});
    await files.download(made.file, made.name);
    setMessages([sentence('window_sync.exported', { entries: made.entries, name: made.name })]);
    queries.changed('sync', 'status');
  });
  const read = useAction(async (file: File) => {
    const { sentences, answer } = await client.sync.importCourier({ file: await files.upload(file) });
    // Another laptop's file was handed on unread: what came back for it goes onto the stick again.
    if (answer !== undefined) await files.download(answer.file, answer.name);
    setMessages(
      answer === undefined ? sentences : [...sentences, sentence('window_sync.answer', { name: answer.name })],
    );
    queries.changed();
  });
  return (
    <Panel title={say('window_sync.courier')}>
      <div className="inner stack">
        <p className={props.joining ? undefined : 'muted'}>
          {props.joining ? say('window_sync.joining') : say('window_sync.courier_more')}
        </p>
        <div className="actions">
          <Button
            off={!(props.enrolled || props.joining) || write.busy}
            onClick={() => {
              begin(read);
              void write.run();
            }}
          >
            <Icon name="export" />
            {write.busy ? say('window_sync.exporting') : say('window_sync.export')}
          </Button>
          <FileButton
            label={say('window_sync.import')}
            accept=".age,.outpost,.courier,.json,.tar"
            off={read.busy}
            onFile={(file) => {
              begin(write);
              void read.run(file);
            }}
          />
        </div>
        {!props.enrolled && !props.joining && <p className="muted small">{say('window_sync.enrol_first')}</p>}
        <ProblemBox problem={write.problem ?? read.problem} />
        <div role="status">
          {messages.map((one) => (
            <p key={JSON.stringify(one)}>{say(one)}</p>
          ))}
        </div>
      </div>
    </Panel>
  );
}
