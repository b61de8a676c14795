import type { SyncStatus } from '../../../shared/contract/views.ts';
import { isOutpostError, OutpostError } from '../../../shared/errors/index.ts';
import { createUploadedFiles } from '../exchange/uploaded-files.ts';
import { createSyncStore } from '../store/sync.ts';
import { failureOf } from '../logging/failure.ts';
import type { BackendContext, Session } from '../session/context.ts';
import { addressOf, attempt, type AttemptView } from './attempt.ts';
import { fractionOf, pauseAfter, pauses } from './backoff.ts';
import { courierWork, type CourierWork } from './courier-files.ts';
import { enrolWork, type EnrolWork } from './enrol.ts';
import { readEnrolment } from '../store/enrolment.ts';
import { readStatus, type Running } from './status.ts';
import { createMutex } from '../../../platform/mutex.ts';
import { isSame, sentence } from '../../../shared/language/sentence.ts';

/** Files handed over and unfinished downloads are deleted after a week. */
const sweepAfterMs = 7 * 86_400_000;

/** Sync of an open vault: the loop, joining, courier files. */
export interface SyncService extends EnrolWork, CourierWork {
  /** Begins to sync by itself; call it at unlock. */
  start(): void;
  /** Ends what is running and waits until it no longer touches the database; call it before the vault is locked. */
  stop(): Promise<void>;
  status(): SyncStatus;
  /** For the status strip. */
  connection(): 'not_enrolled' | 'offline' | 'online' | 'syncing';
  /** One attempt now. Network trouble is shown in the status, not thrown; NOT_ENROLLED when there is no registry. */
  now(signal?: AbortSignal): Promise<SyncStatus>;
}

class Service {
  readonly #context: BackendContext;
  readonly #mutex = createMutex();
  #running: Running = { phase: 'idle', progress: null };
  #failures = 0;
  #reached = false;
  #telling = false;
  /** Entries were written since the last attempt began, which may have read the log before. */
  #changed = false;
  #due = 0;
  #timer: { cancel(): void } | null = null;
  #unsubscribe: (() => void) | null = null;
  #stopped = new AbortController();

  constructor(context: BackendContext) {
    this.#context = context;
  }

  start(): void {
    if (this.#unsubscribe !== null) return;
    this.#stopped = new AbortController();
    this.#failures = 0;
    this.#reached = false;
    this.#unsubscribe = this.#context.live.subscribe(({ topic }) => {
      if (topic !== 'cases' || this.#telling) return;
      this.#changed = true;
      // new entries leave soon, but not against a running pause after failures
      if (this.#failures === 0) this.#scheduleBy(pauses.afterChange);
    });
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#timer?.cancel();
    this.#timer = null;
    this.#stopped.abort(new OutpostError('CANCELLED'));
    await this.#mutex.idle();
    this.#running = { phase: 'idle', progress: null };
  }

  status(): SyncStatus {
    return readStatus(this.#context.session(), this.#running);
  }

  connection(): ReturnType<SyncService['connection']> {
    if (readEnrolment(this.#context.session().keyValues) === null) return 'not_enrolled';
    if (this.#running.phase !== 'idle') return 'syncing';
    return this.#reached ? 'online' : 'offline';
  }

  async now(signal?: AbortSignal): Promise<SyncStatus> {
    const session = this.#context.session();
    if (addressOf(session) === null) {
      throw readEnrolment(session.keyValues) === null
        ? new OutpostError('NOT_ENROLLED', sentence('sync.laptop_not_enrolled_registry'))
        : new OutpostError('OFFLINE', sentence('sync.laptop_no_address_registry'));
    }
    await this.#turn(signal, (inner) => this.#round(session, inner));
    return this.status();
  }

  /** Runs work alone, with a signal that fires at lock too. */
  async turn<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turn(undefined, work);
  }

  show(running: Running): void {
    this.#running = running;
    this.#context.live.publish('sync');
  }

  /** Something changed that makes an attempt worth while at once. */
  wake(): void {
    this.#failures = 0;
    if (this.#unsubscribe !== null) this.#schedule(0);
  }

  async #turn<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopped = this.#stopped.signal;
    const inner = signal === undefined ? stopped : AbortSignal.any([stopped, signal]);
    return this.#mutex.run(async () => {
      inner.throwIfAborted();
      try {
        return await work(inner);
      } finally {
        if (!stopped.aborted) this.show({ phase: 'idle', progress: null });
      }
    });
  }

  async #round(session: Session, signal: AbortSignal): Promise<void> {
    // This attempt is the one that was planned; what is asked for from now on wants another.
    this.#timer?.cancel();
    this.#timer = null;
    this.#changed = false;
    const before = session.log().receipted();
    try {
      await this.#try(session, signal);
      this.#tell(session.log().receipted() !== before);
    } finally {
      this.#scheduleNext();
    }
  }

  async #try(session: Session, signal: AbortSignal): Promise<void> {
    try {
      const view: AttemptView = { phase: (phase, progress) => this.show({ phase, progress: progress ?? null }) };
      const problem = await attempt({ context: this.#context, session, signal, askFirst: !this.#reached, view });
      this.#failures = 0;
      this.#reached = true;
      this.#note(session, problem);
    } catch (error) {
      if (signal.aborted) {
        throw new OutpostError('CANCELLED', sentence('sync.stopped'), { cause: error });
      }
      this.#failures += 1;
      this.#reached = false;
      this.#note(session, isOutpostError(error) ? error : new OutpostError('INTERNAL', undefined, { cause: error }));
    }
  }

  /** Keeps the problem, or that there is none, and tells a new one once in the history. */
  #note(session: Session, problem: OutpostError | null): void {
    const { clock, logger } = this.#context.options;
    const store = createSyncStore(session.db, session.keyValues);
    if (problem === null) {
      store.setLastProblem(null);
      return;
    }
    if (problem.code === 'INTERNAL') logger.error({ err: problem.cause }, 'sync failed');
    else logger.warn({ code: problem.code }, 'sync did not finish');
    const at = new Date(clock.now()).toISOString();
    const before = store.lastProblem()?.sentence;
    if (before === undefined || !isSame(before, problem.sentence)) store.say(at, problem.sentence);
    store.setLastProblem({ at, code: problem.code, sentence: problem.sentence });
  }

  #tell(receiptsMoved: boolean): void {
    const { live } = this.#context;
    live.publish('status');
    if (!receiptsMoved) return;
    this.#telling = true; // rows lose their "waiting" mark: no reason to send again
    live.publish('cases');
    this.#telling = false;
  }

