import { QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { problemOf } from '../transport/problem.ts';

/** Names under which the backend says that something changed. */
export type Topic = 'status' | 'cases' | 'models' | 'sync' | 'monitor' | 'people' | 'settings';

/** What was read from the backend, and what makes pages read it again. */
export interface Queries {
  readonly client: QueryClient;
  /** Marks topics (all when none is named) as changed, so that pages showing them read again. */
  changed(...names: readonly Topic[]): void;
  /** Forgets what is kept of a case and of lists without being shown: the case may just have been erased. */
  changedCase(id: string): void;
  /** Forgets everything read but the status, as when the vault is locked. */
  forget(): void;
}

/** Topics that make a query read again; null for one that is read once, to fill a form. */
function topicsOf(query: Query): readonly Topic[] | null {
  return (query.meta?.['topics'] as readonly Topic[] | undefined) ?? null;
}

function isStatus(query: Query): boolean {
  return query.queryKey[0] === 'status';
}

/** What is gone must not stay readable behind the sentence that says so. */
function dropWhatIsGone(error: Error, query: Query<unknown, unknown, unknown>): void {
  if (problemOf(error).code === 'NOT_FOUND') query.setState({ ...query.state, data: undefined });
}

/** Creates the cache of everything read from the backend. Nothing is read again but when a topic changes. */
export function createQueries(): Queries {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: dropWhatIsGone }),
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        // Cases looked at are kept for going back and forth, not for ever.
        gcTime: 10 * 60_000,
        retry: false,
        // The backend is on this machine: what the browser thinks of the network says nothing.
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retryOnMount: true,
      },
    },
  });
  return {
    client,
    changed(...names) {
      const concerns = (query: Query): boolean => {
        const topics = topicsOf(query);
        return topics !== null && (names.length === 0 || topics.some((topic) => names.includes(topic)));
      };
      // A first answer that is still on its way may be from before the change: it is asked for again.
      const early = client.getQueryCache().findAll({ fetchStatus: 'fetching', predicate: concerns });
      for (const query of early) if (query.state.data === undefined) void query.cancel({ revert: true, silent: true });
      void client.invalidateQueries({ predicate: concerns });
    },
    changedCase(id) {
      const mayTell = (query: Query): boolean =>
        topicsOf(query)?.includes('cases') === true || query.queryKey.some((part) => String(part).includes(id));
      client.removeQueries({ type: 'inactive', predicate: mayTell });
    },
    forget() {
      client.removeQueries({ predicate: (query) => !isStatus(query) });
    },
  };
}
