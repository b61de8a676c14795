import { bytesToHex } from '@noble/hashes/utils.js';
import { v7 } from 'uuid';
import { OutpostError } from '../../../shared/errors/index.ts';
import { canonicalJson, type Json } from '../../../shared/log/canonical.ts';
import {
  commitmentOf,
  genesisHash,
  parseSealedEvent,
  sealEvent,
  type LogEvent,
  type LogHead,
  type PrivatePayload,
  type SealedEvent,
} from '../../../shared/log/event.ts';
import { payloadSchemas, privateSchemas, type EventType, type PublicPayload } from '../../../shared/log/payloads.ts';
import { signJson } from '../../../shared/log/signed.ts';
import type { Db } from './db.ts';
import type { Clock } from '../../../platform/environment.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** What `EventLog.append` writes: public payload by type, and optionally what stays here. */
interface NewEvent<T extends EventType = EventType> {
  readonly type: T;
  readonly public: PublicPayload<T>;
  readonly private?: unknown;
  /** Milliseconds since the epoch when it is not the clock's now: only for simulated cases of the past. */
  readonly at?: number;
}

/** The laptop's own append-only log. Every call runs inside the caller's transaction on the same database. */
export interface EventLog {
  readonly id: string;
  /** Hex Ed25519 public key of the log. */
  readonly publicKey: string;
  head(): LogHead;
  append<T extends EventType>(event: NewEvent<T>): SealedEvent;
  /** Events after `afterSeq`, oldest first. */
  read(afterSeq: number, limit: number): SealedEvent[];
  /** Sequence the registry has receipted, 0 when none; only ever moves forward. */
  receipted(): number;
  setReceipted(seq: number): void;
  /** Starts a new log naming this one's head and appends again what has no receipt, under the same event ids. */
  fork(reason: 'restored_or_copied' | 'fork'): EventLog;
  /** Signs canonical JSON under a purpose with the log's key. */
  sign(purpose: string, body: Json): string;
  privateOf(eventId: string): PrivatePayload | null;
}

/** What writing entries needs; `project` brings the tables derived from events up to date in the same transaction. */
export interface LogDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly person: () => string | null;
  readonly appVersion: string;
  /** Device key (hex Ed25519): all logs of this laptop are signed with it. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly project: (event: LogEvent, privateText: string | null) => void;
}

interface LogRow {
  readonly id: string;
  readonly ordinal: number;
  readonly receipted: number;
}

type Parent = { log: string; seq: number; hash: string } | null;
type Reason = 'first_start' | 'restored_or_copied' | 'fork';

const newestLog = 'SELECT id, ordinal, receipted FROM logs ORDER BY ordinal DESC LIMIT 1';

/** True when this database has a log already. */
export function hasLog(db: Db): boolean {
  return db.prepare(newestLog).get() !== undefined;
}

/** The log that is written to now. Read afresh each time: a fork inside a transaction may be rolled back. */
export function currentLog(deps: LogDeps): EventLog {
  const row = deps.db.prepare<[], LogRow>(newestLog).get();
  if (row === undefined) throw new OutpostError('BAD_DATABASE', sentence('store.database_holds_no_log'));
  return new StoredLog(deps, row.id);
}

/** Starts a log with its opening entry. `parent` is the head of the log it continues. */
export function startLog(deps: LogDeps, parent: Parent, reason: Reason): EventLog {
  return inTransaction(deps.db, () => {
    const ordinal = (deps.db.prepare<[], LogRow>(newestLog).get()?.ordinal ?? 0) + 1;
    const id = v7({ msecs: deps.clock.now(), random: deps.random(16) });
    deps.db.prepare('INSERT INTO logs (id, ordinal, public_key) VALUES (?, ?, ?)').run(id, ordinal, deps.publicKey);
    const log = new StoredLog(deps, id);
    log.append({ type: 'log.opened', public: { key: deps.publicKey, parent, reason } });
    return log;
  });
}

/** Every entry in the order of writing, each once (a fork writes entries without a receipt again). */
export function readAllOnce(db: Db, each: (sealed: SealedEvent) => void): void {
  const rows = db
    .prepare<[], { text: string }>(
      'SELECT text FROM events e WHERE position = (SELECT min(position) FROM events f WHERE f.id = e.id) ORDER BY position',
    )
    .all();
  for (const row of rows) each(parseSealedEvent(row.text));
}

function inTransaction<T>(db: Db, work: () => T): T {
  return db.inTransaction ? work() : db.transaction(work).immediate();
}

function caseOf(event: LogEvent): string | null {
  const id = event.public['case'];
  return typeof id === 'string' ? id : null;
}

function insertEvent(db: Db, sealed: SealedEvent): void {
  const { event, text, hash } = sealed;
  db.prepare('INSERT INTO events (log, seq, id, type, case_id, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    event.log,
    event.seq,
    event.id,
    event.type,
    caseOf(event),
    text,
    hash,
  );
}

