import { batchPurpose, type Batch } from '../../../shared/log/signed.ts';
import type { Json } from '../../../shared/log/canonical.ts';
import type { SealedEvent } from '../../../shared/log/event.ts';
import type { EventLog } from '../store/log.ts';
import { referenceTags } from './reference-tags.ts';

/** Most entries, and about most characters, of one batch: small enough that a weak connection carries one whole. */
const batchLimits = { events: 200, characters: 1_000_000 } as const;

/** Leading events of a log after `afterSeq` that fit one batch; at least one when any is there. */
export function nextEvents(log: EventLog, afterSeq: number): SealedEvent[] {
  const events = log.read(afterSeq, batchLimits.events);
  let characters = 0;
  const end = events.findIndex((event) => (characters += event.text.length) > batchLimits.characters);
  return end === -1 ? events : events.slice(0, Math.max(1, end));
}

/**
 * Batch of neighbouring events, signed by the log's key. `at` is the laptop's clock as an instant; before joining there is
 * no office key and the batch has no reference tags.
 */
export function makeBatch(log: EventLog, events: readonly SealedEvent[], officeKey: string | null, at: string): Batch {
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A batch needs at least one entry.');
  const body: Batch['body'] = {
    format: 'outpost.batch/1',
    log: log.id,
    from: first.event.seq,
    to: last.event.seq,
    hash: last.hash,
    at,
    referenceTags: officeKey === null ? {} : referenceTags(log, events, officeKey),
  };
  return {
    body,
    signature: log.sign(batchPurpose, body as unknown as Json),
    events: events.map((event) => event.text),
  };
}
