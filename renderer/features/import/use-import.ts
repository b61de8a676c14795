import { useEffect, useRef, useState } from 'react';
import type { ImportMapping } from '../../../shared/case-import/mapping.ts';
import type { OpenedFile, StagedImport } from '../../../shared/contract/imports.ts';
import { useAction, useServices } from '../../hooks/services.ts';
import { problemOf, type Problem } from '../../transport/problem.ts';

/** A file being read: rows so far, the share of the file they are, and since when (milliseconds since the epoch). */
export interface Reading {
  readonly name: string;
  readonly rows: number;
  readonly share: number;
  readonly started: number;
}

/** A file on the page; `staged` is null when its columns could not be taken as they were. */
export interface Found {
  readonly file: File;
  readonly opened: OpenedFile;
  readonly staged: StagedImport | null;
}

/** What was taken in last. */
export interface Taken {
  readonly id: string;
  readonly file: string;
  readonly cases: number;
  readonly undone: boolean;
}

interface State {
  readonly reading: Reading | null;
  readonly found: Found | null;
  readonly taken: Taken | null;
}
const nothing: State = { reading: null, found: null, taken: null };

export interface CaseImport extends State {
  readonly problem: Problem | null;
  readonly busy: boolean;
  /** Reads a file, by its headers or by a mapping; what was read before and not taken in is forgotten. */
  read(file: File, mapping: ImportMapping | null): void;
  cancel(): void;
  discard(): void;
  takeIn(): void;
  /** Says of the import taken in last, if it is this one, that it was undone. */
  undone(id: string): void;
}

type Sink = (change: Partial<State>) => void;

/** Follows one reading of a file to its end; null when it was cancelled. */
async function follow(
  { client, files, clock }: Pick<ReturnType<typeof useServices>, 'client' | 'files' | 'clock'>,
  file: File,
  mapping: ImportMapping | null,
  signal: AbortSignal,
  put: Sink,
): Promise<StagedImport | null> {
  const reading = { name: file.name, rows: 0, share: 0, started: clock() };
  put({ reading, taken: null });
  let opened: OpenedFile | null = null;
  try {
    const token = await files.upload(file);
    signal.throwIfAborted();
    for await (const news of await client.imports.stage({ file: token, name: file.name, mapping }, { signal })) {
      if (news.kind === 'opened') opened = news.opened;
      else if (news.kind === 'progress') put({ reading: { ...reading, rows: news.rows, share: news.share } });
      else return news.staged;
    }
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    // Columns that were taken wrongly can be taken otherwise; what is no CSV cannot.
    const mend = opened !== null && problemOf(error).code !== 'BAD_CSV';
    put({ found: mend && opened !== null ? { file, opened, staged: null } : null });
    throw error;
  }
}

/** One import at a time, from the file to the cases; leaving the page leaves nothing of what was not taken in. */
export function useImport(): CaseImport {
  const services = useServices();
  const { client, queries } = services;
  const [state, setState] = useState(nothing);
  const stop = useRef<AbortController | null>(null);
  const waiting = useRef<string | null>(null);
  const put: Sink = (change) => setState((before) => ({ ...before, ...change }));
  const drop = async (): Promise<void> => {
    const id = waiting.current;
    waiting.current = null;
    // What cannot be forgotten now, as with a locked vault, is when it is opened next.
    if (id !== null) await client.imports.discard({ id }).catch(() => undefined);
  };
  const reading = useAction(async (file: File, mapping: ImportMapping | null) => {
    const controller = new AbortController();
    stop.current = controller;
    await drop();
    try {
      const staged = await follow(services, file, mapping, controller.signal, put);
      waiting.current = staged?.id ?? null;
      put({ found: staged === null ? null : { file, opened: staged, staged } });
      if (controller.signal.aborted) await drop();
    } finally {
      put({ reading: null });
    }
  });
  const taking = useAction(async () => {
    const { found } = state;
    if (found?.staged == null) return;
    const { id } = found.staged;
    const { cases } = await client.imports.commit({ id });
    waiting.current = null;
    setState({ ...nothing, taken: { id, file: found.file.name, cases, undone: false } });
    queries.changed('cases', 'status', 'monitor');
  });
  const leave = useRef(drop);
  useEffect(() => {
    const left = leave.current;
    return () => {
      stop.current?.abort();
      void left();
    };
  }, []);
  const begin = (): void => {
    reading.clear();
    taking.clear();
  };
  return {
    ...state,
    problem: reading.problem ?? taking.problem,
    busy: taking.busy,
    read(file, mapping) {
      taking.clear();
      void reading.run(file, mapping);
    },
    cancel: () => stop.current?.abort(),
    discard() {
      begin();
      setState(nothing);
      void drop();
    },
    takeIn: () => void taking.run(),
    undone(id) {
      if (state.taken?.id === id) put({ taken: { ...state.taken, undone: true } });
    },
  };
}