  /** Plans the next attempt after one that has ended, however it did. */
  #scheduleNext(): void {
    if (this.#unsubscribe === null) return;
    const pause = pauseAfter(this.#failures, fractionOf(this.#context.options.random));
    this.#scheduleBy(this.#failures === 0 && this.#changed ? pauses.afterChange : pause);
  }

  /** Never later than planned already: what asked for an attempt meanwhile, or keeps asking, must not put it off. */
  #scheduleBy(ms: number): void {
    if (this.#timer === null || this.#due > this.#context.options.clock.now() + ms) this.#schedule(ms);
  }

  #schedule(ms: number): void {
    this.#timer?.cancel();
    const { clock } = this.#context.options;
    this.#due = clock.now() + ms;
    this.#timer = clock.setTimeout(() => void this.#automatic(), ms);
  }

  async #automatic(): Promise<void> {
    this.#timer = null;
    const stopped = this.#stopped.signal;
    try {
      const session = this.#context.session();
      await this.#sweep();
      // Locking does not wait for files to be deleted: by now the database may be closed.
      if (stopped.aborted) return;
      if (addressOf(session) !== null) await this.#turn(undefined, (signal) => this.#round(session, signal));
    } catch (error) {
      // locked or stopped in between is how an attempt ends; the next unlock starts again
      if (isOutpostError(error, 'CANCELLED') || isOutpostError(error, 'LOCKED')) return;
      this.#failures = Math.max(1, this.#failures);
      this.#context.options.logger.error(failureOf(error), 'sync failed');
    } finally {
      if (this.#timer === null && !stopped.aborted) this.#scheduleNext();
    }
  }

  /** Old files are a matter of tidiness: that they cannot be deleted keeps nothing from being sent. */
  async #sweep(): Promise<void> {
    try {
      await createUploadedFiles(this.#context.exchangeDir).sweep(sweepAfterMs);
    } catch (error) {
      this.#context.options.logger.warn(failureOf(error), 'old exchange files could not be deleted');
    }
  }
}

/** Sync over a backend's context. Nothing happens before `start`. */
export function createSync(context: BackendContext): SyncService {
  const service = new Service(context);
  return {
    start: () => service.start(),
    stop: () => service.stop(),
    status: () => service.status(),
    connection: () => service.connection(),
    now: (signal) => service.now(signal),
    ...enrolWork(context, service),
    ...courierWork(context, service),
  };
}
