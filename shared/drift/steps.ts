/** Work in steps of a few milliseconds: who runs it may let others have their turn between two of them. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Cases worked on in one step. */
export const stepCases = 500;

/** Runs the steps with a pause after each, which may also end them by throwing. */
export async function withPauses<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}
