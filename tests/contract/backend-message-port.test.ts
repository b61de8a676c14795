import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { MessageChannel } from 'node:worker_threads';
import { createPortTransport } from '../../electron/backend/host/message-port.ts';
import type { BackendClient } from '../../shared/contract/backend.ts';
import { FakePort } from '../support/electron-fake.ts';
import { backendSuite } from './backend-suite.ts';

backendSuite('a message port', (backend) => {
  const { port1, port2 } = new MessageChannel();
  createPortTransport(backend.router).serve(new FakePort(port1));
  const port = new FakePort(port2);
  const client: BackendClient = createORPCClient(new RPCLink({ port }));
  port.start();
  return Promise.resolve({ client, close: () => Promise.resolve(port2.close()) });
});
