import { daysBetween } from '../../shared/drift/days.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { sentence, type Sentence } from '../../shared/language/sentence.ts';
import type { DatedRow } from '../../learning/dataset/dataset.ts';
import type { TrainSettings } from '../../learning/train/settings.ts';
import { rowOfCase, type LabelledCase } from '../../learning/data/labelled-cases.ts';

/** A way to train: with which trainer, under which schema, and how fast older scams lose weight. */
export interface Recipe {
  /** What runs keep of it; those of earlier versions kept English words. */
  readonly name: string;
  readonly trainer: TrainSettings['trainer'];
  readonly params: TrainSettings['params'];
  readonly schema: FeatureSchema;
  /** Half-life of scams in days; null: they do not lose weight. */
  readonly halfLife: number | null;
}

/**
 * Half-lives in days, the one to prefer first: without an alarm nothing is forgotten unless it pays; after one, which
 * says that tactics changed, a month or a fortnight.
 */
const halfLives = { quiet: [null, 30, 14], alarm: [30, 14] } as const;

/**
 * Trainers that are tried, the simplest first. Few and shallow trees: a centre has some thousand labelled cases, and on
 * the simulated change they were as good as the trainer's defaults at half the time.
 */
const ways: readonly Pick<Recipe, 'trainer' | 'params'>[] = [
  { trainer: 'logistic', params: {} },
  { trainer: 'boosting', params: { rounds: 100, maxDepth: 3, earlyStopping: null } },
];

/**
 * The space that is searched, in the order of preference: trainers by half-lives under the schema a candidate is to
 * have, then the same under the current schema, which say what the new features are worth.
 */
export function recipes(current: FeatureSchema, promoted: FeatureSchema | null, alarm: boolean): Recipe[] {
  const schemas = promoted === null ? [current] : [promoted, current];
  return schemas.flatMap((schema) =>
    ways.flatMap(({ trainer, params }) =>
      halfLives[alarm ? 'alarm' : 'quiet'].map((halfLife) => {
        const forgets = halfLife === null ? 'all-cases-alike' : `half-life-${halfLife}-days`;
        return { name: `${trainer}/schema-${schema.version}/${forgets}`, trainer, params, schema, halfLife };
      }),
    ),
  );
}

/** A recipe as people read it. */
export function recipeSentence({ trainer, schema, halfLife }: Recipe): Sentence {
  const recipe = { trainer, schema: schema.version };
  return halfLife === null
    ? sentence('retraining.recipe', recipe)
    : sentence('retraining.recipe_forgetting', { ...recipe, days: halfLife });
}

/**
 * Rows for the trainer; weights combine the look weight with the recipe's forgetting, counted back from `cut`. Only
 * scams are forgotten: scammers change their ways, genuine providers hardly do, and few of them have a label. Their
 * weights are scaled alike, so that the share of scams is that of the recent cases.
 */
export function trainingRows(
  cases: readonly LabelledCase[],
  { halfLife }: Pick<Recipe, 'halfLife'>,
  cut: string,
): DatedRow[] {
  const left = ({ known }: LabelledCase): number =>
    halfLife === null ? 1 : 0.5 ** (Math.max(0, daysBetween(known.received, cut)) / halfLife);
  const genuine = cases.filter(({ label }) => label === 0);
  const total = (of: (one: LabelledCase) => number): number => genuine.reduce((sum, one) => sum + of(one), 0);
  const scale = genuine.length === 0 ? 1 : total((one) => one.weight * left(one)) / total((one) => one.weight);
  return cases.map((one) => ({
    ...rowOfCase(one),
    weight: one.weight * (one.label === 1 ? left(one) : scale),
  }));
}
