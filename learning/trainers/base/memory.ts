/** Arrays that one fit leaves to the next, by what they hold: memory that was used before is there at once, fresh memory is not. */
export type Memory = Map<string, Uint32Array | Float64Array>;

/** An array of at least so many entries: the one in memory, or a larger one that begins with its entries and takes its place. */
export function roomFor<T extends Uint32Array | Float64Array>(
  memory: Memory,
  name: string,
  make: new (length: number) => T,
  length: number,
): T {
  const there = memory.get(name) as T | undefined;
  if (there !== undefined && there.length >= length) return there;
  const room = new make(length);
  if (there !== undefined) room.set(there);
  memory.set(name, room);
  return room;
}
