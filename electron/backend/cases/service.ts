import type { CaseView, Explanation, Intake } from '../../../shared/contract/views.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { failureOf } from '../logging/failure.ts';
import { caseState, eventsOfCase, getCase, noteView } from '../store/cases.ts';
import { deleteDraft } from '../store/drafts.ts';
import { requireUnsaved } from '../drafts/drafts.ts';
import type { BackendContext, Session } from '../session/context.ts';
import type { Break } from './chain.ts';
import { explainCase } from './explain.ts';
import { requireSomethingKnown, splitIntake } from './intake.ts';
import { noteReference } from './references.ts';
import { appendOutcome, freeReference, saveCase, type OutcomeInput } from './save.ts';
import { newestSchema } from './schema.ts';
import { isScoringProblem, scoreFirst } from './scoring.ts';
import { noteFailure, noteSuccess } from './retries.ts';
import { withUnasked } from './unasked.ts';
import { listCases, noteLook, viewCase } from './views.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** A simulated case of the past for the demo: instants in milliseconds since the epoch. */
export interface PastCase {
  readonly intake: Intake;
  readonly at: number;
  /** Somebody has looked at it, so that it is not among the unseen; true when not given. */
  readonly seen?: boolean;
  readonly outcome?: OutcomeInput & { readonly at: number };
}

/** Everything that is done with cases. All writing goes through events. */
export interface Cases {
  list(input: Parameters<typeof listCases>[2]): ReturnType<typeof listCases>;
  get(id: string, look?: boolean): CaseView;
  /** `own` is the id the draft had; CONFLICT when it was saved under it already. */
  create(intake: Intake, own?: string): Promise<{ id: string; reference: string }>;
  /** `base` is the entry the edit was made on; CONFLICT when it is not the newest of the case. */
  edit(id: string, base: string, intake: Intake): void;
  score(id: string): Promise<void>;
  /** `again` also tries what failed before and is not due. */
  explain(id: string, again?: boolean): Promise<Explanation>;
  /** `base` is the entry of the outcome it was chosen on, null for none; CONFLICT when that is not the newest. */
  recordOutcome(id: string, base: string | null, outcome: OutcomeInput): void;
  erase(id: string): void;
  /** Takes in cases of the past through the same path, one transaction and one scoring run for all. */
  createPast(cases: readonly PastCase[]): Promise<string[]>;
}

/** Case service. `breaks` are those of the chain. */
export function createCases(context: BackendContext, breaks: () => readonly Break[]): Cases {
  return new CaseService(context, breaks);
}

class CaseService implements Cases {
  readonly #context: BackendContext;
  readonly #breaks: () => readonly Break[];

  constructor(context: BackendContext, breaks: () => readonly Break[]) {
    this.#context = context;
    this.#breaks = breaks;
  }

