import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import type { LiveBus, Topic } from '../live/change-bus.ts';
import type { BackendContext } from '../session/context.ts';

interface Change {
  topic: Topic;
  id: string | null;
}

/**
 * Changes as they come, until the signal fires. What a slow reader has not taken yet is kept once per topic and id:
 * a change only says "read again".
 */
async function* changes(live: LiveBus, signal: AbortSignal | undefined): AsyncGenerator<Change, void, void> {
  const waiting = new Map<string, Change>();
  let wake: () => void = () => undefined;
  const unsubscribe = live.subscribe((change) => {
    waiting.set(`${change.topic} ${change.id ?? ''}`, change);
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      const [next] = waiting;
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      waiting.delete(next[0]);
      yield next[1];
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

/** Names of what changed, so that pages read it again. */
export function liveApi(context: BackendContext) {
  const os = implement(backendContract.live);
  return { changes: os.changes.handler(({ signal }) => changes(context.live, signal)) };
}
