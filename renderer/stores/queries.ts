import { createStore, type StoreApi } from 'zustand/vanilla';
import { problemOf, type Problem } from '../problem.ts';

/** Names under which the backend says that something changed. */
export type Topic = 'status' | 'cases' | 'models' | 'sync' | 'monitor' | 'people' | 'settings';
const topics: readonly Topic[] = ['status', 'cases', 'models', 'sync', 'monitor', 'people', 'settings'];

/** What was last read under a key. Data stays while it is read again, so that nothing flickers. */
export interface Entry {
  readonly data: unknown;
  readonly problem: Problem | null;
  readonly version: number;
  readonly loading: boolean;
}

export interface Queries {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly versions: Readonly<Record<Topic, number>>;
  /** Reads under a key unless that version was read or is being read; the newest reading wins. */
  run(key: string, version: number, load: () => Promise<unknown>): Promise<void>;
  /** Marks topics (all when none is named) as changed, so that pages showing them read again. */
  changed(...names: readonly Topic[]): void;
  /** Forgets everything read but the status, as when the vault is locked. */
  forget(): void;
}

function withoutOldest(entries: Readonly<Record<string, Entry>>): Record<string, Entry> {
  const keys = Object.keys(entries);
  // Cases looked at are kept for going back and forth, not for ever: one investigator's day fits into 200.
  return keys.length < 200 ? { ...entries } : Object.fromEntries(keys.slice(-150).map((key) => [key, entries[key]!]));
}

/** Creates the store of everything read from the backend. */
export function createQueries(): StoreApi<Queries> {
  return createStore<Queries>((set, get) => ({
    entries: {},
    versions: Object.fromEntries(topics.map((topic) => [topic, 0])) as Record<Topic, number>,
    async run(key, version, load) {
      const before = get().entries[key];
      if (before !== undefined && before.version === version && (before.loading || before.problem === null)) return;
      const write = (entry: Entry): void => set({ entries: { ...withoutOldest(get().entries), [key]: entry } });
      write({ data: before?.data, problem: before?.problem ?? null, version, loading: true });
      const isNewest = (): boolean => get().entries[key]?.version === version;
      try {
        const data = await load();
        if (isNewest()) write({ data, problem: null, version, loading: false });
      } catch (error) {
        if (isNewest()) write({ data: get().entries[key]?.data, problem: problemOf(error), version, loading: false });
      }
    },
    changed(...names) {
      const versions = { ...get().versions };
      for (const topic of names.length === 0 ? topics : names) versions[topic] += 1;
      set({ versions });
    },
    forget() {
      const { status } = get().entries;
      set({ entries: status === undefined ? {} : { status } });
    },
  }));
}