  list(input: Parameters<typeof listCases>[2]): ReturnType<typeof listCases> {
    return listCases(this.#session(), this.#clock(), input);
  }

  get(id: string, look = true): CaseView {
    const session = this.#session();
    const view = viewCase(session, this.#clock(), id, this.#breaks());
    if (look && noteLook(session, this.#clock(), id)) this.#changed(id);
    return view;
  }

  async create(intake: Intake, own?: string): Promise<{ id: string; reference: string }> {
    requireSomethingKnown(intake);
    const session = this.#session();
    const saved = session.db
      .transaction(() => {
        if (own !== undefined) requireUnsaved(session, own);
        deleteDraft(session.db, { person: session.person(), form: 'new_case', subject: null });
        return saveCase(
          session,
          this.#context.options,
          newestSchema(session),
          intake,
          own === undefined ? {} : { id: own },
        );
      })
      .immediate();
    this.#changed(saved.id);
    try {
      await this.score(saved.id);
    } catch (error) {
      // The case is safe; why it has no score yet stands on its page and is tried again in the background.
      if (!isScoringProblem(error))
        this.#context.options.logger.error({ ...failureOf(error), case: saved.id }, 'first score failed');
    }
    return { id: saved.id, reference: saved.reference };
  }

  edit(id: string, base: string, intake: Intake): void {
    const session = this.#session();
    session.db
      .transaction(() => {
        const record = getCase(session.db, id);
        if (record.current_event !== base) {
          throw new OutpostError('CONFLICT', sentence('cases.case_edited_since_you_opened'), {
            data: { version: record.current_event },
          });
        }
        const reference = freeReference(
          session,
          intake.reference.trim() === '' ? record.reference : intake.reference,
          id,
        );
        if (intake.received !== record.received) {
          throw new OutpostError('BAD_INPUT', sentence('cases.received_date_stays_intake'), {
            data: { field: 'received' },
          });
        }
        const form = newestSchema(session);
        const { facts, own } = withUnasked(session, form, record, splitIntake(intake, form, reference));
        noteReference(session, reference);
        const urgent = intake.urgent === record.urgent ? {} : { urgent: intake.urgent };
        session.log().append({ type: 'case.edited', public: { case: id, facts, ...urgent }, private: own });
        deleteDraft(session.db, { person: session.person(), form: 'edit_case', subject: id });
      })
      .immediate();
    this.#changed(id);
  }

  async score(id: string): Promise<void> {
    const session = this.#session();
    const record = getCase(session.db, id);
    if (record.score !== null) return;
    try {
      await scoreFirst(session, [{ id, facts: record.intake_facts }]);
      noteSuccess(session, 'score', id);
    } catch (error) {
      noteFailure(session, this.#context.options, { kind: 'score', id, error });
      throw error;
    } finally {
      this.#changed(id);
    }
  }

  explain(id: string, again = false): Promise<Explanation> {
    return explainCase(this.#session(), this.#context.options, id, again);
  }

  recordOutcome(id: string, base: string | null, input: OutcomeInput): void {
    const session = this.#session();
    session.db
      .transaction(() => {
        const record = getCase(session.db, id);
        if (record.outcome_event !== base) {
          throw new OutpostError('CONFLICT', sentence('cases.outcome_recorded_since'), {
            data: { version: record.outcome_event },
          });
        }
        appendOutcome(session, record, input);
        deleteDraft(session.db, { person: session.person(), form: 'outcome', subject: id });
      })
      .immediate();
    this.#changed(id);
    this.#context.live.publish('monitor');
  }

  erase(id: string): void {
    const session = this.#session();
    const state = caseState(session.db, id);
    if (state === 'erased') return;
    if (state === 'unknown') throw new OutpostError('NOT_FOUND', sentence('store.case_not_laptop'));
    session.db
      .transaction(() => {
        const events = eventsOfCase(session.db, id).map(({ event }) => event.id);
        session.log().append({ type: 'case.erased', public: { case: id, events } });
      })
      .immediate();
    // What was erased must not live on in the write-ahead file either.
    session.db.pragma('wal_checkpoint(TRUNCATE)');
    this.#changed(id);
  }

  async createPast(cases: readonly PastCase[]): Promise<string[]> {
    const session = this.#session();
    const schema = newestSchema(session);
    const { options } = this.#context;
    const saved = session.db
      .transaction(() =>
        cases.map((item) => ({ ...saveCase(session, options, schema, item.intake, { at: item.at }), item })),
      )
      .immediate();
    await scoreFirst(
      session,
      saved.map(({ id, split, item }) => ({ id, facts: split.facts, at: item.at })),
    );
    session.db
      .transaction(() => {
        for (const { id, item } of saved) {
          if (item.seen ?? true) noteView(session.db, id, new Date(item.at).toISOString());
          if (item.outcome !== undefined)
            appendOutcome(session, getCase(session.db, id), item.outcome, item.outcome.at);
        }
      })
      .immediate();
    this.#context.live.publish('cases');
    this.#context.live.publish('status');
    return saved.map(({ id }) => id);
  }

  #changed(id: string): void {
    this.#context.live.publish('cases', id);
    this.#context.live.publish('status');
  }

  #session(): Session {
    return this.#context.session();
  }

  #clock(): BackendContext['options']['clock'] {
    return this.#context.options.clock;
  }
}
