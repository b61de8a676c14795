import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { proposalSchema, type Proposal } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { registryFiles } from '../backend/approval/files.ts';
import { openOfflineKey, signList } from '../backend/approval/offline-key.ts';
import { reviewProposal, type Review } from '../backend/approval/review.ts';
import { refreshTrust, type Trust } from '../backend/approval/trust.ts';
import { systemClock } from '../backend/host/system.ts';
import { spawnNodeInference } from '../backend/inference/spawn-node.ts';
import { createInference } from '../backend/inference/supervisor.ts';
import { ask, registryClient, type RegistryClient } from '../backend/sync/registry-client.ts';
import { baseOf, httpSource } from '../backend/sync/release-source.ts';
import type { Clock } from '../backend/types.ts';
import { outcomeText, reviewText } from './approve-text.ts';
import { exitCodesHelp, type CommandIo } from './io.ts';

interface ApproveOptions {
  readonly registry: string;
  readonly tokenFile: string;
  readonly key: string;
  readonly passphraseFile: string;
  readonly candidate: string;
  readonly trust: string;
  readonly root?: string;
  readonly minimum?: number;
  readonly yes?: boolean;
}

/** What reaches outside of this machine, and its time. */
export interface ApproveEnvironment {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
}

function readLine(file: string): string {
  const line = readText(file).split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new OutpostError('BAD_INPUT', `The first line of ${file} is empty.`);
  return line;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OutpostError('BAD_INPUT', `The file ${file} cannot be read.`, { cause });
  }
}

/** The registry as this command sees it: typed calls with the admin's token. */
function signedIn(io: CommandIo, options: ApproveOptions, environment: ApproveEnvironment, token: string): RegistryClient {
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set('authorization', `Bearer ${token}`);
    return environment.fetch(request);
  };
  return registryClient(options.registry, { options: { fetch, clock: environment.clock }, signal: io.signal });
}

async function call(io: CommandIo, work: () => Promise<Proposal>): Promise<Proposal> {
  const parsed = proposalSchema.safeParse(await ask(io.signal, work));
  if (!parsed.success) throw new OutpostError('NOT_APPROVED', 'The registry did not answer with a proposal. Nothing was signed.', { cause: parsed.error });
  return parsed.data;
}

async function trustNow(io: CommandIo, options: ApproveOptions, environment: ApproveEnvironment): Promise<Trust> {
  const source = httpSource(options.registry, { options: environment, partsDir: options.trust, signal: io.signal });
  return refreshTrust({ folder: options.trust, rootSha256: options.root, source, now: environment.clock.now() });
}

async function review(io: CommandIo, options: ApproveOptions, environment: ApproveEnvironment, trust: Trust, proposal: Proposal, token: string): Promise<Review> {
  const inference = createInference({ spawn: spawnNodeInference(), clock: environment.clock, logger: pino({ level: 'silent' }) });
  try {
    return await reviewProposal({
      proposal,
      trust,
      fetchFile: registryFiles(baseOf(options.registry), token, environment.fetch, io.signal),
      inference,
      minimum: options.minimum,
      now: environment.clock.now(),
    });
  } finally {
    await inference.close();
  }
}

async function confirm(io: CommandIo, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  io.stdout.write('Sign this list? Type yes to sign: ');
  const lines = createInterface({ input: io.stdin });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([new Promise<string>((resolve) => lines.once('line', resolve)), ended]);
  lines.close();
  if (answer.trim() !== 'yes') throw new OutpostError('CANCELLED', 'Not signed. Nothing was changed.');
}

async function approve(io: CommandIo, options: ApproveOptions, environment: ApproveEnvironment): Promise<void> {
  const token = readLine(options.tokenFile);
  const client = signedIn(io, options, environment, token);
  const trust = await trustNow(io, options, environment);
  const proposal = await call(io, () => client.admin.proposal({ candidate: options.candidate }));
  if (proposal.report.candidate !== options.candidate) throw new OutpostError('NOT_APPROVED', 'The registry answered with another candidate. Nothing was signed.');
  if (proposal.state !== 'open') throw new OutpostError('CONFLICT', `This candidate is ${proposal.state} already. Nothing was signed.`);
  const checked = await review(io, options, environment, trust, proposal, token);
  io.stdout.write(reviewText(checked));
  await confirm(io, options.yes);
  const privateKey = openOfflineKey(readText(options.key), readLine(options.passphraseFile));
  const targets = signList(checked.after, privateKey, trust.root);
  const signed = await call(io, () => client.admin.sign({ candidate: options.candidate, targets }));
  io.stdout.write(`${outcomeText(signed)}\n`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a version is a whole number from 1 on');
  return number;
}

function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('a SHA-256 has 64 hex digits');
  return text;
}

const about = `
Fetches model, manifest and evidence by their hashes, checks the model as a laptop would, computes the gates again with
this machine's own runtime, builds the next list of releases from this machine's own trusted copy, shows what changes,
asks, and signs with one offline key. Two different keys have to sign. Nothing the registry says is signed unseen.`;

/** `outpost approve`: an admin's signature under a candidate, made on the admin's own machine. */
export function approveCommand(
  io: CommandIo,
  environment: ApproveEnvironment = { fetch: globalThis.fetch, clock: systemClock() },
): Command {
  return new Command('approve')
    .description('check a candidate on this machine and sign it with an offline key')
    .requiredOption('--registry <url>', 'address of the registry')
    .requiredOption('--token-file <file>', 'file with your admin token (role approver)')
    .requiredOption('--candidate <id>', 'candidate to approve')
    .requiredOption('--key <file>', 'your offline key file')
    .requiredOption('--passphrase-file <file>', 'file whose first line opens the key')
    .option('--root <sha256>', 'hash of the first root.json; needed the first time on this machine', hash)
    .option('--trust <dir>', "folder for this machine's trusted release information", join(homedir(), '.outpost-admin'))
    .option('--minimum <version>', 'also raise the lowest version offices may run; both signers must say the same', wholeNumber)
    .option('--yes', 'sign without asking')
    .addHelpText('after', `${about}\n${exitCodesHelp}`)
    .action((options: ApproveOptions) => approve(io, options, environment));
}
