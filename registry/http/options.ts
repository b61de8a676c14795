import type { Logger } from 'pino';
import type { RegistryContext } from '../identity/context.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import type { Watch } from './admin.ts';

export interface AppOptions {
  readonly context: RegistryContext;
  readonly logger: Logger;
  /** What `admin.monitor` answers with; without it that call is NOT_FOUND. */
  readonly watch?: Watch | undefined;
}

/** Starts something every `ms` milliseconds until `stop` is called. */
export type Every = (ms: number, work: () => void) => { stop(): void };

export interface ServeOptions extends AppOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly every: Every;
  /** One retraining cycle, run at the start and then daily; answers with what there is to say. */
  readonly cycle?: ((context: RegistryContext) => Promise<readonly Sentence[]>) | undefined;
}

/** Listens until closed; the program `server.ts` gives it. */
export type Serve = (options: ServeOptions) => Promise<{ url: string; close: () => Promise<void> }>;
