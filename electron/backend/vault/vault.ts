import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import { createMutex } from '../../../platform/mutex.ts';
import { OutpostError } from '../../../shared/errors/index.ts';
import { failureOf } from '../logging/failure.ts';
import { migrations } from '../migrations/index.ts';
import { openDatabase } from '../store/database.ts';
import type { Db } from '../store/db.ts';
import { createKeyValues, type KeyValues } from '../store/key-values.ts';
import { insertPerson } from '../store/people.ts';
import type { LiveBus } from '../live/change-bus.ts';
import { createAutoLock } from './auto-lock.ts';
import { makeDevice, storeDevice } from './device.ts';
import { adoptDatabase, clearUnfinished, takeKey, vaultFiles, writeWraps, type VaultOptions } from './keyring.ts';
import { confirmRecoveryKey, keepOpenRecoveryKey, openRecoveryKey, renewRecoveryKey } from './open-recovery-key.ts';
import { printRecoveryKey, recoverySecretBytes } from './recovery-key.ts';
import { sentence } from '../../../shared/language/sentence.ts';

/** Something that exists while the vault is open. */
export interface OpenVault<S> {
  readonly session: S;
  /** Minutes without calls after which the vault locks itself. */
  readonly lockAfterMinutes: number;
  /** Begins what runs by itself; called once the session can be reached. */
  start(): void;
  /** Ends jobs and child processes; the vault closes the database afterwards. */
  close(): Promise<void>;
}

export interface Vault<S> {
  state(): 'new' | 'locked' | 'open';
  create(input: { passphrase: string; personName: string; office: string }): Promise<{ recoveryKey: string }>;
  unlock(input: { passphrase?: string | undefined; recoveryKey?: string | undefined }): Promise<void>;
  lock(): Promise<void>;
  /** The recovery key that nobody has confirmed to be on paper yet, in its printed form; null when there is none. */
  recoveryKey(): string | null;
  confirmRecoveryKey(): void;
  /** Makes a new recovery key, which is shown until it is confirmed; the one before opens nothing any more. */
  renewRecoveryKey(passphrase: string): Promise<string>;
  /** Throws LOCKED while the vault is closed. */
  session(): S;
  /** Notes a call of a person, which moves the time of locking. */
  touch(): void;
  locksAt(): number | null;
  setLockAfter(minutes: number): void;
}

interface VaultDeps<S> {
  readonly options: VaultOptions & { readonly logger: Logger };
  readonly live: LiveBus;
  /** Builds everything that lives on the open database. */
  readonly openSession: (db: Db) => Promise<OpenVault<S>>;
}

/** The database key, the passphrase around it, and when both are let go. */
export function createVault<S>(deps: VaultDeps<S>): Vault<S> {
  return new FolderVault(deps);
}

class FolderVault<S> implements Vault<S> {
  readonly #deps: VaultDeps<S>;
  readonly #autoLock;
  #open: { db: Db; vault: OpenVault<S> } | null = null;
  readonly #mutex = createMutex();
  #lockedBefore = false;

  constructor(deps: VaultDeps<S>) {
    this.#deps = deps;
    this.#autoLock = createAutoLock(deps.options.clock, () => void this.#lockByTime());
  }

  state(): 'new' | 'locked' | 'open' {
    if (this.#open !== null && !this.#autoLock.over()) return 'open';
    return existsSync(vaultFiles(this.#deps.options.dataDir).vault) ? 'locked' : 'new';
  }

  session(): S {
    // A time that is over counts from that moment, not only once the database has been closed.
    if (this.#open === null || this.#autoLock.over()) throw new OutpostError('LOCKED');
    return this.#open.vault.session;
  }

  create(input: { passphrase: string; personName: string; office: string }): Promise<{ recoveryKey: string }> {
    return this.#mutex.run(async () => {
      const { options } = this.#deps;
      if (this.state() !== 'new') throw new OutpostError('CONFLICT', sentence('vault.vault_data_folder_already'));
      clearUnfinished(options.dataDir);
      const key = options.random(32);
      const recovery = options.random(recoverySecretBytes);
      await this.#makeDatabase(key, { ...input, recoveryKey: printRecoveryKey(recovery) });
      await writeWraps(options, key, { passphrase: input.passphrase, recovery });
      await this.#openWith(key);
      return { recoveryKey: printRecoveryKey(recovery) };
    });
  }

  unlock(input: { passphrase?: string | undefined; recoveryKey?: string | undefined }): Promise<void> {
    return this.#mutex.run(async () => {
      if (this.#open !== null) return;
      // After a lock only a person may open: the system would hand the key to whoever sits there.
      await this.#openWith(await takeKey(this.#deps.options, input, !this.#lockedBefore));
    });
  }

  lock(): Promise<void> {
    return this.#mutex.run(async () => {
      const open = this.#open;
      if (open === null) return;
      this.#open = null;
      this.#lockedBefore = true;
      this.#autoLock.stop();
      try {
        await open.vault.close();
      } finally {
        open.db.close();
        this.#deps.live.publish('status');
      }
    });
  }

  recoveryKey(): string | null {
    return openRecoveryKey(this.#keyValues(), this.#deps.options.dataDir);
  }

  confirmRecoveryKey(): void {
    confirmRecoveryKey(this.#keyValues());
    this.#deps.live.publish('status');
  }

  renewRecoveryKey(passphrase: string): Promise<string> {
    return this.#mutex.run(async () => {
      const renewed = await renewRecoveryKey(this.#deps.options, this.#keyValues(), passphrase);
      this.#deps.live.publish('status');
      return renewed;
    });
  }

  #keyValues(): KeyValues {
    this.session();
    if (this.#open === null) throw new OutpostError('LOCKED');
    return createKeyValues(this.#open.db);
  }

  touch(): void {
    this.#autoLock.touch();
  }

  locksAt(): number | null {
    return this.#autoLock.locksAt();
  }

  setLockAfter(minutes: number): void {
    if (!this.#autoLock.over()) this.#autoLock.start(minutes);
  }

  async #makeDatabase(
    key: Uint8Array,
    input: { personName: string; office: string; recoveryKey: string },
  ): Promise<void> {
    const { options } = this.#deps;
    const device = await makeDevice(options.random);
    const db = openDatabase(vaultFiles(options.dataDir).unfinished, key, migrations);
    try {
      db.transaction(() => {
        const keyValues = createKeyValues(db);
        const now = options.clock.now();
        const person = { id: v7({ msecs: now, random: options.random(16) }), name: input.personName };
        storeDevice(keyValues, device);
        insertPerson(db, person, new Date(now).toISOString());
        keyValues.set('office', input.office);
        keepOpenRecoveryKey(keyValues, input.recoveryKey);
      }).immediate();
    } finally {
      db.close();
    }
  }

  async #openWith(key: Uint8Array): Promise<void> {
    const { options, live, openSession } = this.#deps;
    adoptDatabase(options.dataDir);
    const db = openDatabase(vaultFiles(options.dataDir).database, key, migrations);
    key.fill(0);
    try {
      const vault = await openSession(db);
      this.#open = { db, vault };
    } catch (error) {
      db.close();
      throw error;
    }
    this.#autoLock.start(this.#open.vault.lockAfterMinutes);
    this.#open.vault.start();
    live.publish('status');
  }

  async #lockByTime(): Promise<void> {
    try {
      await this.lock();
    } catch (error) {
      this.#deps.options.logger.error(failureOf(error), 'locking after a time without calls failed');
    }
  }
}
