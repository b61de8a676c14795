import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { BackendClient } from '../../shared/contract/backend.ts';
import { signIn, startTestHost } from '../support/host.ts';
import { backendSuite } from './backend-suite.ts';

backendSuite('loopback HTTP', async (backend) => {
  const { host, origin, close } = await startTestHost({ router: backend.router });
  const headers = { cookie: await signIn(host), origin };
  const client: BackendClient = createORPCClient(new RPCLink({ url: `${origin}/rpc`, headers }));
  return { client, close };
});
