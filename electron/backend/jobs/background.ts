import { nextTurn } from '../../../platform/next-turn.ts';
import { makeExplanation } from '../cases/explain.ts';
import { scoreFirst } from '../cases/scoring.ts';
import { dueAt, longestPause, noteFailure, noteSuccess } from '../cases/retries.ts';
import { failureOf } from '../logging/failure.ts';
import { getCase } from '../store/cases.ts';
import { dueCases, forgetJobFailures, forgetOtherVersions, nextTryAfter, type JobKind } from '../store/job-failures.ts';
import type { BackendContext, Session } from '../session/context.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const batchSize = 200;
/** Reasons that are worked out before lists are asked to read again. */
const publishEvery = 25;
const kinds = ['score', 'explain'] as const satisfies readonly JobKind[];

/** Work that catches up with the cases: first scores that are missing, then reasons for the list. */
export interface BackgroundJobs {
  start(session: Session): void;
  /** Ends after the step that is running. */
  stop(): Promise<void>;
  busy(): boolean;
  /** Resolves when there is nothing left to do now; what failed is tried again later. */
  idle(): Promise<void>;
}

/**
 * What is to be done is read from the cases themselves each time, so that nothing is lost by an end at any moment and
 * doing it twice does no harm. What fails at a case is tried again after growing pauses, a few times, also over restarts.
 */
export function createBackgroundJobs(context: BackendContext): BackgroundJobs {
  return new CatchUp(context);
}

class CatchUp implements BackgroundJobs {
  readonly #context: BackendContext;
  readonly #breakers: Readonly<Record<JobKind, CircuitBreaker>>;
  #session: Session | null = null;
  #unsubscribe: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #timer: { cancel(): void } | null = null;

  constructor(context: BackendContext) {
    const { clock } = context.options;
    this.#context = context;
    this.#breakers = { score: new CircuitBreaker(clock), explain: new CircuitBreaker(clock) };
  }

  start(session: Session): void {
    this.#session = session;
    this.#resetBreakers();
    this.#unsubscribe = this.#context.live.subscribe(({ topic }) => {
      if (topic === 'models') this.#beginAnew(session);
      if (topic === 'models' || topic === 'cases') this.#wake();
    });
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#timer = null;
    this.#session = null;
    await this.#running;
  }

  busy(): boolean {
    return this.#running !== null;
  }

  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Another model may do what the one before could not. */
  #beginAnew(session: Session): void {
    this.#resetBreakers();
    if (session.db.open) forgetJobFailures(session.db);
  }

  #resetBreakers(): void {
    for (const kind of kinds) this.#breakers[kind].reset();
  }

  #wake(): void {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async #run(): Promise<void> {
    // Begins after the call that woke it has been answered.
    await nextTurn();
    while (this.#again && this.#session !== null) {
      this.#again = false;
      await this.#pass('score', () => this.#scoreAll());
      await this.#pass('explain', () => this.#explainAll());
    }
    this.#plan();
  }

  /** Does what is due of one kind, unless that is stopped. */
  async #pass(kind: JobKind, work: () => Promise<void>): Promise<void> {
    if (this.#breakers[kind].openFor() > 0) return;
    try {
      await work();
    } catch (error) {
      if (this.#session === null) return;
      this.#breakers[kind].stopped();
      this.#context.options.logger.error({ ...failureOf(error), kind }, 'background work stopped');
    }
  }

  /** Rings when the next thing that failed is to be tried again. */
  #plan(): void {
    const session = this.#session;
    this.#timer?.cancel();
    this.#timer = null;
    if (session === null) return;
    const { clock } = this.#context.options;
    const waits = kinds.flatMap((kind) => {
      const left = this.#breakers[kind].openFor();
      if (left > 0) return [left];
      const next = nextTryAfter(session.db, kind, dueAt(this.#context.options).now);
      return next === null ? [] : [Date.parse(next) - clock.now()];
    });
    if (waits.length > 0) this.#timer = clock.setTimeout(() => this.#wake(), Math.min(...waits, longestPause));
  }

  async #scoreAll(): Promise<void> {
    if (this.#session !== null) forgetOtherVersions(this.#session.db, this.#context.options.appVersion);
    for (let session = this.#session; session !== null; session = this.#session) {
      if (session.models.active() === null) return;
      const ids = dueCases(session.db, 'score', dueAt(this.#context.options), batchSize);
      if (ids.length === 0) return;
      if (!(await this.#scoreBatch(session, ids))) await this.#scoreEach(session, ids);
      this.#context.live.publish('cases');
      this.#context.live.publish('status');
      if (this.#breakers.score.openFor() > 0) return;
    }
  }

  /** False when something failed: one case may be at fault for all of a batch. */
  async #scoreBatch(session: Session, ids: readonly string[]): Promise<boolean> {
    try {
      await scoreFirst(
        session,
        ids.map((id) => ({ id, facts: getCase(session.db, id).intake_facts })),
      );
    } catch (error) {
      if (ids.length > 1) return false;
      return this.#failed(session, 'score', ids[0] ?? '', error);
    }
    for (const id of ids) noteSuccess(session, 'score', id);
    this.#breakers.score.reset();
    return true;
  }

  async #scoreEach(session: Session, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (this.#session !== session || this.#breakers.score.openFor() > 0) return;
      await this.#scoreBatch(session, [id]);
    }
  }

  /** Notes a failure at a case; throws it when it is not about the case. Always true. */
  #failed(session: Session, kind: JobKind, id: string, error: unknown): true {
    if (!noteFailure(session, this.#context.options, { kind, id, error })) throw error;
    this.#breakers[kind].failed();
    this.#context.options.logger.warn({ ...failureOf(error), kind, case: id }, 'background work failed at a case');
    return true;
  }

  async #explainAll(): Promise<void> {
    let untold = 0;
    const tell = (): void => {
      if (untold > 0) this.#context.live.publish('cases');
      untold = 0;
    };
    try {
      for (let session = this.#session; session !== null; session = this.#session) {
        const [id] = dueCases(session.db, 'explain', dueAt(this.#context.options), 1);
        if (id === undefined || this.#breakers.explain.openFor() > 0) return;
        await this.#explain(session, id);
        untold += 1;
        if (untold >= publishEvery) tell();
      }
    } finally {
      if (this.#session !== null) tell();
    }
  }

  async #explain(session: Session, id: string): Promise<void> {
    try {
      await makeExplanation(session, id);
      noteSuccess(session, 'explain', id);
      this.#breakers.explain.reset();
    } catch (error) {
      this.#failed(session, 'explain', id, error);
    }
  }
}
