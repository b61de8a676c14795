import { inEnglish } from './saying.ts';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { createUploadedFiles, type UploadedFiles } from '../../electron/backend/exchange/uploaded-files.ts';
import { createInference } from '../../electron/backend/inference/supervisor.ts';
import { spawnNodeInference } from '../../electron/backend/inference/spawn-node.ts';
import { createLiveBus } from '../../electron/backend/live/change-bus.ts';
import { migrations } from '../../electron/backend/migrations/index.ts';
import { createInstalledModels } from '../../electron/backend/models/installed-models.ts';
import { openDatabase } from '../../electron/backend/store/database.ts';
import { createKeyValues } from '../../electron/backend/store/key-values.ts';
import { currentLog, hasLog, startLog, type LogDeps, type EventLog } from '../../electron/backend/store/log.ts';
import { applyEvent } from '../../electron/backend/store/projections.ts';
import { createSyncStore, type SyncStore } from '../../electron/backend/store/sync.ts';
import { createSync, type SyncService } from '../../electron/backend/sync/service.ts';
import type { BackendContext, BackendOptions, Session } from '../../electron/backend/session/context.ts';
import type { Clock } from '../../platform/environment.ts';
import { makeDevice, readDevice, storeDevice } from '../../electron/backend/vault/device.ts';
import { OutpostError } from '../../shared/errors/index.ts';

/** A clock whose timers fire only when `tick` is called; shares its time with `base`. */
interface ManualClock extends Clock {
  /** Pauses of the timers waiting now, in milliseconds from when they were set. */
  waiting(): number[];
  /** Runs the timer that is due first, moving the time to it. False when none is waiting. */
  tick(): boolean;
}

export function manualClock(base: { now(): number; set(at: number): unknown }): ManualClock {
  const timers = new Set<{ at: number; ms: number; callback: () => void }>();
  return {
    now: () => base.now(),
    elapsed: () => base.now(),
    zone: () => 'Europe/Berlin',
    setTimeout(callback, ms) {
      const timer = { at: base.now() + ms, ms, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    waiting: () => [...timers].map((timer) => timer.ms),
    tick() {
      const next = [...timers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) return false;
      timers.delete(next);
      base.set(Math.max(base.now(), next.at));
      next.callback();
      return true;
    },
  };
}

/** Sync of one laptop over a real encrypted database, real log and real models, without the rest of the backend. */
export interface SyncLaptop {
  readonly dir: string;
  readonly sync: SyncService;
  readonly context: BackendContext;
  readonly session: Session;
  readonly store: SyncStore;
  readonly exchange: UploadedFiles;
  readonly clock: ManualClock;
  readonly log: () => EventLog;
  /** What the laptop's network does; tests replace it. */
  network: typeof globalThis.fetch;
  /** Appends an intake and gives the case's id. */
  addCase(reference?: string): string;
  /** Puts bytes into the exchange and gives the token, as an upload does. */
  put(bytes: Uint8Array): Promise<string>;
  /** Bytes of the courier file made now. */
  carry(): Promise<Uint8Array>;
  /** Takes a courier file in. */
  take(bytes: Uint8Array): Promise<string[]>;
  close(): Promise<void>;
}

const facts = { schema: { id: 'toy', version: 1 }, attributes: { asked: true }, tactics: [] };

function appendCase(session: Session, reference: string): string {
  const id = uuidv7();
  session.db.transaction(() =>
    session.log().append({
      type: 'case.received',
      public: { case: id, received: '2026-10-05', urgent: false, facts },
      private: {
        reference,
        resident: 'A Person',
        contact: '',
        place: '',
        safeContact: '',
        atRisk: false,
        needs: [],
        narrative: 'A private story',
        indicators: [],
        tacticsGiven: [],
      },
    }),
  )();
  return id;
}

async function openSession(dir: string, options: BackendOptions, live: BackendContext['live']): Promise<Session> {
  const db = openDatabase(join(dir, 'outpost.db'), new Uint8Array(32).fill(7), migrations);
  const keyValues = createKeyValues(db);
  if (keyValues.get('device') === null) storeDevice(keyValues, await makeDevice(options.random));
  const device = readDevice(keyValues);
  const deps: LogDeps = {
    db,
    clock: options.clock,
    random: options.random,
    person: () => null,
    appVersion: options.appVersion,
    privateKey: device.privateKey,
    publicKey: device.publicKey,
    project: (event, text) => applyEvent(db, event, text),
  };
  if (!hasLog(db)) startLog(deps, null, 'first_start');
  const log = (): EventLog => currentLog(deps);
  const inference = createInference({ spawn: options.spawnInference, clock: options.clock, logger: options.logger });
  const models = createInstalledModels({ db, keyValues, log, inference, live, clock: options.clock });
  return {
    db,
    log,
    keyValues,
    models,
    inference,
    person: () => null,
    auditKey: device.auditKey,
    sealingIdentity: device.sealingIdentity,
  };
}

/** Opens a laptop; `dir` opens an existing folder again (a copy of another laptop's, for instance). */
export async function syncLaptop(
  base: { now(): number; set(at: number): unknown },
  given: { dir?: string } = {},
): Promise<SyncLaptop> {
  const dir = given.dir ?? mkdtempSync(join(tmpdir(), 'outpost-laptop-'));
  const clock = manualClock(base);
  const exchangeDir = join(dir, 'exchange');
  const live = createLiveBus();
  const laptop = { network: globalThis.fetch };
  const options: BackendOptions = {
    dataDir: dir,
    modelsDir: join(dir, 'models'),
    secrets: { wrap: null, unwrap: null },
    clock,
    fetch: (...input: Parameters<typeof fetch>) => laptop.network(...input),
    logger: pino({ level: 'silent' }),
    spawnInference: spawnNodeInference(),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    appVersion: '0.1.0',
    demo: false,
    scryptLogN: 10,
  };
  const session = await openSession(dir, options, live);
  let open = true;
  const context: BackendContext = {
    options,
    live,
    exchangeDir,
    session: () => {
      if (!open) throw new OutpostError('LOCKED');
      return session;
    },
  };
  const sync = createSync(context);
  const exchange = createUploadedFiles(exchangeDir);
  const put = (bytes: Uint8Array): Promise<string> => exchange.save([bytes], 100_000_000);
  let references = 0;
  return Object.assign(laptop, {
    dir,
    sync,
    context,
    session,
    exchange,
    clock,
    put,
    store: createSyncStore(session.db, session.keyValues),
    log: () => session.log(),
    addCase: (reference?: string) => appendCase(session, reference ?? `R-${dir.slice(-6)}-${(references += 1)}`),
    carry: async () => exchange.read((await sync.exportCourier()).file, 100_000_000),
    take: async (bytes: Uint8Array) => (await sync.importCourier(await put(bytes))).sentences.map(inEnglish),
    close: async () => {
      await sync.stop();
      open = false;
      await session.inference.close();
      session.db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
