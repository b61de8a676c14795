import { useState, type ReactElement } from 'react';
import { Button, FileButton, Panel, ProblemBox } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useAction, useServices } from '../../services.ts';
import { text } from '../../strings.ts';

const words = text.sync;

/** The courier stick: a sealed file out, a sealed file in. */
export function CourierPanel(props: { readonly enrolled: boolean; readonly joining: boolean }): ReactElement {
  const { client, files, queries } = useServices();
  const [said, setSaid] = useState<readonly string[]>([]);
  const begin = (other: { readonly clear: () => void }): void => {
    setSaid([]);
    other.clear();
  };
  const write = useAction(async () => {
    const made = await client.sync.exportCourier({});
    await files.download(made.file, made.name);
    setSaid([words.exported(made.entries, made.name)]);
    queries.changed('sync', 'status');
  });
  const read = useAction(async (file: File) => {
    const { sentences, answer } = await client.sync.importCourier({ file: await files.upload(file) });
    // Another laptop's file was handed on unread: what came back for it goes onto the stick again.
    if (answer !== undefined) await files.download(answer.file, answer.name);
    setSaid(answer === undefined ? sentences : [...sentences, words.answer(answer.name)]);
    queries.changed();
  });
  return (
    <Panel title={words.courier}>
      <div className="inner stack">
        <p className={props.joining ? undefined : 'muted'}>{props.joining ? words.joining : words.courierMore}</p>
        <div className="actions">
          <Button
            off={!(props.enrolled || props.joining) || write.busy}
            onClick={() => {
              begin(read);
              void write.run();
            }}
          >
            <Icon name="export" />
            {write.busy ? words.exporting : words.export}
          </Button>
          <FileButton
            label={words.import}
            accept=".age,.outpost,.courier,.json,.tar"
            off={read.busy}
            onFile={(file) => {
              begin(write);
              void read.run(file);
            }}
          />
        </div>
        {!props.enrolled && !props.joining && <p className="muted small">{words.enrolFirst}</p>}
        <ProblemBox problem={write.problem ?? read.problem} />
        <div role="status">
          {said.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      </div>
    </Panel>
  );
}
