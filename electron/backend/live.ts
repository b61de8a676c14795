import type { LiveBus } from './types.ts';

/** Tells every listener what changed. Publish after commit only: a listener reads again at once. */
export function createLiveBus(): LiveBus {
  const listeners = new Set<Parameters<LiveBus['subscribe']>[0]>();
  return {
    publish(topic, id) {
      for (const listener of [...listeners]) listener({ topic, id: id ?? null });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
