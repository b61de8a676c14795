import type { SealedEvent } from '../../../shared/log/event.ts';
import { hiddenCases } from '../store/cases.ts';
import type { Session } from '../session/context.ts';

/** One entry that waits to leave, as text. */
export interface PreviewEntry {
  readonly seq: number;
  readonly type: string;
  readonly text: string;
}

function entry({ event, text }: SealedEvent, hidden: ReadonlySet<string>): PreviewEntry {
  const { seq, type } = event;
  const id = event.public['case'];
  if (type !== 'case.scored' || typeof id !== 'string' || !hidden.has(id)) return { seq, type, text };
  // The score of a case drawn for a check stays hidden until its outcome, here too. What leaves is complete.
  const withheld = { ...event, public: { case: id, 'shown after the outcome': 'score, verdict, audit' } };
  return { seq, type, text: JSON.stringify(withheld) };
}

/** The public bytes of entries without receipt, oldest first; hidden scores are withheld from view. */
export function previewOf(session: Session, limit: number): PreviewEntry[] {
  const log = session.log();
  const hidden = hiddenCases(session.db);
  return log.read(log.receipted(), limit).map((sealed) => entry(sealed, hidden));
}
