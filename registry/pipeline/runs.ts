export { listRuns } from '../runs/store.ts';
