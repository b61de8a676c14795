import { implement } from '@orpc/server';
import { registryContract } from '../../shared/contract/registry.ts';
import type { MonitorReport } from '../../shared/drift/report.ts';
import { OutpostError } from '../../shared/errors/index.ts';
import { requireRight } from '../identity/access.ts';
import type { RegistryContext } from '../identity/context.ts';
import { listOffices } from '../laptops/offices.ts';
import { addSignature, decline } from '../releases/approve.ts';
import { proposeUploaded } from '../retraining/pushed-model.ts';
import { findProposal, listProposals } from '../releases/candidates.ts';
import { setChannel } from '../releases/channels.ts';
import type { CallContext } from './laptops.ts';
import { inEnglish } from '../../shared/errors/in-english.ts';
import { inTurn, sentence, type Sentence } from '../../shared/language/sentence.ts';

/** Looks at everything received and says what is unusual; the pipeline gives it. */
export type Watch = (
  context: RegistryContext,
) => Promise<{ sentences: readonly Sentence[]; report: MonitorReport; from: string | null }>;

/** The calls of admins. Every one asks for a right; signing itself happens on the admin's machine. */
export function adminRoutes(context: RegistryContext, watch: Watch | undefined) {
  const os = implement(registryContract.admin).$context<CallContext>();
  const allow = (call: CallContext, right: Parameters<typeof requireRight>[2]) =>
    requireRight(context, call.authorization, right);
  return {
    proposals: os.proposals.handler(async ({ context: call }) => {
      await allow(call, 'read');
      return listProposals(context);
    }),
    proposal: os.proposal.handler(async ({ context: call, input }) => {
      await allow(call, 'read');
      return findProposal(context, context.db, input.candidate);
    }),
    propose: os.propose.handler(async ({ context: call, input }) =>
      proposeUploaded(context, input, (await allow(call, 'propose')).name),
    ),
    sign: os.sign.handler(async ({ context: call, input }) =>
      addSignature(context, input, (await allow(call, 'decide')).name),
    ),
    decline: os.decline.handler(async ({ context: call, input }) => {
      await allow(call, 'decide');
      return decline(context, input);
    }),
    setChannel: os.setChannel.handler(async ({ context: call, input }) =>
      setChannel(context, input, (await allow(call, 'roll_out')).name),
    ),
    offices: os.offices.handler(async ({ context: call }) => {
      await allow(call, 'read');
      return listOffices(context);
    }),
    monitor: os.monitor.handler(async ({ context: call }) => {
      await allow(call, 'read');
      if (watch === undefined) throw new OutpostError('NOT_FOUND', sentence('http.server_started_without_monitor'));
      const { sentences, report, from } = await watch(context);
      // The words are for clients of versions that knew no sentences as data.
      return { sentence: inEnglish(inTurn(sentences)), sentences: [...sentences], report, from };
    }),
  };
}
