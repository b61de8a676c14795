import { provesDescent } from '../../shared/log/descent.ts';
import { parseSealedEvent, type LogHead } from '../../shared/log/event.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import type { AnyStore } from '../storage/db/tables.ts';

/** A log with what it continues; null for a first one, or where it did not prove it. */
interface LogNode {
  readonly id: string;
  readonly key: string;
  readonly parent: LogHead | null;
}

/** Which logs belong together. */
export interface Lineages {
  /** Whether one continues the other, or both continue the same. */
  readonly related: (a: string, b: string) => boolean;
  /** Head of the log that one continues, as it names it; null for a first one, or where it did not prove it. */
  readonly parentOf: (log: string) => LogHead | null;
}

interface OpenedLog {
  readonly id: string;
  readonly key: string;
  readonly text: string;
}

function nodeOf({ id, key, text }: OpenedLog, keys: ReadonlyMap<string, string>): LogNode {
  const opened = payloadSchemas['log.opened'].safeParse(parseSealedEvent(text).event.public);
  const parent = opened.data?.parent ?? null;
  const parentKey = parent === null ? undefined : keys.get(parent.log);
  if (parent === null || parentKey === undefined) return { id, key, parent: null };
  return { id, key, parent: provesDescent({ log: id, key, parent }, opened.data?.proof, parentKey) ? parent : null };
}

/** Name of the family of each log: logs of one device, and what they continue. */
function families(nodes: ReadonlyMap<string, LogNode>): (log: string) => string {
  const [above, firstOfKey] = [new Map<string, string>(), new Map<string, string>()];
  const rootOf = (id: string): string => {
    const next = above.get(id);
    return next === undefined ? id : rootOf(next);
  };
  const join = (a: string, b: string): void => {
    if (rootOf(a) !== rootOf(b)) above.set(rootOf(a), rootOf(b));
  };
  for (const { id, key, parent } of nodes.values()) {
    if (!firstOfKey.has(key)) firstOfKey.set(key, id);
    join(id, firstOfKey.get(key)!);
    if (parent !== null) join(id, parent.log);
  }
  return rootOf;
}

/**
 * Which logs are of one lineage. A device has one: a copied or restored folder, or one that was answered "fork", goes on
 * under the same key. A log under another key has to bring its parent's signature; one that does not stands alone.
 */
export async function readLineages(db: AnyStore): Promise<Lineages> {
  const rows = await db
    .selectFrom('logs as l')
    .innerJoin('log_events as e', (join) => join.onRef('e.log', '=', 'l.id').on('e.seq', '=', 1))
    .select(['l.id', 'l.key', 'e.text'])
    .orderBy('e.id')
    .execute();
  const keys = new Map(rows.map(({ id, key }) => [id, key]));
  const nodes = new Map(rows.map((row) => [row.id, nodeOf(row, keys)]));
  const familyOf = families(nodes);
  return {
    related: (a, b) => a === b || familyOf(a) === familyOf(b),
    parentOf: (log) => nodes.get(log)?.parent ?? null,
  };
}

const idsAtATime = 500;

/** The log each case came by: that of its first intake, whether or not it can be read yet. */
async function logsOfCases(db: AnyStore, cases: readonly string[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (let i = 0; i < cases.length; i += idsAtATime) {
    const rows = await db
      .selectFrom('log_events')
      .select(['case_id', 'log'])
      .where('type', '=', 'case.received')
      .where('case_id', 'in', cases.slice(i, i + idsAtATime))
      .orderBy('id')
      .execute();
    for (const { case_id: id, log } of rows) if (id !== null && !owners.has(id)) owners.set(id, log);
  }
  return owners;
}

/** Of some cases those a log may speak of: they came by it, or by a log of its lineage. */
export async function ownCases(db: AnyStore, log: string, cases: Iterable<string>): Promise<Set<string>> {
  const asked = [...new Set(cases)];
  const owners = await logsOfCases(db, asked);
  if (asked.every((id) => owners.get(id) === log)) return new Set(asked);
  const { related } = await readLineages(db);
  return new Set(
    asked.filter((id) => {
      const owner = owners.get(id);
      return owner !== undefined && related(owner, log);
    }),
  );
}
