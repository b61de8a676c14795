import { z } from 'zod';

const positiveShare = z.number().gt(0).max(1);

/**
 * Parameters of the boosting trainer. Names follow the project; defaults are those of XGBoost (depth 6, lambda 1,
 * gamma 0, min_child_weight 1, max_bin 256) with 200 rounds at learning rate 0.1.
 */
export const boostingParams = z.strictObject({
  /** Trees at most. */
  rounds: z.int().min(1).max(5000).default(200),
  learningRate: z.number().gt(0).max(1).default(0.1),
  /** Splits from the root to a leaf at most. */
  maxDepth: z.int().min(1).max(64).default(6),
  /** Leaves of a tree at most, the splits with the largest gain first; 0: as many as the depth allows. */
  maxLeaves: z
    .int()
    .min(0)
    .max(65_536)
    .refine((n) => n !== 1, 'A tree needs at least 2 leaves; 0 means no limit.')
    .default(0),
  /** L2 penalty on leaf weights. */
  lambda: z.number().min(0).max(1e9).default(1),
  /** A split is made when it gains more than this (in XGBoost's units: twice the fall of the loss). */
  gamma: z.number().min(0).default(0),
  /** Least sum of the second derivative in a leaf. */
  minChildWeight: z.number().min(0).default(1),
  /** Least number of training rows in a leaf, whatever they weigh. */
  minLeafRows: z.int().min(1).default(1),
  /** Bins of a number column at most, missing included. */
  maxBins: z.int().min(3).max(256).default(256),
  /** Share of the rows, and of the columns, that each tree is grown from; drawn by the seed. */
  rowShare: positiveShare.default(1),
  columnShare: positiveShare.default(1),
  /**
   * The number of rounds is the one with the smallest log loss on a share of the groups (incidents, scammers) held back from the training
   * rows, stopping after `patience` rounds without a smaller one; then all rows are fitted with that many. Null: off.
   */
  earlyStopping: z
    .strictObject({
      share: z.number().gt(0).max(0.5).default(0.1),
      patience: z.int().min(1).default(20),
    })
    .nullable()
    .default({ share: 0.1, patience: 20 }),
  /** Attributes (numbers, yes/no, tactics) along which the log odds may only rise (1) or only fall (-1). */
  monotone: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).default({}),
});
export type BoostingParams = z.infer<typeof boostingParams>;
