import { z } from 'zod';

const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const memorySchema = z.object({ failedAt: z.number(), version: z.string(), reason: z.string() });

/** How the desktop shell came to be available, or why it is not, in words for one line on the terminal. */
export type ElectronState =
  | { readonly available: true; readonly program: string }
  | { readonly available: false; readonly reason: string };

/** Everything that {@link prepareElectron} touches outside itself. */
export interface ElectronWorld {
  readonly now: () => number;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Version of the shell that the project wants. */
  readonly version: string;
  /** Path of the installed shell program, or null. Must never load the package itself: that would download it. */
  readonly findProgram: () => string | null;
  /** Runs the package's installer to its end or to its time limit; null when it worked, else what went wrong. */
  readonly install: () => Promise<string | null>;
  readonly readMemory: () => string | null;
  readonly writeMemory: (text: string | null) => void;
}

function recall(world: ElectronWorld): string | null {
  const text = world.readMemory();
  if (text === null) return null;
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return null; // A damaged note is worth nothing more than another try.
  }
  const memory = memorySchema.safeParse(stored);
  if (!memory.success || memory.data.version !== world.version) return null;
  const age = world.now() - memory.data.failedAt;
  return age >= 0 && age < RETRY_AFTER_MS ? memory.data.reason : null;
}

function remember(world: ElectronWorld, reason: string): ElectronState {
  world.writeMemory(JSON.stringify({ failedAt: world.now(), version: world.version, reason }));
  return { available: false, reason };
}

function hasDisplay({ platform, env }: ElectronWorld): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * Makes the desktop shell available if that is possible within the installer's time limit. A failure is remembered for
 * a day, so that an offline machine does not wait at every start; `retry` forgets it. Never throws.
 */
export async function prepareElectron(world: ElectronWorld, retry: boolean): Promise<ElectronState> {
  if (!hasDisplay(world)) return { available: false, reason: 'there is no display' };
  const installed = world.findProgram();
  const earlier = retry ? null : recall(world);
  if (earlier !== null) {
    return { available: false, reason: `${earlier} (tried within the last day; --retry-electron tries again)` };
  }
  if (installed !== null) return { available: true, program: installed };
  const problem = await world.install();
  if (problem !== null) return remember(world, problem);
  const program = world.findProgram();
  if (program === null) return remember(world, 'its installer ended without installing it');
  world.writeMemory(null);
  return { available: true, program };
}

/** Notes that an installed shell did not come up, so that the next start goes straight to the browser host. */
export function rememberFailedLaunch(world: ElectronWorld, reason: string): void {
  remember(world, reason);
}
