import { mkdirSync } from 'node:fs';
import { createRouterClient, implement } from '@orpc/server';
import { backendContract, type BackendClient } from '../../shared/contract/backend.ts';
import { appApi } from './api/app.ts';
import { casesApi } from './api/cases.ts';
import { draftsApi } from './api/drafts.ts';
import { importsApi } from './api/imports.ts';
import { intakeApi } from './api/intake.ts';
import { jobsApi } from './api/jobs.ts';
import { liveApi } from './api/live.ts';
import { aroundCall } from './api/middleware.ts';
import { modelsApi } from './api/models.ts';
import { monitorApi } from './api/monitor.ts';
import { peopleApi } from './api/people.ts';
import { settingsApi } from './api/settings.ts';
import { syncApi } from './api/sync.ts';
import { vaultApi } from './api/vault.ts';
import { createCases, type Cases } from './cases/service.ts';
import { createBackgroundJobs, type BackgroundJobs } from './jobs/background.ts';
import { createChainWatch } from './jobs/chain-watch.ts';
import { createLiveBus, watchChanges } from './live/change-bus.ts';
import { failureOf } from './logging/failure.ts';
import { createMonitor, type Monitor } from './monitor/service.ts';
import { createCurrentPerson, createPeople, type People } from './people/people.ts';
import { exchangeDirOf } from './host/folders.ts';
import { openSession } from './open-session.ts';
import { readSettings } from './settings/settings.ts';
import { lockFolder } from '../../platform/folder-lock.ts';
import { createSync, type SyncService } from './sync/service.ts';
import type { BackendContext, BackendOptions, Session } from './session/context.ts';
import type { Db } from './store/db.ts';
import { createVault, type OpenVault, type Vault } from './vault/vault.ts';

/** Every part of a running backend, put together by hand in `createBackend`. */
interface Parts {
  readonly context: BackendContext;
  readonly vault: Vault<Session>;
  readonly cases: Cases;
  readonly people: People;
  readonly sync: SyncService;
  readonly monitor: Monitor;
  readonly jobs: BackgroundJobs;
}

function composeRouter({ context, vault, cases, people, sync, monitor }: Parts) {
  const hooks = {
    logger: context.options.logger,
    touch: () => vault.touch(),
    justChanged: watchChanges(context.live, context.options.clock),
  };
  const os = implement(backendContract).use(({ next, path }) => aroundCall(hooks, path, async () => next()));
  return os.router({
    app: appApi({
      options: context.options,
      vault,
      sync,
      alarms: () => monitor.alarms(),
      person: () => people.current(),
    }),
    vault: vaultApi(vault),
    people: peopleApi(people),
    intake: intakeApi(context),
    drafts: draftsApi(context),
    cases: casesApi(cases),
    imports: importsApi(context),
    jobs: jobsApi(context),
    models: modelsApi(context),
    sync: syncApi(context, sync),
    monitor: monitorApi(monitor),
    settings: settingsApi(context, (minutes) => vault.setLockAfter(minutes)),
    live: liveApi(context),
  });
}

/** Calls the backend's procedures, in this process or over a transport. */
type BackendRouter = ReturnType<typeof composeRouter>;

/** The application without a window. */
export interface Backend {
  /** For transports. */
  readonly router: BackendRouter;
  /** Typed calls within this process; failures carry `code`, `message` and `data` of the error table. */
  readonly client: BackendClient;
  /** The same by path, for brokers that do not know the contract. */
  call(path: readonly string[], input: unknown, options?: { signal?: AbortSignal }): Promise<unknown>;
  /** Hands every event of a streaming procedure to `onEvent` until the returned function is called. */
  subscribe(path: readonly string[], input: unknown, onEvent: (event: unknown) => void): () => void;
  /** For composition roots and tests: services below the contract. */
  readonly context: BackendContext;
  readonly cases: Cases;
  readonly people: People;
  /** True while cases are being caught up with (first scores, reasons) or sync is under way. */
  busy(): boolean;
  /** Resolves when the background has nothing left to do. */
  idle(): Promise<void>;
  /** Locks the vault, as a person can; the passphrase opens it again. */
  lock(): Promise<void>;
  /** Locks the vault and frees the data folder. */
  close(): Promise<void>;
}

type Procedure = (input: unknown, options?: { signal?: AbortSignal }) => Promise<unknown>;

function procedureAt(client: BackendClient, path: readonly string[]): Procedure {
  let at: unknown = client;
  for (const name of path) at = (at as Record<string, unknown>)[name];
  return at as Procedure;
}

function subscriber(client: BackendClient, options: BackendOptions): Backend['subscribe'] {
  return (path, input, onEvent) => {
    const ending = new AbortController();
    const run = async (): Promise<void> => {
      const events = (await procedureAt(client, path)(input, { signal: ending.signal })) as AsyncIterable<unknown>;
      for await (const event of events) {
        if (ending.signal.aborted) return;
        onEvent(event);
      }
    };
    run().catch((error: unknown) => {
      if (!ending.signal.aborted)
        options.logger.error({ ...failureOf(error), call: path.join('.') }, 'subscription ended');
    });
    return () => ending.abort();
  };
}

function composeParts(options: BackendOptions): Parts {
  const live = createLiveBus();
  const person = createCurrentPerson();
  const vault: Vault<Session> = createVault({
    options,
    live,
    openSession: async (db: Db): Promise<OpenVault<Session>> => {
      const session = await openSession({ context, person }, db);
      return {
        session,
        lockAfterMinutes: readSettings(session.keyValues).lockAfterMinutes,
        start() {
          jobs.start(session);
          chain.start(session);
          sync.start();
          monitor.start();
        },
        async close() {
          person.set(null);
          monitor.stop();
          await Promise.all([jobs.stop(), chain.stop(), sync.stop()]);
          await session.inference.close();
        },
      };
    },
  });
  const context: BackendContext = {
    options,
    live,
    session: () => vault.session(),
    exchangeDir: exchangeDirOf(options.dataDir),
  };
  const chain = createChainWatch(context);
  const cases = createCases(context, () => chain.breaks());
  const jobs = createBackgroundJobs(context);
  const sync = createSync(context);
  const monitor = createMonitor(context);
  return { context, vault, cases, jobs, sync, monitor, people: createPeople(context, person) };
}

/** Takes the data folder (FOLDER_BUSY when another process has it) and builds the backend, locked. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(options.dataDir, process.pid, options.clock.now());
  const parts = composeParts(options);
  const router = composeRouter(parts);
  const client: BackendClient = createRouterClient(router);
  return {
    router,
    client,
    context: parts.context,
    cases: parts.cases,
    people: parts.people,
    call: async (path, input, callOptions) => procedureAt(client, path)(input, callOptions),
    subscribe: subscriber(client, options),
    busy: () => parts.jobs.busy() || (parts.vault.state() === 'open' && parts.sync.connection() === 'syncing'),
    idle: () => parts.jobs.idle(),
    lock: () => parts.vault.lock(),
    async close() {
      try {
        await parts.vault.lock();
      } finally {
        lock.release();
      }
    },
  };
}
