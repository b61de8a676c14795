import { implement } from '@orpc/server';
import { registryContract } from '../../shared/contract/registry.ts';
import { instant, type RegistryContext } from '../identity/context.ts';
import { enrol } from '../laptops/enrolment.ts';
import { acceptBatch } from '../laptops/feedback.ts';
import { newestReceipt } from '../laptops/logs.ts';

/** What a remote call knows of its request. */
export interface CallContext {
  readonly authorization: string | undefined;
}

/** The calls of laptops. Each proves itself by its signature; there is no session. */
export function laptopRoutes(context: RegistryContext) {
  const os = implement(registryContract).$context<CallContext>();
  return {
    hello: os.hello.handler(() => ({ registry: context.registry, at: instant(context), rootSha256: context.registry })),
    device: { enrol: os.device.enrol.handler(({ input }) => enrol(context, input)) },
    feedback: {
      push: os.feedback.push.handler(({ input }) => acceptBatch(context, input, 'http')),
      state: os.feedback.state.handler(async ({ input }) => ({ receipt: await newestReceipt(context.db, input.log) })),
    },
  };
}
