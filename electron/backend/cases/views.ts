import type { CaseRow, CaseView, ScoreView } from '../../../shared/contract/views.ts';
import { errorTable, OutpostError } from '../../../shared/errors/index.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';
import { jobFailure } from '../store/job-failures.ts';
import { outsideSentences } from './explanation.ts';
import { readQueue, readQueueRow, type CaseCounts, type QueueRow } from '../store/queue.ts';
import { eventsOfCase, getCase, noteView, outcomeNote, privateCaseOf, type CaseRecord } from '../store/cases.ts';
import { findPerson } from '../store/people.ts';
import { readSettings } from '../settings/settings.ts';
import type { Session } from '../session/context.ts';
import type { Clock } from '../../../platform/environment.ts';
import { caseChainHolds, type Break } from './chain.ts';
import { today } from '../../../platform/days.ts';
import { indicatorMatchesOfCase } from './indicator-matches.ts';
import { readByForm } from './schema.ts';
import { timelineOf } from './timeline.ts';
import { withheldOf } from './withheld.ts';

/** Share of scams that is assumed for the order of the queue while no model says otherwise. */
const assumedBaseRate = 0.75;
/** A look by the one who took the case in counts only after this time: an intake is no review. */
const intakeLookMs = 60 * 60_000;

/** True while the score must not be shown: the case was drawn for an audit and has no outcome yet. */
export function isHidden(record: Pick<CaseRecord, 'audit_drawn' | 'outcome'>): boolean {
  return record.audit_drawn && record.outcome === null;
}

function toRow(row: QueueRow): CaseRow {
  const { stakeAmount, stakeCurrency, personId, personName, ...rest } = row;
  return {
    ...rest,
    stake: stakeAmount === null || stakeCurrency === null ? null : { amount: stakeAmount, currency: stakeCurrency },
    person: personId === null || personName === null ? null : { id: personId, name: personName },
  };
}

interface ListInput {
  readonly show: 'open' | 'mine' | 'done';
  readonly search: string;
  readonly limit: number;
  readonly offset: number;
}

function logPosition(session: Session): { id: string; receipted: number } {
  const log = session.log();
  return { id: log.id, receipted: log.receipted() };
}

/** The queue in its order, with counts for the tabs. */
export function listCases(
  session: Session,
  clock: Clock,
  input: ListInput,
): { rows: CaseRow[]; total: number; cut: boolean; counts: CaseCounts } {
  const person = session.person();
  const { rows, ...rest } = readQueue(
    session.db,
    {
      ...input,
      person,
      today: today(clock),
      unseenDays: readSettings(session.keyValues).unseenDays,
      baseRate: session.models.active()?.manifest.training.baseRate ?? assumedBaseRate,
    },
    logPosition(session),
  );
  return { rows: rows.map(toRow), ...rest };
}

function scoreView(session: Session, record: CaseRecord): ScoreView | null {
  const { score, verdict, model, scored_at: at } = record;
  if (score === null || verdict === null || model === null || at === null) return null;
  const stored = session.models.get(model.id);
  if (stored === null) throw new OutpostError('BAD_DATABASE', sentence('cases.model_case_missing_database'));
  const { manifest } = stored;
  return {
    model,
    modelName: manifest.model.name,
    at,
    score,
    verdict,
    thresholds: manifest.thresholds,
    outside: record.outside,
    outsideSentences: outsideSentences(manifest, record.outside),
  };
}

function outcomeView(session: Session, record: CaseRecord): CaseView['outcome'] {
  const { outcome, outcome_reason: reason, outcome_at: at, outcome_event: event } = record;
  if (outcome === null || at === null || event === null) return null;
  return { outcome, reason, at, note: outcomeNote(session.db, event) };
}

/** Why a case has no first score yet. */
function scoreProblem(session: Session, { id, historical }: CaseRecord): Sentence {
  if (historical) return sentence('cases.historical');
  if (session.models.active() === null) return sentence(errorTable.NO_MODEL.says);
  const failure = jobFailure(session.db, 'score', id);
  return failure === null ? sentence('cases.score_being_made') : failure.why;
}

/** Everything about a case that may be shown now. `breaks` are those of the chain that are known. */
export function viewCase(session: Session, clock: Clock, id: string, breaks: readonly Break[]): CaseView {
  const record = getCase(session.db, id);
  const hidden = isHidden(record);
  const position = logPosition(session);
  const own = privateCaseOf(session.db, record.current_event);
  const names = new Map<string, string | null>();
  const personName = (person: string): string | null => {
    if (!names.has(person)) names.set(person, findPerson(session.db, person)?.name ?? null);
    return names.get(person) ?? null;
  };
  const unseenDays = readSettings(session.keyValues).unseenDays;
  return {
    row: toRow(readQueueRow(session.db, id, { today: today(clock), unseenDays }, position)),
    version: record.current_event,
    urgent: record.urgent,
    // What may not leave is shown with the rest: the filter is about leaving, not about seeing.
    facts: readByForm(session)({ ...record.facts, attributes: { ...record.facts.attributes, ...own.attributes } }),
    private: own,
    firstScore: hidden ? null : scoreView(session, record),
    scoreProblem: record.score === null ? scoreProblem(session, record) : null,
    outcome: outcomeView(session, record),
    timeline: timelineOf(eventsOfCase(session.db, id), {
      hidden,
      personName,
      modelName: (model) => session.models.get(model)?.manifest.model.name ?? null,
      receipted: (event) => event.log !== position.id || event.seq <= position.receipted,
    }),
    chainUnbroken: caseChainHolds(session.db, id, breaks),
    indicators: indicatorMatchesOfCase(session.db, id),
    withheld: withheldOf(session, record, own),
  };
}

/** Notes that somebody looked at a case; true when that took it out of the unseen. */
export function noteLook(session: Session, clock: Clock, id: string): boolean {
  const record = getCase(session.db, id);
  const byIntaker = record.person !== null && record.person === session.person();
  if (byIntaker && clock.now() - Date.parse(record.taken_in_at) < intakeLookMs) return false;
  return noteView(session.db, id, new Date(clock.now()).toISOString());
}
