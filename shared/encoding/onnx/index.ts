export { checkGraph, maxModelBytes } from './ops.ts';
export { readModel } from './read.ts';
export type { GraphSummary, ModelSummary, NodeSummary, ValueInfo } from './model.ts';
export { looksLikeModel, otherThanModel } from './looks-like.ts';
