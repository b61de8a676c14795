import { z } from 'zod';
import { instantSchema } from '../../../shared/log/event.ts';
import { receiptSchema, type Receipt } from '../../../shared/log/signed.ts';
import { sentenceSchema, type Sentence } from '../../../shared/language/sentence.ts';
import type { Db } from './db.ts';
import type { KeyValues } from './key-values.ts';

/** Sentences of the history that are kept. */
const HISTORY_KEPT = 50;

/**
 * How far ahead of the laptop's clock a time signed by the registry is believed, in milliseconds. One wrong time, of 2099
 * say, would otherwise make every release look expired for ever. 400 days are longer than any release information is
 * valid, so a clock that is behind by less, or set back later, makes nothing young again.
 */
const MAX_AHEAD_MS = 400 * 86_400_000;

const problemSchema = z.strictObject({ at: instantSchema, code: z.string(), sentence: sentenceSchema });
type SyncProblem = z.infer<typeof problemSchema>;

/** What sync remembers in the encrypted database. Nothing here is a fact about a case. */
export interface SyncStore {
  /** Keeps a verified receipt; keeping it twice is fine. */
  keepReceipt(receipt: Receipt): void;
  /** Receipt of the highest sequence of a log. */
  lastReceipt(log: string): Receipt | null;
  /** Trusted release metadata by file name (`root.json`, `timestamp.json`, ...). */
  metadata(): Map<string, Uint8Array>;
  /** Replaces all of it at once. */
  keepMetadata(files: ReadonlyMap<string, Uint8Array>): void;
  say(at: string, sentence: Sentence): void;
  history(): { at: string; sentence: Sentence }[];
  lastContact(): string | null;
  setLastContact(at: string): void;
  lastProblem(): SyncProblem | null;
  setLastProblem(problem: SyncProblem | null): void;
  /** Newest time signed by the registry that was seen, as an instant; never goes back. */
  registryTime(): string | null;
  /** Notes a time the registry signed; `now` is the laptop's clock in milliseconds and bounds it. */
  sawRegistryTime(at: string, now: number): void;
  /** Reference of a case on this laptop; null when it is not here or was erased. */
  referenceOf(caseId: string): string | null;
  /** Earlier sequence the registry asked to start again from, when it lost what it had receipted. */
  resendFrom(): number | null;
  setResendFrom(seq: number | null): void;
}

const receiptRow = z.object({ text: z.string() });
const metadataRow = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) });
const historyRow = z.object({
  at: z.string(),
  sentence: z.string().transform((text): Sentence => sentenceSchema.parse(JSON.parse(text))),
});

type ReceiptStore = Pick<SyncStore, 'keepReceipt' | 'lastReceipt'>;
type MetadataStore = Pick<SyncStore, 'metadata' | 'keepMetadata'>;
type HistoryStore = Pick<SyncStore, 'say' | 'history'>;

function receiptStore(db: Db): ReceiptStore {
  return {
    keepReceipt(receipt) {
      const { log, seq, hash, at } = receipt.body;
      db.prepare(
        'INSERT INTO sync_receipts (log, seq, hash, at, text) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ).run(log, seq, hash, at, JSON.stringify(receipt));
    },
    lastReceipt(log) {
      const row = db.prepare('SELECT text FROM sync_receipts WHERE log = ? ORDER BY seq DESC LIMIT 1').get(log);
      return row === undefined ? null : receiptSchema.parse(JSON.parse(receiptRow.parse(row).text));
    },
  };
}

function metadataStore(db: Db): MetadataStore {
  return {
    metadata() {
      const rows = z.array(metadataRow).parse(db.prepare('SELECT name, bytes FROM release_metadata').all());
      return new Map(rows.map((row) => [row.name, row.bytes]));
    },
    keepMetadata(files) {
      db.transaction(() => {
        db.prepare('DELETE FROM release_metadata').run();
        const insert = db.prepare('INSERT INTO release_metadata (name, bytes) VALUES (?, ?)');
        for (const [name, bytes] of files) insert.run(name, Buffer.from(bytes));
      })();
    },
  };
}

function historyStore(db: Db): HistoryStore {
  return {
    say(at, sentence) {
      db.transaction(() => {
        db.prepare('INSERT INTO sync_history (at, sentence) VALUES (?, ?)').run(at, JSON.stringify(sentence));
        db.prepare(
          'DELETE FROM sync_history WHERE id NOT IN (SELECT id FROM sync_history ORDER BY id DESC LIMIT ?)',
        ).run(HISTORY_KEPT);
      })();
    },
    history() {
      return z.array(historyRow).parse(db.prepare('SELECT at, sentence FROM sync_history ORDER BY id DESC').all());
    },
  };
}

const keys = {
  contact: 'sync.lastContact',
  problem: 'sync.lastProblem',
  registryTime: 'sync.registryTime',
  resendFrom: 'sync.resendFrom',
} as const;

/** Sync's memory over an open database with migration 3. */
export function createSyncStore(db: Db, keyValues: KeyValues): SyncStore {
  const read = <T>(key: string, schema: z.ZodType<T>): T | null => schema.nullable().parse(keyValues.get(key) ?? null);
  const registryTime = (): string | null => read(keys.registryTime, instantSchema);
  return {
    ...receiptStore(db),
    ...metadataStore(db),
    ...historyStore(db),
    lastContact: () => read(keys.contact, instantSchema),
    setLastContact: (at) => keyValues.set(keys.contact, at),
    lastProblem: () => read(keys.problem, problemSchema),
    setLastProblem: (problem) => keyValues.set(keys.problem, problem),
    registryTime,
    referenceOf(caseId) {
      const row = db.prepare('SELECT reference FROM cases WHERE id = ? AND erased = 0').get(caseId);
      return row === undefined ? null : z.object({ reference: z.string() }).parse(row).reference;
    },
    sawRegistryTime(at, now) {
      const seen = registryTime();
      const believed = Math.min(Date.parse(at), now + MAX_AHEAD_MS);
      if (seen === null || believed > Date.parse(seen))
        keyValues.set(keys.registryTime, new Date(believed).toISOString());
    },
    resendFrom: () => read(keys.resendFrom, z.int().min(1)),
    setResendFrom: (seq) => keyValues.set(keys.resendFrom, seq),
  };
}
