import type { Logger } from 'pino';
import { OutpostError } from '../../../shared/errors/index.ts';
import type { ChildHandle, SpawnInference } from './child-handle.ts';
import type { Clock } from '../../../platform/environment.ts';
import type { InferenceLimits } from './limits.ts';
import { residentBytes } from './memory.ts';
import { replySchema, type Request } from './messages.ts';
import { sentence, type Sentence } from '../../../shared/language/sentence.ts';

/** A request without its number, which the channel gives it. */
type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** One process at a time, one request at a time. Callers take turns; the channel only guards each request. */
export interface Channel {
  /** Number of the running process, started if there is none. What an earlier process had loaded is gone. */
  generation(): number;
  /** Scores of a run, null for other requests. Rejects with BAD_MODEL or MODEL_FAILED; a late child is killed. */
  ask(request: Ask, limitMs: number): Promise<Float64Array | null>;
  kill(): void;
}

interface ChannelOptions {
  readonly spawn: SpawnInference;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: InferenceLimits;
}

function failed(what: Sentence): OutpostError {
  return new OutpostError('MODEL_FAILED', sentence('inference.case_kept', { why: what }));
}

/** A request that waits for its reply. */
interface Waiting {
  readonly id: number;
  resolve(scores: Float64Array | null): void;
  reject(error: OutpostError): void;
}

class ChildChannel implements Channel {
  private child: ChildHandle | null = null;
  private count = 0;
  private lastId = 0;
  private waiting: Waiting | null = null;
  private poll: { cancel(): void } | null = null;
  private readonly options: ChannelOptions;

  constructor(options: ChannelOptions) {
    this.options = options;
  }

  generation(): number {
    if (this.child === null) this.start();
    return this.count;
  }

  private start(): void {
    let child: ChildHandle;
    try {
      child = this.options.spawn();
    } catch (cause) {
      throw new OutpostError('MODEL_FAILED', sentence('inference.inference_process_could_not_started'), {
        cause,
      });
    }
    this.child = child;
    this.count += 1;
    if (this.count > 1) this.options.logger.warn({ start: this.count }, 'inference process started again');
    child.onMessage((message) => this.receive(child, message));
    child.onExit((code) => this.lose(child, code));
  }

  private receive(from: ChildHandle, message: unknown): void {
    if (from !== this.child) return;
    const reply = replySchema.safeParse(message);
    if (!reply.success) return this.drop(sentence('inference.answer_unknown'));
    const { waiting } = this;
    if (waiting?.id !== reply.data.id) return;
    if (reply.data.kind === 'done') waiting.resolve(reply.data.scores);
    else waiting.reject(new OutpostError(reply.data.code, reply.data.sentence));
  }

  private lose(child: ChildHandle, code: number | null): void {
    if (child !== this.child) return;
    this.child = null;
    this.options.logger.warn({ code }, 'inference process ended');
    this.waiting?.reject(failed(sentence('inference.process_ended')));
  }

  /** Kills the child and rejects what waits for it. */
  private drop(why: Sentence): void {
    this.options.logger.warn({ why: why.code }, 'inference process is killed');
    const { waiting } = this;
    this.kill();
    waiting?.reject(failed(why));
  }

  kill(): void {
    const { child } = this;
    this.child = null;
    child?.kill();
  }

  async ask(request: Ask, limitMs: number): Promise<Float64Array | null> {
    this.generation();
    const id = ++this.lastId;
    const { clock } = this.options;
    const late = clock.setTimeout(
      () => this.drop(sentence('inference.took_too_long', { seconds: limitMs / 1000 })),
      limitMs,
    );
    this.pollMemory(id);
    try {
      return await new Promise((resolve, reject) => {
        this.waiting = { id, resolve, reject };
        this.child?.send({ ...request, id });
      });
    } finally {
      this.waiting = null;
      late.cancel();
      this.poll?.cancel();
    }
  }

  private pollMemory(id: number): void {
    const { clock, limits } = this.options;
    this.poll = clock.setTimeout(() => void this.checkMemory(id), limits.pollMs);
  }

  private async checkMemory(id: number): Promise<void> {
    const bytes = await residentBytes(this.child?.pid);
    if (this.waiting?.id !== id) return;
    if (bytes !== null && bytes > this.options.limits.memoryBytes)
      return this.drop(sentence('inference.too_much_memory'));
    this.pollMemory(id);
  }
}

/** Opens the line to the inference process; the process itself is started by the first request. */
export function createChannel(options: ChannelOptions): Channel {
  return new ChildChannel(options);
}
