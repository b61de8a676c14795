import type { JobRow } from '../../../shared/contract/views.ts';
import { countJobs } from '../store/job-failures.ts';
import type { Session } from '../session/context.ts';

/** Background work that is open. First scores wait for a model without being work. */
export function openJobs(session: Session): JobRow[] {
  const kinds = session.models.active() === null ? (['explain'] as const) : (['score', 'explain'] as const);
  return kinds.map((kind) => ({ kind, ...countJobs(session.db, kind) })).filter(({ open }) => open > 0);
}
