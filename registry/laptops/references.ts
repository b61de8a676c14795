import { parseSealedEvent, type SealedEvent } from '../../shared/log/event.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import type { AnyStore, StoreTransaction } from '../storage/db/tables.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';

export interface Notice {
  readonly case: string;
  readonly sentence: Sentence;
}

interface Tagged {
  readonly case_id: string;
  readonly device: string;
}

/** Outcome a case stands at; a continued log repeats older ones, which do not count, nor do those in quarantine. */
async function outcomeOf(trx: StoreTransaction, caseId: string): Promise<string | null> {
  const row = await trx
    .selectFrom('log_events as e')
    .leftJoin('quarantine as q', (join) => join.onRef('q.log', '=', 'e.log').onRef('q.seq', '=', 'e.seq'))
    .select('e.text')
    .where('e.case_id', '=', caseId)
    .where('e.type', '=', 'case.outcome')
    .where('e.counted', '=', 1)
    .where('q.log', 'is', null)
    .orderBy('e.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const payload = payloadSchemas['case.outcome'].safeParse(parseSealedEvent(row.text).event.public);
  return payload.success ? payload.data.outcome : null;
}

/** The other cases that carry a tag. */
async function othersWith(trx: StoreTransaction, tag: string, caseId: string): Promise<Tagged[]> {
  return trx
    .selectFrom('reference_tags')
    .select(['case_id', 'device'])
    .where('tag', '=', tag)
    .where('case_id', '!=', caseId)
    .orderBy('case_id')
    .execute();
}

function whereOf(others: readonly Tagged[], device: string): 'here' | 'elsewhere' {
  return others.some((other) => other.device !== device) ? 'elsewhere' : 'here';
}

/** Says that the outcome of a case differs from that of another with its reference; null when none does. */
async function differingOf(
  trx: StoreTransaction,
  caseId: string,
  device: string,
  others: readonly Tagged[],
): Promise<Notice | null> {
  const own = others.length === 0 ? null : await outcomeOf(trx, caseId);
  if (own === null) return null;
  for (const other of others) {
    const theirs = await outcomeOf(trx, other.case_id);
    if (theirs === null || own === theirs) continue;
    return {
      case: caseId,
      sentence: sentence('laptops.outcomes_differ', { where: whereOf([other], device) }),
    };
  }
  return null;
}

/**
 * Remembers the keyed reference tags of cases and says which cases have the reference of another. The registry sees
 * only the tags (made with a key of the office), never a reference.
 */
export async function noteReferences(
  trx: StoreTransaction,
  device: string,
  tags: Readonly<Record<string, string>>,
  at: string,
): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const [caseId, tag] of Object.entries(tags)) {
    await trx
      .insertInto('reference_tags')
      .values({ tag, case_id: caseId, device, at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const others = await othersWith(trx, tag, caseId);
    if (others.length === 0) continue;
    const twice = {
      case: caseId,
      sentence: sentence('laptops.same_reference', { where: whereOf(others, device) }),
    };
    notices.push((await differingOf(trx, caseId, device, others)) ?? twice);
  }
  return notices;
}

/** Cases that entries withdraw. */
export function withdrawnCases(events: readonly SealedEvent[]): string[] {
  return events.flatMap(({ event }) => {
    if (event.type !== 'case.withdrawn') return [];
    const payload = payloadSchemas['case.withdrawn'].safeParse(event.public);
    return payload.success ? [payload.data.case] : [];
  });
}

const idsAtATime = 500;

/** Forgets the references of withdrawn cases: what is taken in again is no second case of them. */
export async function forgetReferences(trx: StoreTransaction, cases: readonly string[]): Promise<void> {
  for (let at = 0; at < cases.length; at += idsAtATime) {
    const some = cases.slice(at, at + idsAtATime);
    await trx.deleteFrom('reference_tags').where('case_id', 'in', some).execute();
  }
}

/**
 * Says which of the cases whose outcome just came differ from another case with their reference. Tags come only with an
 * intake, outcomes mostly in later batches: the stored tags are looked up. `noted` names cases that have a notice.
 */
export async function noteOutcomes(
  trx: StoreTransaction,
  device: string,
  events: readonly SealedEvent[],
  noted: readonly Notice[],
): Promise<Notice[]> {
  const cases = new Set<string>();
  for (const { event } of events) {
    if (event.type !== 'case.outcome') continue;
    const payload = payloadSchemas['case.outcome'].safeParse(event.public);
    if (payload.success && !noted.some((notice) => notice.case === payload.data.case)) cases.add(payload.data.case);
  }
  const notices: Notice[] = [];
  for (const caseId of cases) {
    const tags = await trx.selectFrom('reference_tags').select('tag').where('case_id', '=', caseId).execute();
    for (const { tag } of tags) {
      const notice = await differingOf(trx, caseId, device, await othersWith(trx, tag, caseId));
      if (notice !== null) notices.push(notice);
    }
  }
  return notices;
}

/**
 * Cases whose reference was entered for another case too: id -> the smallest id among those that belong together.
 * Follows from the stored tags alone. Each office has a key of its own, so one reference entered at two offices gives
 * two tags: such duplicates cannot be seen here.
 */
export async function casesByReference(db: AnyStore): Promise<ReadonlyMap<string, string>> {
  const shared = db.selectFrom('reference_tags').select('tag').groupBy('tag').having(db.fn.countAll(), '>', 1);
  const tagged = await db
    .selectFrom('reference_tags')
    .select(['tag', 'case_id'])
    .where('tag', 'in', shared)
    .orderBy('case_id')
    .execute();
  const [parents, firstOf] = [new Map<string, string>(), new Map<string, string>()];
  const rootOf = (id: string): string => {
    const parent = parents.get(id) ?? id;
    return parent === id ? id : rootOf(parent);
  };
  for (const { tag, case_id: id } of tagged) {
    const [first, own] = [rootOf(firstOf.get(tag) ?? id), rootOf(id)];
    firstOf.set(tag, first);
    const [smaller, larger] = first < own ? [first, own] : [own, first];
    parents.set(smaller, smaller).set(larger, smaller);
  }
  return new Map([...parents.keys()].map((id) => [id, rootOf(id)]));
}
