import { memoryLimitBytes } from './limits.ts';

const everyMs = 500;

function parentIsGone(first: number): boolean {
  if (process.ppid !== first) return true;
  try {
    process.kill(first, 0);
    return false;
  } catch (error) {
    // EPERM means that it runs as somebody else, which is alive enough.
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
  }
}

/**
 * Ends this process when its parent is gone or its memory overruns. Runs on a thread of its own, because a run of the
 * model blocks the main one.
 */
export function watch(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (parentIsGone(parent) || process.memoryUsage.rss() > memoryLimitBytes) process.kill(process.pid, 'SIGKILL');
  }, everyMs);
}
