import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../platform/environment.ts';

/** The two clocks of a machine, in milliseconds: one that is set by people and networks, one that only runs. */
interface MachineClocks {
  readonly wall: () => number;
  readonly running: () => number;
}

const machine: MachineClocks = { wall: () => Date.now(), running: () => performance.now() };

/**
 * Time that has gone by, from whichever of the two clocks has moved further between two looks. Only the wall clock goes
 * on in sleep on every system, and only the other one goes on when the wall clock is set back.
 */
export function elapsedBy({ wall, running }: MachineClocks): () => number {
  let [seenWall, seenRunning, elapsed] = [wall(), running(), 0];
  return () => {
    const [nowWall, nowRunning] = [wall(), running()];
    elapsed += Math.max(0, nowWall - seenWall, nowRunning - seenRunning);
    [seenWall, seenRunning] = [nowWall, nowRunning];
    return elapsed;
  };
}

const zoneKeptMs = 1000;

/** The zone of the machine, asked for again once a second at most: asking takes 0.2 ms, and an import writes thousands of entries. */
export function zoneBy({ running }: Pick<MachineClocks, 'running'>, ask: () => string): () => string {
  let [zone, asked] = ['', Number.NEGATIVE_INFINITY];
  return () => {
    if (running() - asked >= zoneKeptMs) [zone, asked] = [ask(), running()];
    return zone;
  };
}

/** The clock, zone and timers of this machine. Its timers keep no process alive that has nothing else to do. */
export function systemClock(): Clock {
  return {
    now: machine.wall,
    elapsed: elapsedBy(machine),
    zone: zoneBy(machine, () => Intl.DateTimeFormat().resolvedOptions().timeZone),
    setTimeout(callback, ms) {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Random bytes of the operating system. */
export function systemRandom(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes));
}
