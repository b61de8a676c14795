import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { createRandom } from './random.ts';
import type { DatasetRow } from './dataset.ts';
import { fitModel, predict } from './logistic-model.ts';

/**
 * Scores of rows by models that have not seen them: `count` folds, incidents kept together, dealt out by `seed`.
 * NaN for rows of a fold whose remainder has one class only.
 */
export function outOfFoldScores(
  schema: FeatureSchema,
  rows: readonly DatasetRow[],
  seed: number,
  l2: number,
  count = 5,
): number[] {
  const random = createRandom(seed);
  const byIncident = new Map<string, number>();
  const folds = rows.map(({ incident }) => {
    const drawn = random.below(count);
    if (incident === null) return drawn;
    const known = byIncident.get(incident) ?? drawn;
    byIncident.set(incident, known);
    return known;
  });
  const scores = rows.map(() => NaN);
  for (let fold = 0; fold < count; fold++) {
    const rest = rows.filter((_, i) => folds[i] !== fold);
    const labels = new Set(rest.filter((row) => row.weight > 0).map((row) => row.label));
    if (labels.size < 2) continue;
    const model = fitModel(schema, rest, l2);
    rows.forEach((row, i) => {
      if (folds[i] === fold) scores[i] = predict(model, row.encoded);
    });
  }
  return scores;
}
