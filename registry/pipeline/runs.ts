export { listRuns } from '../../learning/runs/store.ts';
