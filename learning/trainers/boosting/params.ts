import { z } from 'zod';
import { describeParameter as told } from '../base/parameters.ts';

const positiveShare = z.number().gt(0).max(1);

const earlyStopping = z.strictObject({
  share: told(z.number().gt(0).max(0.5).default(0.1), {
    description:
      'Share of the rows held back, by incidents and scammers, to count the rounds by; where it would hold fewer than 50 rows of a label, five-fold cross-validation is done instead.',
    source: 'scikit-learn: validation_fraction of HistGradientBoosting',
    aliases: ['validation_fraction'],
  }),
  patience: told(z.int().min(1).default(20), {
    description: 'Rounds without a smaller log loss after which no more are tried.',
    source: 'XGBoost: early_stopping_rounds',
    aliases: ['early_stopping_rounds', 'n_iter_no_change'],
  }),
});

/**
 * Parameters of the boosting trainer. Names follow the project; defaults are those of XGBoost (depth 6, lambda 1,
 * gamma 0, min_child_weight 1, max_bin 256) with 200 rounds at learning rate 0.1.
 */
export const boostingParams = z.strictObject({
  rounds: told(z.int().min(1).max(5000).default(200), {
    description: 'Trees at most.',
    source: 'XGBoost: num_boost_round (there 10; 200 goes with the learning rate here)',
    aliases: ['num_boost_round', 'n_estimators', 'max_iter', 'trees', 'iterations'],
  }),
  learningRate: told(z.number().gt(0).max(1).default(0.1), {
    description: 'Share of each tree that is added to the log odds.',
    source: 'Friedman 2001, section 5; default of scikit-learn (XGBoost: eta 0.3)',
    aliases: ['eta'],
  }),
  maxDepth: told(z.int().min(1).max(64).default(6), {
    description: 'Splits from the root to a leaf at most.',
    source: 'XGBoost: max_depth',
    aliases: ['depth'],
  }),
  maxLeaves: told(z.union([z.literal(0), z.int().min(2).max(65_536)]).default(0), {
    description: 'Leaves of a tree at most, the splits with the largest gain first; 0: as many as the depth allows.',
    source: 'XGBoost: max_leaves with grow_policy lossguide',
    aliases: ['num_leaves', 'max_leaf_nodes'],
  }),
  lambda: told(z.number().min(0).max(1e9).default(1), {
    description: 'L2 penalty on leaf weights.',
    source: 'XGBoost: lambda',
    aliases: ['reg_lambda', 'l2', 'l2_regularization'],
  }),
  gamma: told(z.number().min(0).default(0), {
    description: 'A split is made when it gains more than this (twice the fall of the loss).',
    source: 'XGBoost: gamma',
    aliases: ['min_split_loss', 'min_gain_to_split'],
  }),
  minChildWeight: told(z.number().min(0).default(1), {
    description: 'Least sum of the second derivative in a leaf.',
    source: 'XGBoost: min_child_weight',
  }),
  minLeafRows: told(z.int().min(1).default(1), {
    description: 'Least number of training rows in a leaf, whatever they weigh.',
    source: 'scikit-learn: min_samples_leaf (there 20)',
    aliases: ['min_samples_leaf', 'min_data_in_leaf'],
  }),
  maxBins: told(z.int().min(3).max(256).default(256), {
    description: 'Bins of a number column at most, missing included.',
    source: 'XGBoost: max_bin',
    aliases: ['max_bin'],
  }),
  rowShare: told(positiveShare.default(1), {
    description: 'Share of the rows that each tree is grown from; drawn by the seed.',
    source: 'XGBoost: subsample (Friedman 2002)',
    aliases: ['subsample', 'bagging_fraction'],
  }),
  columnShare: told(positiveShare.default(1), {
    description: 'Share of the columns that each tree is grown from; drawn by the seed.',
    source: 'XGBoost: colsample_bytree',
    aliases: ['colsample_bytree', 'feature_fraction', 'max_features'],
  }),
  earlyStopping: told(earlyStopping.nullable().default({ share: 0.1, patience: 20 }), {
    description:
      'The number of rounds is the one with the smallest log loss on incidents and scammers held back; then all rows are fitted with that many. With fewer than 10 of these of a label, or null: all rounds.',
    source: 'Zhang and Yu 2005; XGBoost: early_stopping_rounds, xgboost.cv',
    aliases: ['early_stopping'],
  }),
  monotone: told(z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).default({}), {
    description: 'Attributes (numbers, yes/no, tactics) along which the log odds may only rise (1) or only fall (-1).',
    source: 'XGBoost: monotone_constraints',
    aliases: ['monotone_constraints', 'monotonic_cst'],
  }),
});
export type BoostingParams = z.infer<typeof boostingParams>;
