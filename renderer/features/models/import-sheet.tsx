import { useState, type ReactElement } from 'react';
import { Button, FileButton, ProblemBox } from '../../components/controls.tsx';
import { Sheet } from '../../components/overlay.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';

/** Takes a model and its manifest as files; both are checked before anything runs. */
export function ImportSheet(props: { readonly open: boolean; readonly onClose: () => void }): ReactElement {
  const { say } = useLanguage();
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
    <Sheet open={props.open} onClose={props.onClose} title={say('window_models.import_title')}>
      <p>{say('window_models.import_more')}</p>
      <div className="actions">
        <FileButton label={say('window_models.model_file')} accept=".onnx" onFile={setModel} />
        <span className="muted breaks">{model?.name ?? say('window_models.not_chosen')}</span>
      </div>
      <div className="actions">
        <FileButton label={say('window_models.manifest_file')} accept=".json" onFile={setManifest} />
        <span className="muted breaks">{manifest?.name ?? say('window_models.not_chosen')}</span>
      </div>
      <ProblemBox problem={take.problem} />
      <div className="actions">
        <Button look="primary" off={model === null || manifest === null || take.busy} onClick={() => void take.run()}>
          {take.busy ? say('window_models.importing') : say('window_models.import')}
        </Button>
      </div>
    </Sheet>
  );
}
