import type { Kysely, Transaction } from 'kysely';
import type { RunRow } from '../../../learning/runs/tables.ts';

/** Columns hold what both SQLite and PostgreSQL have in common: text, integers and JSON as text. Instants are UTC text. */
export interface Tables {
  settings: { name: string; value: string };
  counters: { name: string; value: number };
  admins: { id: string; name: string; role: string; token_hash: string; created_at: string; revoked_at: string | null };
  offices: { id: string; name: string; office_key: string; created_at: string };
  enrolments: {
    id: string;
    office: string;
    secret_hash: string;
    created_at: string;
    expires_at: string;
    used_at: string | null;
    device: string | null;
  };
  devices: {
    id: string;
    office: string;
    key: string;
    seal_to: string;
    enrolled_at: string;
    last_seen: string | null;
    revoked_at: string | null;
  };
  logs: {
    id: string;
    device: string;
    key: string;
    seq: number;
    hash: string;
    parent: string | null;
    opened_at: string;
    clock_offset_ms: number | null;
  };
  log_events: {
    /** Order in which events were stored, within a log that of their sequence; never changes. */
    id: number;
    log: string;
    seq: number;
    hash: string;
    text: string;
    event_id: string;
    type: string;
    case_id: string | null;
    /** 0 for the repeat of an event id in a continued log. */
    counted: number;
    received_at: string;
  };
  event_ids: { device: string; event_id: string; log: string; seq: number };
  receipts: { log: string; seq: number; text: string; at: string };
  /** `reason`: a sentence as JSON. */
  quarantine: { log: string; seq: number; reason: string; at: string };
  reference_tags: { tag: string; case_id: string; device: string; at: string };
  candidates: {
    id: string;
    state: string;
    report: string;
    manifest: string;
    targets: string | null;
    declined_because: string | null;
    created_at: string;
    created_by: string;
  };
  /** Every schema that was ever proposed or issued here, by its hash; none is taken out. */
  schemas: { hash: string; schema: string };
  signatures: { candidate: string; key_id: string; admin: string; at: string };
  releases: {
    release: string;
    version: number;
    candidate: string;
    model: string;
    manifest: string;
    targets_version: number;
    at: string;
  };
  channels: { office: string; release: string | null; at: string; by: string };
  /** One row per case the pipeline knows, derived from the events or from an imported data set. */
  known_cases: {
    id: string;
    source: string;
    office: string;
    received: string;
    incident: string | null;
    scammer: string | null;
    urgent: number;
    /** Facts as they were at intake: what models learn from. */
    facts: string;
    /** Every tactic tag recorded, also later than the intake: what the monitor counts. */
    tactics: string;
    scored: string | null;
    outcome: string | null;
    outcome_at: string | null;
  };
  /** `words`: what versions that kept no sentences as data said; null since. */
  monitor_reports: { id: number; at: string; kind: string; words: string | null; report: string };
  runs: RunRow;
}

export type Store = Kysely<Tables>;
/** Inside a transaction only this handle may be used: SQLite has one connection, and it is taken. */
export type StoreTransaction = Transaction<Tables>;
export type AnyStore = Store | StoreTransaction;
