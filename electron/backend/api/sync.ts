import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { previewOf } from '../upload/preview.ts';
import type { SyncService } from '../sync/service.ts';
import type { BackendContext } from '../session/context.ts';

/** What the window may ask of sync. */
export function syncApi(context: BackendContext, sync: SyncService) {
  const os = implement(backendContract).sync;
  return {
    status: os.status.handler(() => sync.status()),
    enrol: os.enrol.handler(async ({ input }) => {
      await sync.enrol(input);
      return {};
    }),
    now: os.now.handler(({ signal }) => sync.now(signal)),
    exportCourier: os.exportCourier.handler(() => sync.exportCourier()),
    importCourier: os.importCourier.handler(async ({ input }) => {
      const { sentences, answer } = await sync.importCourier(input.file);
      return answer === null ? { sentences } : { sentences, answer };
    }),
    preview: os.preview.handler(({ input }) => previewOf(context.session(), input)),
  };
}
