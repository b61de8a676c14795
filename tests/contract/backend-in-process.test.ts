import { backendSuite } from './backend-suite.ts';

backendSuite('plain calls', (backend) => Promise.resolve({ client: backend.client, close: () => Promise.resolve() }));
