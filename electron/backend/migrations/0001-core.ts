import type { Db } from '../store/db.ts';

const tables = `
CREATE TABLE key_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, added_at TEXT NOT NULL) STRICT;

CREATE TABLE logs (
  id TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  receipted INTEGER NOT NULL DEFAULT 0
) STRICT;

-- position is the order of writing over all logs: the order in which projections are replayed.
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  log TEXT NOT NULL REFERENCES logs (id),
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  case_id TEXT,
  text TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (log, seq)
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE INDEX events_by_case ON events (case_id, log, seq) WHERE case_id IS NOT NULL;

CREATE TABLE private_payloads (event_id TEXT PRIMARY KEY, text TEXT NOT NULL, salt TEXT NOT NULL) STRICT;

-- number is the order of intake and the row id of the search entry. An erased case keeps its public facts for the
-- figures, but nothing that says whose case it was.
CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  reference TEXT NOT NULL,
  reference_key TEXT NOT NULL,
  resident TEXT NOT NULL,
  place TEXT NOT NULL,
  person TEXT,
  received TEXT NOT NULL,
  taken_in_at TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  facts TEXT NOT NULL,
  intake_facts TEXT NOT NULL,
  current_event TEXT NOT NULL,
  stake_amount INTEGER,
  stake_currency TEXT,
  score REAL,
  verdict TEXT,
  outside TEXT NOT NULL DEFAULT '[]',
  model TEXT,
  model_id TEXT,
  scored_at TEXT,
  audit_stratum TEXT,
  audit_probability REAL,
  audit_drawn INTEGER NOT NULL DEFAULT 0,
  outcome TEXT,
  outcome_reason TEXT,
  outcome_at TEXT,
  outcome_event TEXT,
  erased INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Holds all that the order of the queue depends on: rows are wide, and each page of them would have to be decrypted.
CREATE INDEX cases_in_queue ON cases (erased, outcome, person, urgent, received, score, audit_drawn, taken_in_at, outcome_at, id);
CREATE INDEX cases_by_reference_key ON cases (reference_key);
CREATE INDEX cases_by_reference ON cases (reference);
CREATE INDEX cases_unscored ON cases (number) WHERE score IS NULL AND erased = 0;

CREATE TABLE case_tactics (
  tag TEXT NOT NULL,
  case_id TEXT NOT NULL,
  PRIMARY KEY (tag, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tactics_by_case ON case_tactics (case_id);

CREATE TABLE indicators (
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, value, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX indicators_by_case ON indicators (case_id);

CREATE VIRTUAL TABLE case_search USING fts5 (
  reference, resident, place, narrative, tactics,
  tokenize = "unicode61 categories 'L* N* Co Mn Mc'", prefix = '2 3'
);
-- Without this, words of an erased case would stay in the index until a later merge.
INSERT INTO case_search (case_search, rank) VALUES ('secure-delete', 1);

-- What follows is local convenience, not a fact of the case: who has looked, and reasons kept for the list.
CREATE TABLE case_views (case_id TEXT PRIMARY KEY, first_seen TEXT NOT NULL) STRICT;
CREATE TABLE explanations (
  case_id TEXT PRIMARY KEY,
  model_sha256 TEXT NOT NULL,
  reasons TEXT NOT NULL,
  explanation TEXT NOT NULL
) STRICT;
`;

/** Logs, events, private payloads, case projections, search, people and small values. */
export const migration = {
  version: 1,
  name: 'core',
  up(db: Db): void {
    db.exec(tables);
  },
};
