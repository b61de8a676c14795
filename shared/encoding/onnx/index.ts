export { allowedOps, checkGraph, maxModelBytes } from './ops.ts';
export { readModel } from './read.ts';
export type { AttributeSummary, GraphSummary, ModelSummary, NodeSummary, TensorSummary, ValueInfo } from './model.ts';
