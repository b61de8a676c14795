import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { addAdmin, type AdminRole } from '../../registry/identity/access.ts';
import { buildRegistry } from '../../registry/app.ts';
import type { RegistryContext } from '../../registry/identity/context.ts';
import { signOffline } from '../../registry/identity/offline-keys.ts';
import { inviteDevice } from '../../registry/laptops/offices.ts';
import type { Watch } from '../../registry/http/admin.ts';
import { openRegistry, storeFile } from '../../registry/releases/open-registry.ts';
import { createRegistry } from '../../registry/releases/create-registry.ts';
import { openStore } from '../../platform/database.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { RegistryContract } from '../../shared/contract/registry.ts';
import { metadataText, type TargetsSigned } from '../../shared/releases/metadata.ts';

type RegistryClient = ContractRouterClient<RegistryContract>;

/** A clock that moves only when it is set. */
interface TestClock {
  now(): number;
  set(instant: string | number): void;
  advance(ms: number): void;
}

/** A real registry listening on loopback, with everything a test may want to do to it. */
export interface TestRegistry {
  readonly url: string;
  readonly folder: string;
  readonly context: RegistryContext;
  readonly app: FastifyInstance;
  readonly clock: TestClock;
  /** Paths of the three encrypted offline keys, of a file with their passphrase, and the passphrase. */
  readonly offlineKeys: readonly string[];
  readonly passphraseFile: string;
  readonly passphrase: string;
  /** Bearer tokens of one admin per role. */
  readonly tokens: Readonly<Record<AdminRole, string>>;
  /** Bearer tokens of three approvers; the first is `tokens.approver`. Two of them have to sign a candidate. */
  readonly approvers: readonly [string, string, string];
  /** Typed client; signed in when a token is given. */
  readonly client: (token?: string) => RegistryClient;
  /** One-time enrolment code text (`outpost1:…`) for an office. */
  readonly invite: (office?: string) => Promise<string>;
  /** Signs targets metadata with offline key 1, 2 or 3 and answers with metadata text. */
  readonly signTargets: (signed: TargetsSigned, ...keys: (1 | 2 | 3)[]) => string;
  /** Stops listening, keeping everything, and listens again on the same port. */
  readonly goOffline: () => Promise<void>;
  readonly goOnline: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const testRegistryStart = '2026-10-05T08:00:00.000Z';

/** A clock standing at `start`. */
export function testClock(start: string = testRegistryStart): TestClock {
  let now = Date.parse(start);
  return {
    now: () => now,
    set: (instant) => (now = typeof instant === 'number' ? instant : Date.parse(instant)),
    advance: (ms) => (now += ms),
  };
}

/** A typed client of a registry's address. */
export function registryClient(url: string, token?: string): RegistryClient {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createORPCClient(new RPCLink({ url: `${url}/rpc`, headers }));
}

async function addAdmins(context: RegistryContext): Promise<Record<AdminRole, string>> {
  const tokenOf = async (role: AdminRole): Promise<string> => (await addAdmin(context, `test ${role}`, role)).token;
  return {
    viewer: await tokenOf('viewer'),
    trainer: await tokenOf('trainer'),
    approver: await tokenOf('approver'),
    operator: await tokenOf('operator'),
  };
}

/**
 * Starts a real registry on 127.0.0.1 with a temporary folder, three offline keys and one admin per role. `store` is a
 * PostgreSQL address; without it the embedded SQLite store is used. `blobs` keeps its blobs instead of the folder. Call `close` afterwards.
 */
export async function testRegistry(
  options: { start?: string; store?: string; blobs?: BlobStore; watch?: Watch } = {},
): Promise<TestRegistry> {
  const base = mkdtempSync(join(tmpdir(), 'outpost-registry-'));
  const [folder, offlineFolder] = [join(base, 'registry'), join(base, 'offline')];
  const [passphrase, passphraseFile] = ['correct horse battery', join(base, 'passphrase')];
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const clock = testClock(options.start);
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const elsewhere = options.blobs === undefined ? {} : { blobs: options.blobs };
  const { offlineKeys } = await createRegistry({ folder, ...elsewhere, offlineFolder, passphrase, clock, random });
  const { db } = openStore(options.store ?? storeFile(folder));
  const context = await openRegistry({ db, folder, ...elsewhere, clock, random });
  const build = (): FastifyInstance =>
    buildRegistry({ context, logger: pino({ level: 'silent' }), watch: options.watch });
  let app = build();
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const port = Number(new URL(url).port);
  const tokens = await addAdmins(context);
  const another = async (name: string): Promise<string> => (await addAdmin(context, name, 'approver')).token;
  const approvers = [tokens.approver, await another('second approver'), await another('third approver')] as const;
  let listening = true;
  const goOffline = async (): Promise<void> => {
    if (listening) await app.close();
    listening = false;
  };
  return {
    url,
    folder,
    context,
    get app() {
      return app;
    },
    clock,
    offlineKeys,
    passphraseFile,
    passphrase,
    tokens,
    approvers,
    client: (token) => registryClient(url, token),
    invite: async (office = 'North office') => (await inviteDevice(context, { office, address: url })).text,
    signTargets: (signed, ...keys) =>
      metadataText({
        signed,
        signatures: keys.map((key) =>
          signOffline(signed, readFileSync(offlineKeys[key - 1] ?? '', 'utf8'), passphrase),
        ),
      }),
    goOffline,
    goOnline: async () => {
      app = build();
      await app.listen({ host: '127.0.0.1', port });
      listening = true;
    },
    close: async () => {
      await goOffline();
      await db.destroy();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
