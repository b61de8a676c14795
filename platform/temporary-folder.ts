import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where temporary folders are made, and who asks. */
interface TemporaryPlace {
  readonly dir: string;
  readonly pid: number;
  /** True while a process of that id runs. */
  readonly isRunning: (pid: number) => boolean;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing, only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's
  }
}

/** The system's folder for temporary files, and this process. */
function systemTemporaryPlace(): TemporaryPlace {
  return { dir: tmpdir(), pid: process.pid, isRunning };
}

function removeIfOwn(path: string): void {
  try {
    const { uid } = lstatSync(path);
    if (process.getuid === undefined || uid === process.getuid()) rmSync(path, { recursive: true, force: true });
  } catch {
    // Open in another program, or just removed by one: the next start looks again, and nobody waits for it.
  }
}

/** Removes folders of this kind whose process was killed before it could. What cannot be removed is left alone. */
function sweep(prefix: string, { dir, isRunning: runs }: TemporaryPlace): void {
  for (const name of readdirSync(dir)) {
    const pid = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !runs(Number(pid))) removeIfOwn(join(dir, name));
  }
}

/**
 * Makes a temporary folder that only this user reads and that names its process, and removes those of processes that were
 * killed: nothing a program wrote there outlives its next start. Whoever asked removes it.
 */
export function temporaryFolder(kind: string, place: TemporaryPlace = systemTemporaryPlace()): string {
  const prefix = `outpost-${kind}-`;
  sweep(prefix, place);
  return mkdtempSync(join(place.dir, `${prefix}${place.pid}-`));
}
