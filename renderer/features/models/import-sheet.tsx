import { useState, type ReactElement } from 'react';
import type { ModelRow } from '../../../shared/contract/views.ts';
import { Button, FileButton, ProblemBox } from '../../components/controls.tsx';
import { Sheet } from '../../components/overlay.tsx';
import { useLanguage } from '../../language/language.ts';
import { useAction, useServices } from '../../hooks/services.ts';

function Chosen(props: { readonly file: File | null }): ReactElement {
  const { say } = useLanguage();
  const { file } = props;
  return <span className={file === null ? 'muted' : 'breaks'}>{file?.name ?? say('window_models.not_chosen')}</span>;
}

/** What became of an import, and what can be done with the model now. */
function Imported(props: { readonly row: ModelRow }): ReactElement {
  const { say } = useLanguage();
  const { name, version, state } = props.row;
  return (
    <div role="status">
      <p>{say('window_models.imported', { name: say('window_models.name', { name, version }) })}</p>
      <p>{state === 'dry_run_only' ? say('window_models.imported_try') : say(`window_models.imported_${state}`)}</p>
    </div>
  );
}

/** Takes a model and its manifest as files; both are checked before anything runs. It stays to say what came of it. */
export function ImportSheet(props: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDryRun: (model: ModelRow) => void;
}): ReactElement {
  const { say } = useLanguage();
  const { client, files, queries } = useServices();
  const [model, setModel] = useState<File | null>(null);
  const [manifest, setManifest] = useState<File | null>(null);
  const [row, setRow] = useState<ModelRow | null>(null);
  const take = useAction(async () => {
    if (model === null || manifest === null) return;
    const [modelFile, manifestFile] = [await files.upload(model), await files.upload(manifest)];
    setRow(await client.models.importFile({ modelFile, manifestFile }));
    setModel(null);
    setManifest(null);
    queries.changed('models');
  });
  const close = (): void => {
    setRow(null);
    take.clear();
    props.onClose();
  };
  const choose = (set: (file: File) => void) => (file: File) => {
    take.clear();
    set(file);
  };
  const primary =
    row === null ? (
      <Button look="primary" off={model === null || manifest === null || take.busy} onClick={() => void take.run()}>
        {take.busy ? say('window_models.importing') : say('window_models.import')}
      </Button>
    ) : (
      <Button
        look="primary"
        onClick={() => {
          close();
          props.onDryRun(row);
        }}
      >
        {say('window_models.dry_run')}
      </Button>
    );
  return (
    <Sheet open={props.open} onClose={close} title={say('window_models.import_title')} actions={primary}>
      {row === null ? (
        <>
          <p>{say('window_models.import_more')}</p>
          <div className="choosers">
            <FileButton label={say('window_models.model_file')} accept=".onnx" onFile={choose(setModel)} />
            <Chosen file={model} />
            <FileButton label={say('window_models.manifest_file')} accept=".json" onFile={choose(setManifest)} />
            <Chosen file={manifest} />
          </div>
          <ProblemBox problem={take.problem} />
        </>
      ) : (
        <Imported row={row} />
      )}
    </Sheet>
  );
}