function privatePart(deps: LogDeps, event: NewEvent): PrivatePayload | null {
  if (event.private === undefined) return null;
  const schema = privateSchemas[event.type as keyof typeof privateSchemas] as
    | (typeof privateSchemas)[keyof typeof privateSchemas]
    | undefined;
  if (schema === undefined) throw new OutpostError('INTERNAL', sentence('store.no_private_part', { type: event.type }));
  return { text: canonicalJson(schema.parse(event.private) as Json), salt: bytesToHex(deps.random(32)) };
}

class StoredLog implements EventLog {
  readonly id: string;
  readonly publicKey: string;
  readonly #deps: LogDeps;

  constructor(deps: LogDeps, id: string) {
    this.#deps = deps;
    this.id = id;
    this.publicKey = deps.publicKey;
  }

  head(): LogHead {
    const row = this.#deps.db
      .prepare<[string], { seq: number; hash: string }>(
        'SELECT seq, hash FROM events WHERE log = ? ORDER BY seq DESC LIMIT 1',
      )
      .get(this.id);
    return { log: this.id, seq: row?.seq ?? 0, hash: row?.hash ?? genesisHash };
  }

  append<T extends EventType>(event: NewEvent<T>): SealedEvent {
    return inTransaction(this.#deps.db, () => this.#append(event));
  }

  #append(event: NewEvent): SealedEvent {
    this.#refuseWhenContinued();
    const { db, clock, random, person, appVersion, project } = this.#deps;
    const head = this.head();
    const at = event.at ?? clock.now();
    const payload = privatePart(this.#deps, event);
    const sealed = sealEvent({
      v: 1,
      log: this.id,
      seq: head.seq + 1,
      prev: head.hash,
      id: v7({ msecs: at, random: random(16) }),
      type: event.type,
      at: new Date(at).toISOString(),
      zone: clock.zone(),
      person: person(),
      app: appVersion,
      public: payloadSchemas[event.type].parse(event.public) as LogEvent['public'],
      commitment: payload === null ? null : commitmentOf(payload),
    });
    insertEvent(db, sealed);
    if (payload !== null) {
      db.prepare('INSERT INTO private_payloads (event_id, text, salt) VALUES (?, ?, ?)').run(
        sealed.event.id,
        payload.text,
        payload.salt,
      );
    }
    // From the bytes as written: a replay reads the same, down to the order of keys.
    project(JSON.parse(sealed.text) as LogEvent, payload?.text ?? null);
    return sealed;
  }

  read(afterSeq: number, limit: number): SealedEvent[] {
    return this.#deps.db
      .prepare<[string, number, number], { text: string }>(
        'SELECT text FROM events WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
      )
      .all(this.id, afterSeq, limit)
      .map((row) => parseSealedEvent(row.text));
  }

  receipted(): number {
    return (
      this.#deps.db.prepare<[string], { receipted: number }>('SELECT receipted FROM logs WHERE id = ?').get(this.id)
        ?.receipted ?? 0
    );
  }

  setReceipted(seq: number): void {
    if (seq > this.head().seq)
      throw new OutpostError('BAD_RECEIPT', sentence('store.receipt_names_entry_never_written_here'));
    this.#deps.db.prepare('UPDATE logs SET receipted = max(receipted, ?) WHERE id = ?').run(seq, this.id);
  }

  fork(reason: 'restored_or_copied' | 'fork'): EventLog {
    return inTransaction(this.#deps.db, () => {
      this.#refuseWhenContinued();
      const waiting = this.read(this.receipted(), Number.MAX_SAFE_INTEGER);
      const next = startLog(this.#deps, { ...this.head() }, reason);
      let head = next.head();
      for (const { event } of waiting) {
        if (event.type === 'log.opened') continue;
        const sealed = sealEvent({ ...event, log: next.id, seq: head.seq + 1, prev: head.hash });
        insertEvent(this.#deps.db, sealed);
        head = { log: next.id, seq: sealed.event.seq, hash: sealed.hash };
      }
      return next;
    });
  }

  sign(purpose: string, body: Json): string {
    return signJson(purpose, body, this.#deps.privateKey);
  }

  privateOf(eventId: string): PrivatePayload | null {
    return (
      this.#deps.db
        .prepare<[string], PrivatePayload>('SELECT text, salt FROM private_payloads WHERE event_id = ?')
        .get(eventId) ?? null
    );
  }

  #refuseWhenContinued(): void {
    const newest = this.#deps.db.prepare<[], LogRow>(newestLog).get();
    if (newest?.id === this.id) return;
    throw new OutpostError('CONFLICT', sentence('store.log_continued_another_one'));
  }
}
