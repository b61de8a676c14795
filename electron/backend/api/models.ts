import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { createUploadedFiles } from '../exchange/uploaded-files.ts';
import { maxModelBytes } from '../../../shared/encoding/onnx/index.ts';
import { maxManifestBytes } from '../../../platform/models/parse-manifest.ts';
import { activateModel, dryRun, importModel, modelRows } from '../models/service.ts';
import type { BackendContext } from '../session/context.ts';

/** What the window may ask about models. */
export function modelsApi(context: BackendContext) {
  const os = implement(backendContract.models);
  const exchange = createUploadedFiles(context.exchangeDir);
  return {
    list: os.list.handler(() => modelRows(context.session())),
    dryRun: os.dryRun.handler(({ input, signal }) => dryRun(context.session(), input.id, signal)),
    importFile: os.importFile.handler(async ({ input }) => {
      const session = context.session();
      const model = await exchange.read(input.modelFile, maxModelBytes);
      const manifest = await exchange.read(input.manifestFile, maxManifestBytes);
      const row = await importModel(session, { model, manifest });
      await exchange.remove(input.modelFile);
      await exchange.remove(input.manifestFile);
      return row;
    }),
    activate: os.activate.handler(async ({ input }) => {
      await activateModel(context.session(), input.id);
      return {};
    }),
  };
}
