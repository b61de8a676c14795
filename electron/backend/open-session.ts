import { bytesToHex } from '@noble/hashes/utils.js';
import { isOutpostError } from '../../shared/errors/index.ts';
import type { Inference } from './inference/inference.ts';
import type { BackendContext, BackendOptions, Session } from './session/context.ts';
import type { Db } from './store/db.ts';
import { createInference } from './inference/supervisor.ts';
import { failureOf } from './logging/failure.ts';
import { prepareModels } from './models/bundled.ts';
import { createInstalledModels, type InstalledModels } from './models/installed-models.ts';
import { listPeople } from './store/people.ts';
import { dropUndecided } from './store/case-imports.ts';
import { createKeyValues, type KeyValues } from './store/key-values.ts';
import { currentLog, hasLog, startLog, type LogDeps } from './store/log.ts';
import { hasMoved, noteOpening, readFolderIdentity } from './store/folder-identity.ts';
import { applyEvent, renewProjections } from './store/projections.ts';
import type { CurrentPerson } from './people/people.ts';
import { readDevice, type Device } from './vault/device.ts';
import { vaultFiles } from './vault/keyring.ts';

/** What a session is made from beside its database. */
interface SessionDeps {
  readonly context: BackendContext;
  readonly person: CurrentPerson;
}

function logDeps({ context, person }: SessionDeps, db: Db, device: Device): LogDeps {
  const { clock, random, appVersion } = context.options;
  return {
    db,
    clock,
    random,
    appVersion,
    person: () => person.get(),
    privateKey: device.privateKey,
    publicKey: device.publicKey,
    project: (event, privateText) => applyEvent(db, event, privateText),
  };
}

/** Starts the first log, or continues in a new one when the folder was restored or copied. */
function settleLog(deps: LogDeps, keyValues: KeyValues, { dataDir, logger }: BackendOptions): void {
  const identity = readFolderIdentity(dataDir, vaultFiles(dataDir).database);
  const opening = bytesToHex(deps.random(16));
  deps.db
    .transaction(() => {
      const moved = hasMoved(keyValues, identity, opening);
      if (!hasLog(deps.db)) startLog(deps, null, 'first_start');
      else if (moved) currentLog(deps).fork('restored_or_copied');
    })
    .immediate();
  try {
    noteOpening(dataDir, opening);
  } catch (error) {
    // What the folder said before is still known; on a full disk people must get to their cases all the same.
    logger.warn(failureOf(error), 'the opening could not be noted');
  }
}

/** Tables of an earlier version are better than none: who cannot have them rebuilt still gets to their cases. */
function settleProjections({ context }: SessionDeps, db: Db, keyValues: KeyValues): void {
  try {
    renewProjections(db, keyValues);
  } catch (error) {
    if (!isOutpostError(error, 'BAD_DATABASE') && !isOutpostError(error, 'BAD_CHAIN')) throw error;
    context.options.logger.error(failureOf(error), 'the tables could not be rebuilt from the log');
  }
}

/** Whose work it is after unlocking: clear while there is only one profile, else somebody has to choose. */
function choosePerson(db: Db, person: CurrentPerson): void {
  const people = listPeople(db);
  person.set(people.length === 1 ? (people[0]?.id ?? null) : null);
}

/** Builds everything that lives on an open database; the inference process is started by its first use. */
export async function openSession(deps: SessionDeps, db: Db): Promise<Session> {
  const { options, live } = deps.context;
  const keyValues = createKeyValues(db);
  const device = readDevice(keyValues);
  choosePerson(db, deps.person);
  const forLog = logDeps(deps, db, device);
  settleProjections(deps, db, keyValues);
  settleLog(forLog, keyValues, options);
  dropUndecided(db);
  const log = () => currentLog(forLog);
  const inference: Inference = createInference({
    spawn: options.spawnInference,
    clock: options.clock,
    logger: options.logger,
  });
  const models: InstalledModels = createInstalledModels({ db, keyValues, log, inference, live, clock: options.clock });
  try {
    await prepareModels({ db, keyValues, models, inference, modelsDir: options.modelsDir, logger: options.logger });
  } catch (error) {
    // Without a session nobody would end the process that has been started by now.
    await inference.close();
    throw error;
  }
  return {
    db,
    log,
    keyValues,
    models,
    inference,
    person: () => deps.person.get(),
    auditKey: device.auditKey,
    sealingIdentity: device.sealingIdentity,
  };
}
