import { readFile } from 'node:fs/promises';

/**
 * Resident memory of a process in bytes, or null where the system does not show it in `/proc` (there the process
 * watches itself) or when the process has ended.
 */
export async function residentBytes(pid: number | undefined): Promise<number | null> {
  if (pid === undefined || process.platform !== 'linux') return null;
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) * 1024 : null;
  } catch {
    // The process has ended, or this system hides it; the time limit and the process's own watchdog still hold.
    return null;
  }
}
