/** Lets all that waits have its turn (connections, timers, other work) before the caller goes on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
