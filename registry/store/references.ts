import { parseSealedEvent } from '../../shared/log/event.ts';
import { payloadSchemas } from '../../shared/log/payloads.ts';
import type { StoreTransaction } from './tables.ts';

export interface Notice {
  readonly case: string;
  readonly sentence: string;
}

async function outcomeOf(trx: StoreTransaction, caseId: string): Promise<string | null> {
  const row = await trx
    .selectFrom('log_events')
    .select('text')
    .where('case_id', '=', caseId)
    .where('type', '=', 'case.outcome')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const payload = payloadSchemas['case.outcome'].safeParse(parseSealedEvent(row.text).event.public);
  return payload.success ? payload.data.outcome : null;
}

async function noticeOf(
  trx: StoreTransaction,
  caseId: string,
  device: string,
  others: readonly { case_id: string; device: string }[],
): Promise<Notice> {
  const where = others.some((other) => other.device !== device) ? 'on another laptop' : 'on this laptop';
  const own = await outcomeOf(trx, caseId);
  for (const other of others) {
    const theirs = await outcomeOf(trx, other.case_id);
    if (own !== null && theirs !== null && own !== theirs) {
      return {
        case: caseId,
        sentence: `The same reference was entered as another case ${where}, and the two outcomes differ. Compare them with your colleague.`,
      };
    }
  }
  return {
    case: caseId,
    sentence: `The same reference was entered as another case ${where}. Check whether it is one case entered twice.`,
  };
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
    const others = await trx
      .selectFrom('reference_tags')
      .select(['case_id', 'device'])
      .where('tag', '=', tag)
      .where('case_id', '!=', caseId)
      .execute();
    if (others.length > 0) notices.push(await noticeOf(trx, caseId, device, others));
  }
  return notices;
}
