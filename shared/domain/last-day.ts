/** Of all time zones the first that a new day comes to is 14 hours before UTC. */
const firstZone = 14 * 3600 * 1000;

/** The last plain date that has begun anywhere on earth at an instant (milliseconds since 1970). */
export function lastDayBegun(now: number): string {
  return new Date(now + firstZone).toISOString().slice(0, 10);
}
