import { spawnNodeInference } from '../../electron/backend/inference/spawn-node.ts';
import type { ChildHandle, SpawnInference } from '../../electron/backend/inference/child-handle.ts';

/** An inference process that some runs of the model end, as one does that takes too much memory. */
export interface PoisonedInference {
  readonly spawn: SpawnInference;
  /** Which runs do. Reasons take runs of many rows, a first score one row. */
  poison: 'none' | 'reasons' | 'all';
  /** Runs that were ended. */
  ended: number;
}

const isRun = (message: unknown): message is { kind: 'run'; rows: number } =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'run';

/** The real inference process, unharmed until `poison` is set. */
export function poisonedInference(): PoisonedInference {
  const start = spawnNodeInference();
  const made: PoisonedInference = {
    poison: 'none',
    ended: 0,
    spawn(): ChildHandle {
      const child = start();
      return {
        ...child,
        get pid() {
          return child.pid;
        },
        send(message) {
          const { poison } = made;
          if (isRun(message) && (poison === 'all' || (poison === 'reasons' && message.rows > 1))) {
            made.ended += 1;
            child.kill();
          } else child.send(message);
        },
      };
    },
  };
  return made;
}
