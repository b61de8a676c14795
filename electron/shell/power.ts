import type { PowerMonitor } from 'electron';

/**
 * Calls `lock` whenever the person may have left the machine: before it sleeps, so that nothing is open while it does;
 * when it wakes, since not every system says so before; and when its screen is locked.
 */
export function lockOnWake(power: Pick<PowerMonitor, 'on'>, lock: () => void): void {
  power.on('suspend', lock);
  power.on('resume', lock);
  power.on('lock-screen', lock);
}
