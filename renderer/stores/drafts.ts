import type { z } from 'zod';
import type { draftKeySchema, draftSchema, KeptDraft } from '../../shared/contract/drafts.ts';
import type { Client } from '../transport/client.ts';
import { problemOf } from '../transport/problem.ts';

export type DraftKey = z.infer<typeof draftKeySchema>;
type Stored = z.infer<typeof draftSchema>;
type Content = Stored['content'];

/** What was written into a form; `savedAt` is null while the newest of it could not be kept yet. */
export type WrittenDraft = Pick<Stored, 'base' | 'content'> & {
  readonly savedAt: string | null;
  readonly asked?: KeptDraft['asked'];
};

/** How long after the last key press a draft is kept, in milliseconds. */
const settleMs = 400;

interface Pending {
  readonly key: DraftKey;
  readonly base: string | null;
  /** Hash of the form it is written in, where it answers that. */
  readonly schema?: string;
  readonly content: Content;
  /** The id the case of a new-case form will have. */
  readonly becomes?: string;
  readonly onKept: (savedAt: string) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Keeps what is being written in the encrypted database, a moment after the last key press. */
export interface Drafts {
  /** What was written, with anything still on its way. */
  read(key: DraftKey): Promise<WrittenDraft | null>;
  /** Keeps a form's contents soon and reports when they are kept, or why not. The newest of several counts. */
  put(pending: Pending): void;
  discard(key: DraftKey): Promise<void>;
  /** Keeps at once what is on its way: before locking, changing the person, leaving the page, or after a failure. */
  flush(): Promise<void>;
  /**
   * Saves a form; `save` answers null when it did not. Saving removes the draft: none of it may arrive after that and
   * bring it back, so none is sent meanwhile.
   */
  saving<T>(key: DraftKey, save: () => Promise<T | null>): Promise<T | null>;
}

function nameOf({ person, form, subject }: DraftKey): string {
  return [person ?? '', form, subject ?? ''].join(' ');
}

/** True when keeping a draft can be tried again: its case is still there, nobody saved it, and it was no fault of the draft. */
function mayWorkLater(error: unknown): boolean {
  return !['NOT_FOUND', 'BAD_INPUT', 'CONFLICT'].includes(problemOf(error).code);
}

/** Creates the keeper of drafts. `later` runs something after a time and answers how to call it off. */
export function createDrafts(
  client: Pick<Client, 'drafts'>,
  later: (act: () => void, milliseconds: number) => () => void,
): Drafts {
  /** What is not known to be kept yet. What failed stays here, and goes with the next. */
  const pending = new Map<string, Pending>();
  const saving = new Set<string>();
  let callOff: (() => void) | null = null;
  let last: Promise<unknown> = Promise.resolve();

  // One after the other: an older text must not arrive behind a newer one.
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
  const send = async (name: string): Promise<void> => {
    const one = pending.get(name);
    if (one === undefined) return;
    const done = (): void => void (pending.get(name) === one && pending.delete(name));
    try {
      const { savedAt } = await client.drafts.put({
        ...one.key,
        base: one.base,
        content: one.content,
        ...(one.schema === undefined ? {} : { schema: one.schema }),
        ...(one.becomes === undefined ? {} : { becomes: one.becomes }),
      });
      done();
      one.onKept(savedAt);
    } catch (error) {
      if (!mayWorkLater(error)) done();
      one.onFailed(error);
    }
  };
  const flush = async (): Promise<void> => {
    callOff?.();
    callOff = null;
    const names = [...pending.keys()].filter((name) => !saving.has(name));
    await Promise.all(names.map((name) => inTurn(() => send(name))));
    await last;
  };
  const soon = (): void => {
    callOff?.();
    callOff = later(() => void flush(), settleMs);
  };
  return {
    async read(key) {
      await flush();
      const waiting = pending.get(nameOf(key));
      if (waiting !== undefined) return { base: waiting.base, content: waiting.content, savedAt: null };
      return client.drafts.get(key);
    },
    put(one) {
      pending.set(nameOf(one.key), one);
      soon();
    },
    async discard(key) {
      pending.delete(nameOf(key));
      await inTurn(() => client.drafts.discard(key));
    },
    flush,
    async saving(key, save) {
      const name = nameOf(key);
      const sent = flush();
      saving.add(name);
      try {
        await sent;
        const saved = await save();
        if (saved !== null) pending.delete(name);
        return saved;
      } finally {
        saving.delete(name);
        if (pending.has(name)) soon();
      }
    },
  };
}
