import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { createCaseImports } from '../case-import/service.ts';
import { createUploadedFiles } from '../exchange/uploaded-files.ts';
import type { BackendContext } from '../session/context.ts';

/** Cases that come in CSV files. */
export function importsApi(context: BackendContext) {
  const os = implement(backendContract.imports);
  const imports = createCaseImports(context, createUploadedFiles(context.exchangeDir));
  return {
    stage: os.stage.handler(({ input: { file: token, name, mapping }, signal }) =>
      imports.stage({ token, name, mapping }, signal),
    ),
    refused: os.refused.handler(({ input }) => imports.refused(input.id, input.after, input.limit)),
    commit: os.commit.handler(({ input }) => ({ cases: imports.commit(input.id) })),
    discard: os.discard.handler(({ input }) => {
      imports.discard(input.id);
      return {};
    }),
    undo: os.undo.handler(({ input }) => ({ cases: imports.undo(input.id) })),
    list: os.list.handler(() => imports.list()),
  };
}
