import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { saveBlob } from '../../platform/blobs/by-hash.ts';
import { fileDigest } from '../../platform/file-digest.ts';
import type { Channel, Proposal, RegistryContract } from '../../shared/contract/registry.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { sentence } from '../../shared/language/sentence.ts';
import { registryMachine } from '../identity/access.ts';
import type { RegistryContext } from '../identity/context.ts';
import { listOffices, type OfficeView } from '../laptops/offices.ts';
import { listProposals } from '../releases/candidates.ts';
import { setChannel } from '../releases/channels.ts';
import { proposeUploaded } from '../retraining/pushed-model.ts';

/** What an admin may do, on the registry's machine or through its address. */
export interface AdminAccess {
  proposals(): Promise<Proposal[]>;
  push(model: Uint8Array, manifest: Uint8Array): Promise<Proposal>;
  setChannel(release: string, offices: string[]): Promise<Channel[]>;
  offices(): Promise<OfficeView[]>;
}

/** On the registry's own machine: whoever may read its folder is its admin. */
export function localAccess(context: RegistryContext): AdminAccess {
  const save = async (bytes: Uint8Array): Promise<string> => (await saveBlob(context.blobs, bytes)).sha256;
  return {
    proposals: () => listProposals(context),
    push: async (model, manifest) =>
      proposeUploaded(context, { model: await save(model), manifest: await save(manifest) }, registryMachine),
    setChannel: (release, offices) => setChannel(context, { release, offices }, registryMachine),
    offices: () => listOffices(context),
  };
}

const bearer = (token: string): string => ['Bearer', token].join(' ');

async function upload(url: string, token: string, bytes: Uint8Array): Promise<string> {
  const { sha256 } = fileDigest(bytes);
  const headers = { authorization: bearer(token), 'content-type': 'application/octet-stream' };
  const answer = await fetch(`${url}/files/${sha256}`, { method: 'PUT', headers, body: Buffer.from(bytes) });
  if (answer.status === 201) return sha256;
  throw new OutpostError(
    answer.status === 403 ? 'FORBIDDEN' : 'BAD_INPUT',
    sentence('http.file_not_taken', { status: answer.status }),
  );
}

/** Through the address of a registry, with the token of an admin. */
export function remoteAccess(address: string, token: string): AdminAccess {
  const url = address.replace(/\/+$/, '');
  const link = new RPCLink({ url: `${url}/rpc`, headers: { authorization: bearer(token) } });
  const client: ContractRouterClient<RegistryContract> = createORPCClient(link);
  return {
    proposals: () => client.admin.proposals({}),
    push: async (model, manifest) =>
      client.admin.propose({ model: await upload(url, token, model), manifest: await upload(url, token, manifest) }),
    setChannel: (release, offices) => client.admin.setChannel({ release, offices }),
    offices: () => client.admin.offices({}),
  };
}
