import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { readSettings, writeSettings } from '../settings/settings.ts';
import type { BackendContext } from '../session/context.ts';

/** Settings of this laptop. */
export function settingsApi(context: BackendContext, onLockAfter: (minutes: number) => void) {
  const os = implement(backendContract.settings);
  return {
    get: os.get.handler(() => {
      const { keyValues } = context.session();
      return { ...readSettings(keyValues), dataFolder: context.options.dataDir };
    }),
    set: os.set.handler(({ input }) => {
      const settings = writeSettings(context.session().keyValues, input);
      if (input.lockAfterMinutes !== undefined) onLockAfter(settings.lockAfterMinutes);
      context.live.publish('settings');
      context.live.publish('status');
      return {};
    }),
  };
}
