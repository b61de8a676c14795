import { useState, type ReactElement } from 'react';
import { Button, FileButton, ProblemBox } from '../../components/controls.tsx';
import { Sheet } from '../../components/overlay.tsx';
import { useAction, useServices } from '../../services.ts';
import { text } from '../../strings.ts';

const words = text.models;

/** Takes a model and its manifest as files; both are checked before anything runs. */
export function ImportSheet(props: { readonly open: boolean; readonly onClose: () => void }): ReactElement {
  const { client, files, queries } = useServices();
  const [model, setModel] = useState<File | null>(null);
  const [manifest, setManifest] = useState<File | null>(null);
  const take = useAction(async () => {
    if (model === null || manifest === null) return;
    const [modelFile, manifestFile] = [await files.upload(model), await files.upload(manifest)];
    await client.models.importFile({ modelFile, manifestFile });
    setModel(null);
    setManifest(null);
    queries.changed('models');
    props.onClose();
  });
  return (
    <Sheet open={props.open} onClose={props.onClose} title={words.importTitle}>
      <p>{words.importMore}</p>
      <div className="actions">
        <FileButton label={words.modelFile} accept=".onnx" onFile={setModel} />
        <span className="muted breaks">{model?.name ?? words.notChosen}</span>
      </div>
      <div className="actions">
        <FileButton label={words.manifestFile} accept=".json" onFile={setManifest} />
        <span className="muted breaks">{manifest?.name ?? words.notChosen}</span>
      </div>
      <ProblemBox problem={take.problem} />
      <div className="actions">
        <Button look="primary" off={model === null || manifest === null || take.busy} onClick={() => void take.run()}>
          {take.busy ? words.importing : words.import}
        </Button>
      </div>
    </Sheet>
  );
}
