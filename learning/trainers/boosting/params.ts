import { z } from 'zod';
import { sentence } from '../../../shared/language/sentence.ts';
import { describeParameter as described } from '../base/parameters.ts';

/** With fewer rows of a class to watch in one part, the best number of rounds is mostly chance. */
export const leastWatched = 50;

/** With fewer incidents and scammers of a class, not even all of them together tell a number of rounds. */
export const leastGroups = 10;

/** Where methods and defaults come from. */
const [xgboost, scikit] = ['XGBoost', 'scikit-learn'];

const positiveShare = z.number().gt(0).max(1);

const earlyStopping = z.strictObject({
  share: described(z.number().gt(0).max(0.5).default(0.1), {
    meaning: sentence('boosting.share', { least: leastWatched }),
    source: sentence('trainers.source_name_of', {
      program: scikit,
      name: 'validation_fraction',
      of: 'HistGradientBoosting',
    }),
    aliases: ['validation_fraction'],
  }),
  patience: described(z.int().min(1).default(20), {
    meaning: sentence('boosting.patience'),
    source: sentence('trainers.source', { program: xgboost, name: 'early_stopping_rounds' }),
    aliases: ['early_stopping_rounds', 'n_iter_no_change'],
  }),
});

/**
 * Parameters of the boosting trainer. Names follow the project; defaults are those of XGBoost (depth 6, lambda 1,
 * gamma 0, min_child_weight 1, max_bin 256) with 200 rounds at learning rate 0.1.
 */
export const boostingParams = z.strictObject({
  rounds: described(z.int().min(1).max(5000).default(200), {
    meaning: sentence('boosting.rounds'),
    source: sentence('trainers.source_default_here', {
      program: xgboost,
      name: 'num_boost_round',
      theirs: 10,
      ours: 200,
    }),
    aliases: ['num_boost_round', 'n_estimators', 'max_iter', 'trees', 'iterations'],
  }),
  learningRate: described(z.number().gt(0).max(1).default(0.1), {
    meaning: sentence('boosting.learning_rate'),
    source: sentence('trainers.source_learning_rate'),
    aliases: ['eta'],
  }),
  maxDepth: described(z.int().min(1).max(64).default(6), {
    meaning: sentence('boosting.max_depth'),
    source: sentence('trainers.source', { program: xgboost, name: 'max_depth' }),
    aliases: ['depth'],
  }),
  maxLeaves: described(z.union([z.literal(0), z.int().min(2).max(65_536)]).default(0), {
    meaning: sentence('boosting.max_leaves'),
    source: sentence('trainers.source_leaves'),
    aliases: ['num_leaves', 'max_leaf_nodes'],
  }),
  lambda: described(z.number().min(0).max(1e9).default(1), {
    meaning: sentence('boosting.lambda'),
    source: sentence('trainers.source', { program: xgboost, name: 'lambda' }),
    aliases: ['reg_lambda', 'l2', 'l2_regularization'],
  }),
  gamma: described(z.number().min(0).default(0), {
    meaning: sentence('boosting.gamma'),
    source: sentence('trainers.source', { program: xgboost, name: 'gamma' }),
    aliases: ['min_split_loss', 'min_gain_to_split'],
  }),
  minChildWeight: described(z.number().min(0).default(1), {
    meaning: sentence('boosting.min_child_weight'),
    source: sentence('trainers.source', { program: xgboost, name: 'min_child_weight' }),
  }),
  minLeafRows: described(z.int().min(1).default(1), {
    meaning: sentence('boosting.min_leaf_rows'),
    source: sentence('trainers.source_default', { program: scikit, name: 'min_samples_leaf', theirs: 20 }),
    aliases: ['min_samples_leaf', 'min_data_in_leaf'],
  }),
  maxBins: described(z.int().min(3).max(256).default(256), {
    meaning: sentence('boosting.max_bins'),
    source: sentence('trainers.source', { program: xgboost, name: 'max_bin' }),
    aliases: ['max_bin'],
  }),
  rowShare: described(positiveShare.default(1), {
    meaning: sentence('boosting.row_share'),
    source: sentence('trainers.source_paper', { program: xgboost, name: 'subsample', paper: 'Friedman', year: 2002 }),
    aliases: ['subsample', 'bagging_fraction'],
  }),
  columnShare: described(positiveShare.default(1), {
    meaning: sentence('boosting.column_share'),
    source: sentence('trainers.source', { program: xgboost, name: 'colsample_bytree' }),
    aliases: ['colsample_bytree', 'feature_fraction', 'max_features'],
  }),
  earlyStopping: described(earlyStopping.nullable().default({ share: 0.1, patience: 20 }), {
    meaning: sentence('boosting.early_stopping', { least: leastGroups }),
    source: sentence('trainers.source_stopping'),
    aliases: ['early_stopping'],
  }),
  monotone: described(z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).default({}), {
    meaning: sentence('boosting.monotone'),
    source: sentence('trainers.source', { program: xgboost, name: 'monotone_constraints' }),
    aliases: ['monotone_constraints', 'monotonic_cst'],
  }),
});
export type BoostingParams = z.infer<typeof boostingParams>;
