import { OutpostError } from '../../../shared/errors/index.ts';
import { makeExplanation } from '../cases/explain.ts';
import { isScoringProblem, scoreFirst } from '../cases/scoring.ts';
import type { Cases } from '../cases/service.ts';
import { failureOf } from '../logging/failure.ts';
import { getCase, unexplainedIds, unscoredIds } from '../store/cases.ts';
import type { BackendContext, Session } from '../types.ts';

const batchSize = 200;
/** Reasons that are worked out before lists are told to read again. */
const publishEvery = 25;

/** Work that catches up with the cases: first scores that are missing, then reasons for the list. */
export interface BackgroundJobs {
  start(session: Session): void;
  /** Ends after the step that is running. */
  stop(): Promise<void>;
  busy(): boolean;
  /** Resolves when there is nothing left to do. */
  idle(): Promise<void>;
}

/**
 * What is to be done is read from the cases themselves each time, so that nothing is lost by an end at any moment and
 * doing it twice does no harm.
 */
export function createBackgroundJobs(context: BackendContext, cases: Cases): BackgroundJobs {
  return new CatchUp(context, cases);
}

class CatchUp implements BackgroundJobs {
  readonly #context: BackendContext;
  readonly #cases: Cases;
  /** Cases the present model failed on; tried again when the models change. */
  readonly #failed = new Set<string>();
  #session: Session | null = null;
  #unsubscribe: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(context: BackendContext, cases: Cases) {
    this.#context = context;
    this.#cases = cases;
  }

  start(session: Session): void {
    this.#session = session;
    this.#failed.clear();
    this.#unsubscribe = this.#context.live.subscribe(({ topic }) => {
      if (topic === 'models') this.#failed.clear();
      if (topic === 'models' || topic === 'cases') this.#wake();
    });
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#session = null;
    await this.#running;
  }

  busy(): boolean {
    return this.#running !== null;
  }

  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #wake(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async #run(): Promise<void> {
    // Begins after the call that woke it has been answered.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    try {
      while (this.#again && this.#session !== null) {
        this.#again = false;
        await this.#scoreAll();
        await this.#explainAll();
      }
    } catch (error) {
      if (this.#session !== null) this.#context.options.logger.error(failureOf(error), 'background work stopped');
    }
  }

  async #scoreAll(): Promise<void> {
    for (let session = this.#session; session !== null; session = this.#session) {
      if (session.models.active() === null) return;
      const ids = unscoredIds(session.db, batchSize + this.#failed.size).filter((id) => !this.#failed.has(id));
      if (ids.length === 0) return;
      if (!(await this.#scoreBatch(session, ids))) for (const id of ids) await this.#scoreBatch(session, [id]);
      this.#context.live.publish('cases');
      this.#context.live.publish('status');
    }
  }

  async #scoreBatch(session: Session, ids: readonly string[]): Promise<boolean> {
    if (this.#session !== session) return true;
    try {
      await scoreFirst(
        session,
        ids.map((id) => ({ id, facts: getCase(session.db, id).intake_facts })),
      );
      for (const id of ids) this.#cases.noteProblem(id, null);
      return true;
    } catch (error) {
      if (!isScoringProblem(error)) throw error;
      if (ids.length === 1) for (const id of ids) this.#giveUp(id, error.message);
      return false;
    }
  }

  #giveUp(id: string, message: string): void {
    this.#failed.add(id);
    this.#cases.noteProblem(id, message);
  }

  async #explainAll(): Promise<void> {
    const failed = new Set<string>();
    let made = 0;
    for (let session = this.#session; session !== null; session = this.#session) {
      const id = unexplainedIds(session.db, 1 + failed.size).find((candidate) => !failed.has(candidate));
      // The model does not explain: each case says so when it is opened.
      if (id === undefined || failed.size > 20) break;
      try {
        await makeExplanation(session, id);
        made += 1;
      } catch (error) {
        if (!(error instanceof OutpostError)) throw error;
        failed.add(id);
      }
      if (made % publishEvery === 0) this.#context.live.publish('cases');
    }
    if (made % publishEvery !== 0) this.#context.live.publish('cases');
  }
}
