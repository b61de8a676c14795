import type { z } from 'zod';
import type { draftKeySchema, draftSchema } from '../../shared/contract/drafts.ts';
import type { Client } from '../client.ts';

export type DraftKey = z.infer<typeof draftKeySchema>;
export type KeptDraft = z.infer<typeof draftSchema>;
type Content = KeptDraft['content'];

/** How long after the last key press a draft is kept, in milliseconds. */
const settleMs = 400;

interface Pending {
  readonly key: DraftKey;
  readonly base: string | null;
  readonly content: Content;
  readonly onKept: (savedAt: string) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Keeps what is being written in the encrypted database, a moment after the last key press. */
export interface Drafts {
  /** What is kept, with anything still on its way. */
  read(key: DraftKey): Promise<KeptDraft | null>;
  /** Keeps a form's contents soon; told when they are, or why not. The newest of several counts. */
  put(pending: Pending): void;
  discard(key: DraftKey): Promise<void>;
  /** Keeps at once what is still on its way: before locking, changing the person, or leaving the page. */
  flush(): Promise<void>;
  /** Forgets what is still on its way of a form that was just saved. */
  saved(key: DraftKey): void;
}

function nameOf({ person, form, subject }: DraftKey): string {
  return [person ?? '', form, subject ?? ''].join(' ');
}

/** Creates the keeper of drafts. `later` runs something after a time and answers how to call it off. */
export function createDrafts(
  client: Pick<Client, 'drafts'>,
  later: (act: () => void, milliseconds: number) => () => void,
): Drafts {
  const pending = new Map<string, Pending>();
  let callOff: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();

  const send = async ({ key, base, content, onKept, onFailed }: Pending): Promise<void> => {
    try {
      onKept((await client.drafts.put({ ...key, base, content })).savedAt);
    } catch (error) {
      onFailed(error);
    }
  };
  const flush = (): Promise<void> => {
    callOff?.();
    callOff = null;
    const all = [...pending.values()];
    pending.clear();
    // One after the other: an older text must not arrive behind a newer one.
    last = all.reduce((before, one) => before.then(() => send(one)), last);
    return last;
  };
  return {
    async read(key) {
      await flush();
      return client.drafts.get(key);
    },
    put(one) {
      pending.set(nameOf(one.key), one);
      callOff?.();
      callOff = later(() => void flush(), settleMs);
    },
    async discard(key) {
      pending.delete(nameOf(key));
      await last;
      await client.drafts.discard(key);
    },
    flush,
    saved: (key) => void pending.delete(nameOf(key)),
  };
}
