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

/** The logs that belong together with one: it continues them, they continue it, or both continue the same. */
export interface Lineage {
  readonly logs: readonly string[];
  /** Head of the log that one continues, as it names it; null for a first one, or where it did not prove it. */
  readonly parentOf: (log: string) => LogHead | null;
}

interface OpenedLog {
  readonly id: string;
  readonly key: string;
  readonly text: string;
}

/** How a log may be tied to others. */
interface LogLink {
  readonly id: string;
  readonly key: string;
  readonly parent: string | null;
}

const idsAtATime = 500;

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

/** Logs with the same key as some, or that one of them names as its parent, or that name one of them. */
async function nextOf(db: AnyStore, logs: readonly LogLink[]): Promise<LogLink[]> {
  const [ids, keys] = [logs.map(({ id }) => id), [...new Set(logs.map(({ key }) => key))]];
  const parents = logs.map(({ parent }) => parent).filter((parent) => parent !== null);
  const found: LogLink[] = [];
  const links = db.selectFrom('logs').select(['id', 'key', 'parent']);
  for (const [column, values] of [
    ['key', keys],
    ['parent', ids],
    ['id', parents],
  ] as const)
    for (let i = 0; i < values.length; i += idsAtATime)
      found.push(...(await links.where(column, 'in', values.slice(i, i + idsAtATime)).execute()));
  return found;
}

/** Ids of all logs that may be of one lineage with a log: what it is tied to by a key or a named parent, over any number of steps. */
async function idsAround(db: AnyStore, log: string): Promise<string[]> {
  const known = new Set<string>();
  let fresh = await db.selectFrom('logs').select(['id', 'key', 'parent']).where('id', '=', log).execute();
  while (fresh.length > 0) {
    for (const { id } of fresh) known.add(id);
    const next = new Map((await nextOf(db, fresh)).map((link) => [link.id, link]));
    fresh = [...next.values()].filter(({ id }) => !known.has(id));
  }
  return [...known];
}

async function openedLogs(db: AnyStore, ids: readonly string[]): Promise<OpenedLog[]> {
  const rows: OpenedLog[] = [];
  const opened = db
    .selectFrom('logs as l')
    .innerJoin('log_events as e', (join) => join.onRef('e.log', '=', 'l.id').on('e.seq', '=', 1))
    .select(['l.id', 'l.key', 'e.text']);
  for (let i = 0; i < ids.length; i += idsAtATime)
    rows.push(...(await opened.where('l.id', 'in', ids.slice(i, i + idsAtATime)).execute()));
  return rows;
}

/**
 * The lineage of a log. A device has one: a copied or restored folder, or one that was answered "fork", goes on under the
 * same key. A log under another key has to bring its parent's signature; one that does not stands alone. Logs that have
 * nothing to do with it are not read: while feedback is stored nothing else is.
 */
export async function lineageOf(db: AnyStore, log: string): Promise<Lineage> {
  const rows = await openedLogs(db, await idsAround(db, log));
  const keys = new Map(rows.map(({ id, key }) => [id, key]));
  const nodes = new Map(rows.map((row) => [row.id, nodeOf(row, keys)]));
  const familyOf = families(nodes);
  return {
    logs: [...new Set([log, ...nodes.keys()])].filter((id) => familyOf(id) === familyOf(log)),
    parentOf: (id) => nodes.get(id)?.parent ?? null,
  };
}

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
  const kin = new Set((await lineageOf(db, log)).logs);
  return new Set(
    asked.filter((id) => {
      const owner = owners.get(id);
      return owner !== undefined && kin.has(owner);
    }),
  );
}
