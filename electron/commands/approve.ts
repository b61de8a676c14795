import { Command } from 'commander';
import { wholeNumber } from '../../platform/command-options.ts';
import { aboutToken, readTokenFile } from '../../platform/secret-file.ts';
import { pino } from 'pino';
import { proposalSchema, type Proposal } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { registryFiles } from '../backend/approval/files.ts';
import { signList } from '../backend/approval/offline-key.ts';
import { reviewProposal, type Review } from '../backend/approval/review.ts';
import type { Trust } from '../backend/approval/trust.ts';
import { systemClock } from '../backend/host/system.ts';
import { spawnNodeInference } from '../backend/inference/spawn-node.ts';
import { createInference } from '../backend/inference/supervisor.ts';
import { ask, registryClient, type RegistryClient } from '../backend/network/registry-client.ts';
import { baseOf } from '../backend/network/base-address.ts';
import { outcomeText, reviewText } from './approve-text.ts';
import type { CommandIo } from './io.ts';
import {
  confirm,
  openKey,
  requireKeyFiles,
  trustNow,
  withSigning,
  type SigningEnvironment,
  type SigningOptions,
} from './offline-signing.ts';
import { sentence } from '../../shared/language/sentence.ts';

interface ApproveOptions extends SigningOptions {
  readonly tokenFile: string;
  readonly candidate: string;
  readonly minimum?: number;
}

/** The registry as this command sees it: typed calls with the admin's token. */
function signedIn(
  io: CommandIo,
  options: ApproveOptions,
  environment: SigningEnvironment,
  token: string,
): RegistryClient {
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set('authorization', ['Bearer', token].join(' '));
    return environment.fetch(request);
  };
  return registryClient(options.registry, { options: { fetch, clock: environment.clock }, signal: io.signal });
}

async function call(io: CommandIo, { tokenFile }: ApproveOptions, work: () => Promise<Proposal>): Promise<Proposal> {
  const answer = await ask(io.signal, work).catch((error: unknown) => {
    throw aboutToken(error, tokenFile);
  });
  const parsed = proposalSchema.safeParse(answer);
  if (!parsed.success)
    throw new OutpostError('NOT_APPROVED', sentence('outpost.registry_did_not_answer_proposal'), {
      cause: parsed.error,
    });
  return parsed.data;
}

async function review(
  io: CommandIo,
  options: ApproveOptions,
  environment: SigningEnvironment,
  trust: Trust,
  proposal: Proposal,
  token: string,
): Promise<Review> {
  const inference = createInference({
    spawn: spawnNodeInference(),
    clock: environment.clock,
    logger: pino({ level: 'silent' }),
  });
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

async function approve(io: CommandIo, options: ApproveOptions, environment: SigningEnvironment): Promise<void> {
  requireKeyFiles(options);
  const token = readTokenFile(options.tokenFile);
  const client = signedIn(io, options, environment, token);
  const trust = await trustNow(io, options, environment);
  const proposal = await call(io, options, () => client.admin.proposal({ candidate: options.candidate }));
  if (proposal.report.candidate !== options.candidate)
    throw new OutpostError('NOT_APPROVED', sentence('outpost.registry_answered_another_candidate'));
  if (proposal.state !== 'open')
    throw new OutpostError('CONFLICT', sentence('outpost.candidate_decided', { state: proposal.state }));
  const checked = await review(io, options, environment, trust, proposal, token);
  io.stdout.write(reviewText(io.language, checked));
  await confirm(io, options.yes);
  const targets = signList(checked.after, openKey(options), trust.root);
  const signed = await call(io, options, () => client.admin.sign({ candidate: options.candidate, targets }));
  io.stdout.write(`${outcomeText(io.language, signed, proposal)}\n`);
}

/** `outpost approve`: an admin's signature under a candidate, made on the admin's own machine. */
export function approveCommand(
  io: CommandIo,
  environment: SigningEnvironment = { fetch: globalThis.fetch, clock: systemClock() },
): Command {
  const { language } = io;
  const { say } = language;
  return withSigning(new Command('approve'), language)
    .description(say('approve.about'))
    .requiredOption('--token-file <file>', say('approve.token_file_option'))
    .requiredOption('--candidate <id>', say('approve.candidate_option'))
    .option('--minimum <version>', say('approve.minimum_option'), wholeNumber(language, 1))
    .addHelpText('after', `\n${say('approve.about_more')}\n\n${say('commands.exit_codes')}`)
    .action((options: ApproveOptions) => approve(io, options, environment));
}
