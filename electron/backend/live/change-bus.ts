import type { WallClock } from '../../../platform/environment.ts';

/** What can change. */
export type Topic = 'status' | 'cases' | 'models' | 'sync' | 'monitor' | 'people' | 'settings';

/** Announces changes within the backend and to its windows. */
export interface LiveBus {
  publish(topic: Topic, id?: string): void;
  subscribe(listener: (change: { topic: Topic; id: string | null }) => void): () => void;
}

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

/** How long windows take to read again what was announced as changed, in milliseconds. */
const echoMs = 2_000;

/** Tells whether a change was published in the last two seconds: reads are then most likely a window's own. */
export function watchChanges(live: LiveBus, clock: WallClock): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  live.subscribe(() => {
    last = clock.now();
  });
  return () => clock.now() - last < echoMs;
}
