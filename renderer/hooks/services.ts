import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Client, Files } from '../transport/client.ts';
import { problemOf, type Problem } from '../transport/problem.ts';
import type { Drafts } from '../stores/drafts.ts';
import type { Live } from '../stores/live.ts';
import type { Queries, Topic } from '../stores/queries.ts';
import type { View } from '../stores/view.ts';

/** Everything a page may use; made once in main.tsx. */
export interface Services {
  readonly client: Client;
  readonly files: Files;
  readonly queries: Queries;
  readonly live: StoreApi<Live>;
  readonly view: StoreApi<View>;
  readonly drafts: Drafts;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A fresh id for what will be saved. */
  readonly newId: () => string;
}

export const ServicesContext = createContext<Services | null>(null);

/** The services of this window. Throws outside of the provider. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('ServicesContext is missing above this component.');
  return services;
}

interface Reading<T> {
  readonly data: T | undefined;
  readonly problem: Problem | null;
  readonly loading: boolean;
  /** True while `data` still belongs to another key. */
  readonly stale: boolean;
}

/**
 * Reads from the backend and reads again when one of the topics changes. Data stays in place while it is read again,
 * also across a change of key (marked stale). A null key reads nothing.
 */
export function useReading<T>(key: string | null, topics: readonly Topic[], load: () => Promise<T>): Reading<T> {
  const query = useQuery({
    queryKey: [key],
    queryFn: load,
    enabled: key !== null,
    meta: { topics },
    placeholderData: keepPreviousData,
  });
  return {
    data: query.data,
    problem: query.error === null ? null : problemOf(query.error),
    loading: query.isFetching,
    stale: query.isPlaceholderData,
  };
}

interface FreshReading<T> {
  readonly data: T | undefined;
  readonly problem: Problem | null;
  readonly again: () => void;
}

/**
 * Reads what a form is filled with: as it is now, never from what was read before, and not again while somebody types.
 * A null key reads nothing.
 */
export function useFresh<T>(key: readonly string[] | null, load: () => Promise<T>): FreshReading<T> {
  const query = useQuery({
    queryKey: ['fresh', ...(key ?? [])],
    queryFn: load,
    enabled: key !== null,
    gcTime: 0,
    staleTime: 0,
    refetchOnMount: 'always',
  });
  return {
    data: query.isFetchedAfterMount ? query.data : undefined,
    problem: query.error === null ? null : problemOf(query.error),
    again: () => void query.refetch(),
  };
}

/** Carries out an action that has no place of its own for a problem: the strip says what went wrong. */
export async function attempt(
  services: Pick<Services, 'queries' | 'view'>,
  act: Promise<unknown>,
  ...topics: Topic[]
): Promise<void> {
  const { set } = services.view.getState();
  try {
    await act;
    set({ trouble: null });
  } catch (error) {
    set({ trouble: problemOf(error).sentence });
  }
  services.queries.changed(...topics);
}

/** Locks, once everything that is being written is kept. */
export async function lockVault({ client, drafts }: Pick<Services, 'client' | 'drafts'>): Promise<void> {
  await drafts.flush();
  await client.vault.lock({});
}

/** Wraps an action: one at a time, with its problem kept for showing. `run` answers whether it worked. */
export function useAction<A extends readonly unknown[]>(
  act: (...args: A) => Promise<unknown>,
): {
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly run: (...args: A) => Promise<boolean>;
  readonly clear: () => void;
} {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
  const busy = useRef(false);
  const run = async (...args: A): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setState({ busy: true, problem: null });
    try {
      await act(...args);
      setState({ busy: false, problem: null });
      return true;
    } catch (error) {
      setState({ busy: false, problem: problemOf(error) });
      return false;
    } finally {
      busy.current = false;
    }
  };
  return { ...state, run, clear: () => setState({ busy: false, problem: null }) };
}

/** The time, renewed every `milliseconds`, for ages and countdowns. */
export function useNow(milliseconds = 30_000): number {
  const { clock } = useServices();
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), milliseconds);
    return () => clearInterval(timer);
  }, [clock, milliseconds]);
  return now;
}

/** A value that follows with a delay, so that typing does not ask the backend at every key. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** The feature schema and what goes with it in the intake form. */
export function useForm() {
  const { client } = useServices();
  return useReading('form', ['models', 'cases'], () => client.intake.form({}));
}

/** The status strip's facts. */
export function useStatus() {
  const { client } = useServices();
  return useReading('status', ['status'], () => client.app.status({}));
}
