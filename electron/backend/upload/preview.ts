import type { SealedEvent } from '../../../shared/log/event.ts';
import { hiddenCases } from '../store/cases.ts';
import type { Session } from '../session/context.ts';

/** One entry that waits to leave, as text. */
interface PreviewEntry {
  readonly seq: number;
  readonly type: string;
  readonly text: string;
  /** Whether the score is left out of the text, since it must not be seen before the outcome. What leaves is complete. */
  readonly withheld: boolean;
}

function entry({ event, text }: SealedEvent, hidden: ReadonlySet<string>): PreviewEntry {
  const { seq, type } = event;
  const id = event.public['case'];
  if (type !== 'case.scored' || typeof id !== 'string' || !hidden.has(id)) return { seq, type, text, withheld: false };
  // The score of a case drawn for a check stays hidden until its outcome, here too.
  return { seq, type, text: JSON.stringify({ ...event, public: { case: id } }), withheld: true };
}

/**
 * The public bytes of entries without receipt, newest first, of those older than `before` where it is given, and how many
 * wait in all; hidden scores are withheld from view.
 */
export function previewOf(
  session: Session,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): { entries: PreviewEntry[]; total: number } {
  const log = session.log();
  const hidden = hiddenCases(session.db);
  const [receipted, newest] = [log.receipted(), log.head().seq];
  const end = Math.min(newest + 1, before ?? newest + 1);
  const start = Math.max(receipted, end - 1 - limit);
  const entries = log.read(start, Math.max(0, end - 1 - start)).map((sealed) => entry(sealed, hidden));
  return { entries: entries.toReversed(), total: newest - receipted };
}
