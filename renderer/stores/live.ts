import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Topic } from './queries.ts';

export interface Live {
  /** False while the stream of changes is down: what is shown may be old. */
  readonly connected: boolean;
}

/** Milliseconds to wait before attempt `attempt` (0 = first) to reach the backend again: doubling from 0.5 to 15 s. */
export function retryDelay(attempt: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
}

/**
 * Gathers changes that come in quick succession, as while a long queue is sent, into one. Every change may move a
 * count in the status strip. No topic at all means everything, and stays so.
 */
export function gathered(
  changed: (...topics: Topic[]) => void,
  later: (act: () => void) => void,
): (...topics: Topic[]) => void {
  let waiting: Set<Topic> | null = null;
  let all = false;
  return (...topics) => {
    const first = waiting === null;
    waiting ??= new Set<Topic>(['status']);
    if (topics.length === 0) all = true;
    for (const topic of topics) waiting.add(topic);
    if (!first) return;
    later(() => {
      const names = all ? [] : [...(waiting ?? [])];
      waiting = null;
      all = false;
      changed(...names);
    });
  };
}

/** What changed, and the case it is about where it is about one. */
interface Change {
  readonly topic: Topic;
  readonly id?: string | null;
}
type Changes = (signal: AbortSignal) => Promise<AsyncIterable<Change>>;
type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Creates the store that tells whether the stream of changes is up. */
export function createLive(): StoreApi<Live> {
  return createStore<Live>(() => ({ connected: true }));
}

/**
 * Follows the backend's changes until the signal is aborted. After a break it tries again with growing pauses and
 * reports everything as changed once it is back, since what happened meanwhile is unknown.
 */
export async function followChanges(options: {
  readonly live: StoreApi<Live>;
  readonly changes: Changes;
  readonly changed: (...topics: Topic[]) => void;
  /** Told at once of each case that changed. */
  readonly changedCase?: (id: string) => void;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { live, changed, signal } = options;
  let attempt = 0;
  while (!signal.aborted) {
    try {
      const stream = await options.changes(signal);
      live.setState({ connected: true });
      if (attempt > 0) changed();
      attempt = 0;
      for await (const { topic, id } of stream) {
        if (topic === 'cases' && typeof id === 'string') options.changedCase?.(id);
        changed(topic);
      }
    } catch (error) {
      if (signal.aborted) return;
      live.setState({ connected: false });
      console.debug('The stream of changes broke and is opened again.', error instanceof Error ? error.name : '');
    }
    await options.wait(retryDelay(attempt), signal);
    attempt += 1;
  }
}

/** Waits, or returns at once when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
