import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { Option, type Command } from 'commander';
import type { Channel, Proposal, RegistryContract } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { saveBlob } from '../../platform/blobs/by-hash.ts';
import type { RegistryContext } from '../identity/context.ts';
import { listOffices, type OfficeView } from '../laptops/offices.ts';
import { proposeUploaded } from '../retraining/pushed-model.ts';
import { listProposals } from '../releases/candidates.ts';
import { setChannel } from '../releases/channels.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import { openRegistry, storeFile } from '../releases/open-registry.ts';
import { openStore } from '../../platform/database.ts';
import { type CommandIo } from '../../platform/command-io.ts';
import { readSecretFile } from './secrets.ts';
import { sentence } from '../../shared/language/sentence.ts';

/** Options of every command that works on a registry's own folder. */
export interface FolderOptions {
  readonly folder: string;
  readonly store?: string;
}

/** Adds `--folder` and `--store`, which can also come from the environment. */
export function withFolder(command: Command): Command {
  return command
    .addOption(new Option('--folder <dir>', 'folder of the registry').env('OUTPOST_REGISTRY_FOLDER'))
    .addOption(
      new Option('--store <url>', 'PostgreSQL address; without it a SQLite file in the folder').env(
        'OUTPOST_REGISTRY_STORE',
      ),
    );
}

/** Opens a registry, runs `work`, closes the store. */
export async function inRegistry<T>(
  io: CommandIo,
  options: Partial<FolderOptions>,
  work: (context: RegistryContext) => Promise<T>,
): Promise<T> {
  if (options.folder === undefined) throw new OutpostError('BAD_INPUT', sentence('registry_cli.say_which_registry'));
  const { db } = openStore(options.store ?? storeFile(options.folder));
  try {
    return await work(await openRegistry({ db, folder: options.folder, clock: io.clock, random: io.random }));
  } finally {
    await db.destroy();
  }
}

export interface AdminOptions extends Partial<FolderOptions> {
  readonly registry?: string;
  readonly tokenFile?: string;
}

/** What an admin's command may do, on this machine's registry or through its address. */
export interface AdminAccess {
  proposals(): Promise<Proposal[]>;
  push(model: Uint8Array, manifest: Uint8Array): Promise<Proposal>;
  setChannel(release: string, offices: string[]): Promise<Channel[]>;
  offices(): Promise<OfficeView[]>;
}

/** Adds the options that say which registry an admin's command talks to. */
export function withAdmin(command: Command): Command {
  return withFolder(command)
    .option('--registry <url>', 'address of the registry, instead of --folder')
    .option('--token-file <file>', 'file with the admin token, with --registry');
}

function local(context: RegistryContext): AdminAccess {
  const by = 'the registry machine';
  return {
    proposals: () => listProposals(context),
    push: async (model, manifest) =>
      proposeUploaded(
        context,
        {
          model: (await saveBlob(context.blobs, model)).sha256,
          manifest: (await saveBlob(context.blobs, manifest)).sha256,
        },
        by,
      ),
    setChannel: (release, offices) => setChannel(context, { release, offices }, by),
    offices: () => listOffices(context),
  };
}

async function upload(url: string, token: string, bytes: Uint8Array): Promise<string> {
  const { sha256 } = fileDigest(bytes);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const answer = await fetch(`${url}/files/${sha256}`, { method: 'PUT', headers, body: Buffer.from(bytes) });
  if (answer.status !== 201)
    throw new OutpostError(
      answer.status === 403 ? 'FORBIDDEN' : 'BAD_INPUT',
      `The registry did not take the file (HTTP ${answer.status}).`,
    );
  return sha256;
}

function remote(url: string, token: string): AdminAccess {
  const link = new RPCLink({ url: `${url}/rpc`, headers: { authorization: `Bearer ${token}` } });
  const client: ContractRouterClient<RegistryContract> = createORPCClient(link);
  return {
    proposals: () => client.admin.proposals({}),
    push: async (model, manifest) =>
      client.admin.propose({ model: await upload(url, token, model), manifest: await upload(url, token, manifest) }),
    setChannel: (release, offices) => client.admin.setChannel({ release, offices }),
    offices: () => client.admin.offices({}),
  };
}

/** Gives `work` access to the registry the options name. */
export async function asAdmin<T>(
  io: CommandIo,
  options: AdminOptions,
  work: (access: AdminAccess) => Promise<T>,
): Promise<T> {
  if (options.registry === undefined) return inRegistry(io, options, (context) => work(local(context)));
  if (options.tokenFile === undefined)
    throw new OutpostError('BAD_INPUT', sentence('registry_cli.sign_in_with_token_file'));
  return work(remote(options.registry.replace(/\/+$/, ''), readSecretFile(options.tokenFile)));
}
