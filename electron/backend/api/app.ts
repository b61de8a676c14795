import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import { readStatus, type StatusSources } from '../settings/status.ts';

/** The status strip. */
export function appApi(sources: StatusSources) {
  const os = implement(backendContract.app);
  return { status: os.status.handler(() => readStatus(sources)) };
}
