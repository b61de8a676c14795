import type Database from 'better-sqlite3';
import type { Logger } from 'pino';
import type { ColumnValue, EncodedRow } from '../../shared/encoding/encode.ts';
import type { Manifest } from '../../shared/encoding/manifest.ts';
import type { LogHead, PrivatePayload, SealedEvent } from '../../shared/log/event.ts';
import type { EventType, PublicPayload } from '../../shared/log/payloads.ts';

export type Db = Database.Database;

/** Where "now", time zone and timers come from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Milliseconds that have gone by since some moment, never fewer than before and with the time the machine slept: what
   * `now` says may be set by hand.
   */
  elapsed(): number;
  /** IANA zone of the laptop. */
  zone(): string;
  setTimeout(callback: () => void, ms: number): { cancel(): void };
}

/** Extra wrap of the database key by the operating system (Electron `safeStorage`); absent in the browser host. */
export interface Secrets {
  /** Null when the system offers no real protection (`basic_text`). */
  readonly wrap: ((key: Uint8Array) => Promise<Uint8Array>) | null;
  readonly unwrap: ((wrapped: Uint8Array) => Promise<Uint8Array>) | null;
}

/** Starts the inference child. The Electron shell and plain Node do it differently; both give this. */
export interface ChildHandle {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}
export type SpawnInference = () => ChildHandle;

/** Everything environmental the backend needs; it never asks where it runs. */
export interface BackendOptions {
  readonly dataDir: string;
  /** Folder of the bundled release (model.onnx, manifest.json). */
  readonly modelsDir: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly logger: Logger;
  readonly spawnInference: SpawnInference;
  readonly random: (bytes: number) => Uint8Array;
  readonly appVersion: string;
  readonly demo: boolean;
  /** scrypt cost (log2 N) of new passphrase wraps; 17 outside of tests. */
  readonly scryptLogN: number;
}

/** What `EventLog.append` writes: public payload by type, and optionally what stays here. */
export interface NewEvent<T extends EventType = EventType> {
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
  sign(purpose: string, body: import('../../shared/log/canonical.ts').Json): string;
  privateOf(eventId: string): PrivatePayload | null;
}

/** A model as stored in the database. */
export interface StoredModel {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest file's bytes. */
  readonly manifestSha256: string;
  readonly bytes: Uint8Array;
}

export interface ScoreResult {
  /** Probability of scam. */
  readonly score: number;
}

export interface Contribution {
  readonly attribute: string;
  /** Signed change of the probability. */
  readonly value: number;
}

export interface ExplainResult {
  readonly base: number;
  readonly score: number;
  /** Every column, largest absolute value first; base + sum = score. */
  readonly contributions: readonly Contribution[];
  readonly changes: readonly { attribute: string; value: ColumnValue; score: number }[];
}

/**
 * The supervised inference process. A model is checked (hash, allowed ops, golden rows) before it scores;
 * errors are BAD_MODEL, BAD_MANIFEST or MODEL_FAILED. A killed child is started again by the next call.
 */
export interface Inference {
  /** Loads and checks; keeps up to two models loaded so that a dry run or a roll-out interrupts nothing. */
  load(model: StoredModel): Promise<void>;
  score(modelSha256: string, rows: readonly EncodedRow[]): Promise<ScoreResult[]>;
  explain(modelSha256: string, row: EncodedRow): Promise<ExplainResult>;
  close(): Promise<void>;
}

/** Models kept in the encrypted database. */
export interface ModelRegistry {
  active(): StoredModel | null;
  get(id: string): StoredModel | null;
  /**
   * Verifies (hash, manifest, ops, golden rows) and stores a model; idempotent by manifest hash.
   * `file` models can be dry-run only.
   */
  install(input: {
    model: Uint8Array;
    manifest: Uint8Array;
    source: 'bundled' | 'registry' | 'courier' | 'file';
  }): Promise<StoredModel>;
  /** Loads, warms up, then switches in one transaction with a `model.activated` event; running scores finish on the old one. */
  activate(id: string, source: 'bundled' | 'registry' | 'courier' | 'rollback' | 'file'): Promise<void>;
}

export type Topic = 'status' | 'cases' | 'models' | 'sync' | 'monitor' | 'people' | 'settings';
export interface LiveBus {
  publish(topic: Topic, id?: string): void;
  subscribe(listener: (change: { topic: Topic; id: string | null }) => void): () => void;
}

/** Small typed values in the database (settings, enrolment, pointers), each parsed by the caller's schema. */
export interface KeyValues {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** Everything that exists while the vault is open. Made at unlock, closed at lock. */
export interface Session {
  readonly db: Db;
  readonly log: () => EventLog;
  readonly keyValues: KeyValues;
  readonly models: ModelRegistry;
  readonly inference: Inference;
  readonly person: () => string | null;
  /** 32 secret bytes of this laptop for keyed draws. */
  readonly auditKey: Uint8Array;
  /** age identity (`AGE-SECRET-KEY-1…`) files for this device are sealed to. */
  readonly sealingIdentity: string;
}

/** What an api file is given. `session()` throws LOCKED while the vault is closed. */
export interface BackendContext {
  readonly options: BackendOptions;
  readonly live: LiveBus;
  readonly session: () => Session;
  /** Folder for files that come from or go to people (uploads, courier files); names are random tokens. */
  readonly exchangeDir: string;
}
