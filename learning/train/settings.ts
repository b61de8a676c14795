import { z } from 'zod';
import { spellingsSchema } from '../../shared/encoding/unknown-spellings.ts';
import { dateSchema, instantSchema } from '../../shared/log/event.ts';
import { calibrationKinds } from '../calibration/index.ts';
import { trainerNames } from '../trainers/index.ts';
import { defaultLimits, thresholdRuleSchema } from '../thresholds/thresholds.ts';

/** How rows are held out to judge by. Rows of one incident never sit on both sides, whatever the rule. */
const splitRuleSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('none') }),
  /** Received before `cut` trains; without a cut the latest `share` of the rows is held out. */
  z.strictObject({ by: z.literal('time'), cut: dateSchema.nullable(), share: z.number().gt(0).lt(1) }),
  /** Incidents, scammers or single rows are dealt out by the seed. */
  z.strictObject({ by: z.enum(['incident', 'scammer', 'random']), share: z.number().gt(0).lt(1) }),
]);
export type SplitRule = z.infer<typeof splitRuleSchema>;

/**
 * Number of the way everything around the trainers is done (folds, calibration, thresholds, figures); it rises when the
 * same rows and settings would give other bytes. 1: runs that name none; they kept incidents apart, not scammers. 2: models
 * could tell numbers to all their digits. 3: the id of a model followed from its graph alone.
 */
export const currentMethod = 4;

/** All settings of a training run beside its rows: the same rows and settings give the same bytes. */
export const trainSettingsSchema = z.strictObject({
  trainer: z.enum([...trainerNames, 'auto']),
  /** Parameters of the trainer; what is left out takes its default. */
  params: z.record(z.string(), z.json()),
  /** `auto`: whichever has the smallest cross-validated log loss. Null: what the trainer asks for. */
  calibration: z.enum([...calibrationKinds, 'auto']).nullable(),
  seed: z.int().min(0),
  split: splitRuleSchema,
  /** True: the model that ships learns from held-out rows too, and its figures are those of the one that did not. */
  refit: z.boolean(),
  thresholds: thresholdRuleSchema,
  /** Share of scams among received cases, when it is known to differ from that among the rows by their weights. */
  receivedRate: z.number().gt(0).lt(1).nullable(),
  name: z.string().min(1).max(80),
  version: z.int().min(1),
  created: instantSchema,
  expires: dateSchema,
  codeVersion: z.string(),
  /** True when the cases were invented. */
  simulated: z.boolean(),
  maxMissingShare: z.number().min(0).max(1),
  method: z.int().min(1),
  /** Further spellings of unknown in the file the rows came from: the model goes by them too. */
  missing: spellingsSchema.optional(),
});
export type TrainSettings = z.infer<typeof trainSettingsSchema>;

/** Settings a caller need not think about: the exact logistic model, nothing held out, default limits. */
export const defaultSettings = {
  trainer: 'logistic',
  params: {},
  calibration: null,
  split: { by: 'none' },
  refit: false,
  thresholds: { by: 'shares', ...defaultLimits },
  receivedRate: null,
  version: 1,
  maxMissingShare: 0.5,
  method: currentMethod,
} as const satisfies Partial<TrainSettings>;
