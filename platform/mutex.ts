/** Runs pieces of work one after the other, in the order they came. */
interface Mutex {
  /** Runs `work` after everything asked for before it, whether that ended well or not. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was waiting has ended, well or not. */
  idle(): Promise<void>;
}

/** Makes a mutex nobody holds. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const turn = last.then(work);
      // The one who asked sees the error; the next one must not.
      last = turn.catch(() => undefined);
      return turn;
    },
    async idle() {
      await last;
    },
  };
}
