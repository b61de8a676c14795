import { nextTurn } from '../../../platform/next-turn.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { genesisHash, verifyChain, type LogHead } from '../../../shared/log/event.ts';
import type { Break } from '../cases/chain.ts';
import { failureOf } from '../logging/failure.ts';
import { sentence } from '../../../shared/language/sentence.ts';
import { entriesAfter, logIds, type StoredEntry } from '../store/chain.ts';
import type { BackendContext, Session } from '../session/context.ts';

/** Entries checked at a time; between two steps every waiting call gets its turn. */
const step = 100;

/** Checks the whole chain once after unlocking: a single case only knows its own neighbours. */
interface ChainWatch {
  start(session: Session): void;
  /** Ends after the step that is running. */
  stop(): Promise<void>;
  /** Breaks found so far. */
  breaks(): readonly Break[];
}

/** Checks all logs in the background, in small steps. */
export function createChainWatch(context: BackendContext): ChainWatch {
  return new Watch(context);
}

/** The head after some entries. Throws BAD_CHAIN or GAP for one that does not follow or is not what is stored as its hash. */
function continued(head: LogHead, entries: readonly StoredEntry[]): LogHead {
  const texts = entries.map(({ text }) => text);
  const chain = verifyChain(head, texts);
  const changed = entries.find(({ hash }, i) => hash !== chain.events[i]!.hash);
  if (changed === undefined) return chain.head;
  throw new OutpostError('BAD_CHAIN', sentence('log.stored_hash_differs', { seq: changed.seq }));
}

class Watch implements ChainWatch {
  readonly #context: BackendContext;
  #breaks: Break[] = [];
  #session: Session | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(context: BackendContext) {
    this.#context = context;
  }

  start(session: Session): void {
    this.#session = session;
    this.#breaks = [];
    this.#running = this.#run(session).catch((error: unknown) => {
      this.#context.options.logger.error(failureOf(error), 'the check of the chain stopped');
    });
  }

  async stop(): Promise<void> {
    this.#session = null;
    await this.#running;
  }

  breaks(): readonly Break[] {
    return this.#breaks;
  }

  async #run(session: Session): Promise<void> {
    for (const log of logIds(session.db)) {
      let head: LogHead | null = { log, seq: 0, hash: genesisHash };
      while (head !== null) {
        await nextTurn();
        if (this.#session !== session) return;
        head = this.#step(session, head);
      }
    }
  }

  /** Checks the next entries; null at the end of the log or at a break. */
  #step(session: Session, head: LogHead): LogHead | null {
    const entries = entriesAfter(session.db, head.log, head.seq, step);
    if (entries.length === 0) return null;
    try {
      return continued(head, entries);
    } catch (error) {
      if (!isOutpostError(error, 'BAD_CHAIN') && !isOutpostError(error, 'GAP')) throw error;
      this.#note(head, entries);
      return null;
    }
  }

  #note(start: LogHead, entries: readonly StoredEntry[]): void {
    let head = start;
    for (const entry of entries) {
      const { seq } = entry;
      try {
        head = continued(head, [entry]);
      } catch (error) {
        this.#breaks.push({ log: head.log, seq });
        this.#context.options.logger.warn(
          { ...failureOf(error), log: head.log, seq },
          'the chain of entries is broken',
        );
        this.#context.live.publish('cases');
        return;
      }
    }
  }
}
