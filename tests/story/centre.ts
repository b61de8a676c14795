import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { approveCommand } from '../../electron/commands/approve.ts';
import { createUploadedFiles } from '../../electron/backend/exchange/uploaded-files.ts';
import { importUp, makeEnrolmentFile } from '../../registry/laptops/courier.ts';
import type { Proposal } from '../../shared/contract/registry.ts';
import { csvOf } from '../../learning/simulate/csv.ts';
import type { SimulatedCase } from '../../learning/simulate/index.ts';
import type { ImportResult } from '../../registry/cases/import-csv.ts';
import { retrain, type RetrainResult } from '../../registry/retraining/retrain.ts';
import { resignIfDue } from '../../registry/releases/resign.ts';
import { runCycle, type CycleResult } from '../../registry/retraining/run-cycle.ts';
import { readCode } from '../support/laptop.ts';
import type { TestRegistry } from '../support/registry.ts';
import type { StoryClock } from './calendar.ts';
import { importText } from '../support/import.ts';
import type { FieldLaptop } from './laptop.ts';
import type { Sentence } from '../../shared/language/sentence.ts';
import { english } from '../support/commands.ts';

const codeVersion = 'story';

/** The centre of the story: the real registry with its admins, who sign on machines of their own. */
export interface Centre {
  readonly registry: TestRegistry;
  /** Moves the registry's clock; call it whenever the story's clock moved. */
  setTime(instant: number): void;
  importHistory(cases: readonly SimulatedCase[]): Promise<ImportResult>;
  trainFirst(seed: number): Promise<RetrainResult>;
  /** One daily turn of the loop. */
  turn(seed: number): Promise<CycleResult>;
  /** An admin (1, 2 or 3) checks a candidate on a machine of their own and signs with their offline key. */
  approve(candidate: string, admin: 1 | 2 | 3): Promise<string>;
  proposal(candidate: string): Promise<Proposal>;
  pointTo(release: string, offices: string[]): Promise<void>;
  enrol(laptop: FieldLaptop): Promise<void>;
  /** Carries a stick from a laptop to the centre and the answer back. */
  carryStick(laptop: FieldLaptop): Promise<Sentence[]>;
}

async function exchange(laptop: FieldLaptop, bytes: Uint8Array): Promise<Sentence[]> {
  const { exchangeDir } = laptop.backend.backend.context;
  const token = await createUploadedFiles(exchangeDir).save([bytes], 100_000_000);
  return (await laptop.backend.client.sync.importCourier({ file: token })).sentences;
}

async function stickOf(laptop: FieldLaptop): Promise<Uint8Array> {
  const { file } = await laptop.backend.client.sync.exportCourier({});
  return createUploadedFiles(laptop.backend.backend.context.exchangeDir).read(file, 100_000_000);
}

/** Runs `outpost approve` as an admin would, with a trust folder per admin. */
async function approveAs(
  registry: TestRegistry,
  clock: StoryClock,
  folder: string,
  candidate: string,
  admin: 1 | 2 | 3,
): Promise<string> {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, registry.approvers[admin - 1]!);
  const trust = join(folder, `admin${admin}`);
  mkdirSync(trust, { recursive: true });
  const io = {
    stdin: Readable.from([]),
    stdout,
    language: english,
    stderr: new PassThrough(),
    modelsDir: folder,
    signal: new AbortController().signal,
  };
  const args = ['--registry', registry.url, '--token-file', tokenFile, '--candidate', candidate];
  args.push('--key', registry.offlineKeys[admin - 1]!, '--passphrase-file', registry.passphraseFile);
  args.push('--root', registry.context.registry, '--trust', trust, '--yes');
  await approveCommand(io, { fetch, clock }).parseAsync(args, { from: 'user' });
  return Buffer.concat(chunks).toString('utf8');
}

async function enrolBy(registry: TestRegistry, laptop: FieldLaptop): Promise<void> {
  const code = await registry.invite(laptop.office);
  if (!laptop.usbOnly) {
    await laptop.backend.client.sync.enrol({ code });
    return;
  }
  const file = await makeEnrolmentFile(registry.context, readCode(code));
  const token = await createUploadedFiles(laptop.backend.backend.context.exchangeDir).save([file], 100_000_000);
  await laptop.backend.client.sync.enrol({ file: token });
}

/** Puts the centre together around a running registry. `folder` keeps what the admins keep on their machines. */
export function createCentre(registry: TestRegistry, clock: StoryClock, folder: string): Centre {
  const { context } = registry;
  const common = { codeVersion, simulated: true };
  return {
    registry,
    setTime: (instant) => registry.clock.set(instant),
    importHistory: (cases) => importText(context.db, 'history', csvOf(cases)),
    trainFirst: (seed) => retrain(context, { ...common, seed, tactics: [], since: null, by: 'a trainer' }),
    turn: async (seed) => {
      await resignIfDue(context); // as the running server does every day
      return runCycle(context, { ...common, seed });
    },
    approve: (candidate, admin) => approveAs(registry, clock, folder, candidate, admin),
    proposal: (candidate) => registry.client(registry.tokens.viewer).admin.proposal({ candidate }),
    pointTo: async (release, offices) => {
      await registry.client(registry.tokens.operator).admin.setChannel({ release, offices });
    },
    enrol: (laptop) => enrolBy(registry, laptop),
    carryStick: async (laptop) => exchange(laptop, (await importUp(context, await stickOf(laptop))).bytes),
  };
}
