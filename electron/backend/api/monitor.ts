import { implement } from '@orpc/server';
import { backendContract } from '../../../shared/contract/backend.ts';
import type { Monitor } from '../monitor/service.ts';

/** What the monitor says about the cases of this laptop. */
export function monitorApi(monitor: Monitor) {
  const os = implement(backendContract.monitor);
  return { report: os.report.handler(() => monitor.report()) };
}
