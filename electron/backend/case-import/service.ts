import { v7 } from 'uuid';
import type { ImportMapping } from '../../../shared/case-import/mapping.ts';
import {
  mostImportBytes,
  type ImportRow,
  type StagedImport,
  type StageNews,
} from '../../../shared/contract/imports.ts';
import type { UploadedFiles } from '../exchange/uploaded-files.ts';
import type { BackendContext } from '../session/context.ts';
import {
  decidedImports,
  dropStaged,
  insertImport,
  refusedRows,
  setImportState,
  type RefusedRow,
} from '../store/case-imports.ts';
import { commitImport, discardImport, undoImport } from './commit.ts';
import { openFile, stageFile } from './stage.ts';

/** A CSV file that was uploaded, with the name it has for the person. */
interface UploadedFile {
  readonly token: string;
  readonly name: string;
  readonly mapping: ImportMapping | null;
}

/** Cases that come in CSV files: read and checked first, then made at once, undone as a whole. */
interface CaseImports {
  /** Reads a file. When the signal fires, or the reader of the news goes away, nothing of it is kept. */
  stage(file: UploadedFile, signal: AbortSignal | undefined): AsyncGenerator<StageNews, void, void>;
  /** Rows that become no cases, by line, from behind `after` on. */
  refused(id: string, after: number, limit: number): RefusedRow[];
  /** Makes the rows cases, all or none, and says how many. Their first scores follow. */
  commit(id: string): number;
  discard(id: string): void;
  /** Takes all cases of an import back and says how many. CONFLICT when something was added to one of them. */
  undo(id: string): number;
  list(): ImportRow[];
}

/** Imports of cases on the open vault. */
export function createCaseImports(context: BackendContext, exchange: UploadedFiles): CaseImports {
  return new Imports(context, exchange);
}

class Imports implements CaseImports {
  readonly #context: BackendContext;
  readonly #exchange: UploadedFiles;

  constructor(context: BackendContext, exchange: UploadedFiles) {
    this.#context = context;
    this.#exchange = exchange;
  }

  async *stage(file: UploadedFile, signal: AbortSignal | undefined): AsyncGenerator<StageNews, void, void> {
    const { clock, random } = this.#context.options;
    const session = this.#context.session();
    const stop = new AbortController();
    const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    const id = v7({ msecs: clock.now(), random: random(16) });
    let kept = false;
    const path = await this.#exchange.pathOf(file.token, mostImportBytes);
    insertImport(session.db, {
      id,
      file: file.name,
      at: new Date(clock.now()).toISOString(),
      person: session.person(),
    });
    const news = new Newest<StageNews>();
    let staging: Promise<StagedImport> | null = null;
    try {
      const opened = await openFile(session, { path, mapping: file.mapping });
      yield { kind: 'opened', opened };
      const progress = (rows: number, share: number): void => news.put({ kind: 'progress', rows, share });
      staging = stageFile(session, id, path, opened, { signal: stopped, now: clock.now(), progress });
      void staging.catch(() => undefined).finally(() => news.end());
      yield* news;
      const staged = await staging;
      setImportState(session.db, id, 'staged');
      kept = true;
      yield { kind: 'staged', staged };
    } finally {
      stop.abort();
      await staging?.catch(() => undefined);
      if (!kept && session.db.open) dropStaged(session.db, id, true);
      await this.#exchange.remove(file.token);
    }
  }

  refused(id: string, after: number, limit: number): RefusedRow[] {
    return refusedRows(this.#context.session().db, id, after, limit);
  }

  commit(id: string): number {
    const count = commitImport(this.#context.session(), this.#context.options, id);
    this.#changed();
    return count;
  }

  discard(id: string): void {
    discardImport(this.#context.session(), id);
  }

  undo(id: string): number {
    const count = undoImport(this.#context.session(), id);
    this.#changed();
    return count;
  }

  list(): ImportRow[] {
    return decidedImports(this.#context.session().db);
  }

  #changed(): void {
    for (const topic of ['cases', 'status', 'monitor'] as const) this.#context.live.publish(topic);
  }
}

/** News of which only the newest counts: who is slow to read hears of the last one. */
class Newest<T> implements AsyncIterable<T> {
  #waiting: T | null = null;
  #ended = false;
  #wake: () => void = () => undefined;

  put(news: T): void {
    this.#waiting = news;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    while (this.#waiting !== null || !this.#ended) {
      const next = this.#waiting;
      this.#waiting = null;
      if (next !== null) yield next;
      else if (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
