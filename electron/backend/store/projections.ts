import { z } from 'zod';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { Facts } from '../../../shared/domain/facts.ts';
import type { LogEvent } from '../../../shared/log/event.ts';
import {
  payloadSchemas,
  privateCaseSchema,
  type PrivateCase,
  type PublicPayload,
} from '../../../shared/log/payloads.ts';
import type { Db } from './db.ts';
import type { KeyValues } from './key-values.ts';
import { deleteDraftsAbout } from './drafts.ts';
import { readAllOnce } from './log.ts';
import { indicatorWords } from './search-words.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/**
 * The form in which references are compared on this laptop: without case and width variants, one kind of dash, single
 * spaces. Dashes count: 2026-1-11 and 2026-11-1 are two cases.
 */
export function referenceKey(reference: string): string {
  return reference
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Pd}/gu, '-')
    .replace(/\s+/gu, ' ')
    .trim();
}

function read<T extends keyof typeof payloadSchemas>(type: T, event: LogEvent): PublicPayload<T> {
  return payloadSchemas[type].parse(event.public) as PublicPayload<T>;
}

/** Private part of an entry, blank when it was erased. */
function readPrivate(text: string | null): PrivateCase {
  if (text === null) return { ...privateCaseSchema.parse({ reference: '-' }), reference: '' };
  return privateCaseSchema.parse(JSON.parse(text));
}

function stakeOf(facts: Facts): { amount: number | null; currency: string | null } {
  for (const name of Object.keys(facts.attributes).sort()) {
    const value = facts.attributes[name];
    if (typeof value === 'object' && value !== null) return value;
  }
  return { amount: null, currency: null };
}

function writeSearch(db: Db, number: number, own: PrivateCase, facts: Facts): void {
  db.prepare('DELETE FROM case_search WHERE rowid = ?').run(number);
  if (own.reference === '') return;
  const tactics = [...facts.tactics.map((tag) => tag.replaceAll('_', ' ')), ...own.tacticsGiven].join(' ');
  db.prepare(
    'INSERT INTO case_search (rowid, reference, resident, place, narrative, tactics, indicators) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(number, own.reference, own.resident, own.place, own.narrative, tactics, indicatorWords(own.indicators));
}

function writeIndicators(db: Db, id: string, own: PrivateCase): void {
  db.prepare('DELETE FROM indicators WHERE case_id = ?').run(id);
  const insert = db.prepare('INSERT OR IGNORE INTO indicators (case_id, kind, value) VALUES (?, ?, ?)');
  for (const indicator of own.indicators) if (indicator.value !== '') insert.run(id, indicator.kind, indicator.value);
}

function writeTactics(db: Db, id: string, facts: Facts): void {
  db.prepare('DELETE FROM case_tactics WHERE case_id = ?').run(id);
  const insert = db.prepare('INSERT OR IGNORE INTO case_tactics (tag, case_id) VALUES (?, ?)');
  for (const tag of facts.tactics) insert.run(tag, id);
}

function applyReceived(db: Db, event: LogEvent, privateText: string | null): void {
  const payload = read('case.received', event);
  const own = readPrivate(privateText);
  const stake = stakeOf(payload.facts);
  const facts = JSON.stringify(payload.facts);
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO cases (id, reference, reference_key, resident, place, person, received, taken_in_at, urgent, facts, intake_facts, current_event, stake_amount, stake_currency, import, import_row, historical)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      payload.case,
      own.reference,
      referenceKey(own.reference),
      own.resident,
      own.place,
      event.person,
      payload.received,
      event.at,
      Number(payload.urgent),
      facts,
      facts,
      event.id,
      stake.amount,
      stake.currency,
      payload.import ?? null,
      own.importRow ?? null,
      Number(payload.historical ?? false),
    );
  writeSearch(db, Number(lastInsertRowid), own, payload.facts);
  writeIndicators(db, payload.case, own);
  writeTactics(db, payload.case, payload.facts);
}

function numberOf(db: Db, id: string): number | null {
  return db.prepare<[string], { number: number }>('SELECT number FROM cases WHERE id = ?').get(id)?.number ?? null;
}

function applyEdited(db: Db, event: LogEvent, privateText: string | null): void {
  const payload = read('case.edited', event);
  const number = numberOf(db, payload.case);
  if (number === null) return;
  const own = readPrivate(privateText);
  const stake = stakeOf(payload.facts);
  db.prepare(
    `UPDATE cases SET reference = ?, reference_key = ?, resident = ?, place = ?, facts = ?, current_event = ?,
       urgent = coalesce(?, urgent), stake_amount = ?, stake_currency = ? WHERE number = ?`,
  ).run(
    own.reference,
    referenceKey(own.reference),
    own.resident,
    own.place,
    JSON.stringify(payload.facts),
    event.id,
    payload.urgent === undefined ? null : Number(payload.urgent),
    stake.amount,
    stake.currency,
    number,
  );
  writeSearch(db, number, own, payload.facts);
  writeIndicators(db, payload.case, own);
  writeTactics(db, payload.case, payload.facts);
}

