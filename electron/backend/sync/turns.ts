/** Runs pieces of work one after the other, in the order they came. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was waiting has ended, well or not. */
  idle(): Promise<void>;
}

/** Makes an empty queue of turns. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(work, work);
      last = turn.then(
        () => undefined,
        () => undefined, // the one who took the turn sees the error; the next one must not
      );
      return turn;
    },
    async idle() {
      await last;
    },
  };
}
