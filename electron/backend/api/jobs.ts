import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { openJobs } from '../jobs/list.ts';
import type { BackendContext } from '../session/context.ts';

/** What the window may ask about background work. */
export function jobsApi(context: BackendContext) {
  const os = implement(backendContract.jobs);
  return { list: os.list.handler(() => openJobs(context.session())) };
}