function applyScored(db: Db, event: LogEvent): void {
  const payload = read('case.scored', event);
  // A first score is frozen: should two exist (a restored folder), the earlier one counts.
  db.prepare(
    `UPDATE cases SET score = ?, verdict = ?, outside = ?, model = ?, model_id = ?, scored_at = ?, audit_stratum = ?,
       audit_probability = ?, audit_drawn = ? WHERE id = ? AND score IS NULL`,
  ).run(
    payload.score,
    payload.verdict,
    JSON.stringify(payload.outside),
    JSON.stringify(payload.model),
    payload.model.id,
    event.at,
    payload.audit.stratum,
    payload.audit.probability,
    Number(payload.audit.drawn),
    payload.case,
  );
}

function applyOutcome(db: Db, event: LogEvent): void {
  const payload = read('case.outcome', event);
  db.prepare('UPDATE cases SET outcome = ?, outcome_reason = ?, outcome_at = ?, outcome_event = ? WHERE id = ?').run(
    payload.outcome,
    payload.reason,
    event.at,
    event.id,
    payload.case,
  );
}

function applyErased(db: Db, event: LogEvent): void {
  const payload = read('case.erased', event);
  const destroy = db.prepare('DELETE FROM private_payloads WHERE event_id = ?');
  for (const id of payload.events) destroy.run(id);
  forgetCase(db, payload.case);
}

/** What was taken in by mistake is in no figure either: unlike an erased case it never was one. */
function applyWithdrawn(db: Db, event: LogEvent): void {
  const { case: id } = read('case.withdrawn', event);
  db.prepare('DELETE FROM private_payloads WHERE event_id IN (SELECT id FROM events WHERE case_id = ?)').run(id);
  forgetCase(db, id);
  db.prepare('DELETE FROM case_tactics WHERE case_id = ?').run(id);
  db.prepare('DELETE FROM cases WHERE id = ?').run(id);
}

/** Takes a case out of everything that is shown, searched or compared. */
function forgetCase(db: Db, id: string): void {
  deleteDraftsAbout(db, id);
  const number = numberOf(db, id);
  for (const table of ['indicators', 'case_views', 'explanations', 'job_failures'])
    db.prepare(`DELETE FROM ${table} WHERE case_id = ?`).run(id);
  if (number === null) return;
  db.prepare('DELETE FROM case_search WHERE rowid = ?').run(number);
  db.prepare(
    "UPDATE cases SET erased = 1, reference = '', reference_key = '', resident = '', place = '', import_row = NULL WHERE number = ?",
  ).run(number);
}

/** Brings the tables derived from events up to date with one entry. Types of a newer version are passed over. */
export function applyEvent(db: Db, event: LogEvent, privateText: string | null): void {
  switch (event.type) {
    case 'case.received':
      return applyReceived(db, event, privateText);
    case 'case.edited':
      return applyEdited(db, event, privateText);
    case 'case.scored':
      return applyScored(db, event);
    case 'case.outcome':
      return applyOutcome(db, event);
    case 'case.erased':
      return applyErased(db, event);
    case 'case.withdrawn':
      return applyWithdrawn(db, event);
    default:
  }
}

/** Empties the derived tables and replays every log; the result is what they held before. */
export function rebuildProjections(db: Db): void {
  const payload = db.prepare<[string], { text: string }>('SELECT text FROM private_payloads WHERE event_id = ?');
  db.transaction(() => {
    db.exec('DELETE FROM cases; DELETE FROM indicators; DELETE FROM case_tactics; DELETE FROM case_search;');
    readAllOnce(db, ({ event }) => {
      try {
        applyEvent(db, event, payload.get(event.id)?.text ?? null);
      } catch (cause) {
        throw new OutpostError('BAD_DATABASE', sentence('store.entry_not_replayable', { seq: event.seq }), {
          cause,
        });
      }
    });
  }).immediate();
}

/** Raised whenever entries are read into the derived tables in another way than before. */
export const projectionVersion = 3;
const versionKey = 'projections.version';

/**
 * Rebuilds the derived tables when another version of the program wrote them. True when it did. BAD_DATABASE or
 * BAD_CHAIN when an entry cannot be replayed; the tables then stay as they were, and the next opening tries again.
 */
export function renewProjections(db: Db, keyValues: KeyValues): boolean {
  if (z.int().nullable().parse(keyValues.get(versionKey)) === projectionVersion) return false;
  db.transaction(() => {
    rebuildProjections(db);
    keyValues.set(versionKey, projectionVersion);
  }).immediate();
  return true;
}
