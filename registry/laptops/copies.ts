import type { SealedEvent } from '../../shared/log/event.ts';
import { sentence } from '../../shared/language/sentence.ts';
import type { StoreTransaction } from '../storage/db/tables.ts';
import { readLineages } from './lineage.ts';
import type { Notice } from './references.ts';

/** What a copy that knows nothing of the other may have changed of a case. */
const changes = ['case.edited', 'case.outcome', 'case.erased'];

interface Changed {
  readonly id: string;
  readonly seq: number;
}

function changed(events: readonly SealedEvent[]): Changed[] {
  return events.flatMap(({ event }) => {
    const id = event.public['case'];
    return changes.includes(event.type) && typeof id === 'string' ? [{ id, seq: event.seq }] : [];
  });
}

/**
 * Says which of the cases that were just changed were changed on another copy of the laptop's data too. Of two logs that
 * continue one, both are taken, in the order they come: whether that is right only the office can tell.
 */
export async function noteCopies(
  trx: StoreTransaction,
  log: string,
  events: readonly SealedEvent[],
): Promise<Notice[]> {
  const own = changed(events);
  if (own.length === 0) return [];
  const others = await trx
    .selectFrom('log_events')
    .select(['case_id as id', 'log', 'seq'])
    .where(
      'case_id',
      'in',
      own.map(({ id }) => id),
    )
    .where('type', 'in', changes)
    .where('log', '!=', log)
    .where('counted', '=', 1)
    .execute();
  if (others.length === 0) return [];
  const { related, apart } = await readLineages(trx);
  const isTwice = ({ id, seq }: Changed): boolean =>
    others.some((other) => other.id === id && related(log, other.log) && apart({ log, seq }, other));
  const found = new Set(own.filter(isTwice).map(({ id }) => id));
  return [...found].map((id) => ({ case: id, sentence: sentence('laptops.case_changed_on_copy') }));
}
