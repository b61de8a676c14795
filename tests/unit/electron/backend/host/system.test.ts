import { expect, test } from 'vitest';
import { elapsedBy, zoneBy } from '../../../../../electron/backend/host/system.ts';

test('elapsed time counts sleep that one clock misses, and goes on when the other is set back', () => {
  let [wall, running] = [1_000_000, 0];
  const elapsed = elapsedBy({ wall: () => wall, running: () => running });
  expect(elapsed()).toBe(0);
  [wall, running] = [wall + 1_000, running + 1_000];
  expect(elapsed()).toBe(1_000);
  // Eight hours of sleep, in which one of them stood still.
  wall += 8 * 3_600_000;
  expect(elapsed()).toBe(28_801_000);
  // Set back by a day while a minute went by.
  [wall, running] = [wall - 86_400_000, running + 60_000];
  expect(elapsed()).toBe(28_861_000);
  expect(elapsed()).toBe(28_861_000);
});

test('the zone is asked for again after a second, not for every entry', () => {
  let [running, asked] = [0, 0];
  const zones = ['Asia/Kolkata', 'Europe/Berlin'];
  const zone = zoneBy({ running: () => running }, () => zones[asked++] ?? '');
  expect([zone(), zone(), asked]).toEqual(['Asia/Kolkata', 'Asia/Kolkata', 1]);
  running = 1_000;
  expect([zone(), zone(), asked]).toEqual(['Europe/Berlin', 'Europe/Berlin', 2]);
});
