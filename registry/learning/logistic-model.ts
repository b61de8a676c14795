import type { EncodedRow } from '../../shared/encoding/encode.ts';
import type { FeatureSchema } from '../../shared/encoding/schema.ts';
import { designMatrix, designOf, writeDesignRow, type Design } from './design.ts';
import { fitLogistic, sigmoid } from './logistic.ts';
import type { DatasetRow } from './dataset.ts';

/** A fitted logistic model over the raw columns of a schema. */
export interface LogisticModel {
  readonly schema: FeatureSchema;
  readonly design: Design;
  readonly intercept: number;
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly gradient: number;
}

/** Penalty used when none is given: that of scikit-learn's default, C = 1. */
export const defaultL2 = 1;

/** Fits rows under a schema. Throws BAD_INPUT without rows or with one class only. */
export function fitModel(schema: FeatureSchema, rows: readonly DatasetRow[], l2: number = defaultL2): LogisticModel {
  const encoded = rows.map((row) => row.encoded);
  const weights = rows.map((row) => row.weight);
  const design = designOf(schema, encoded, weights);
  const x = designMatrix(design, encoded);
  const fit = fitLogistic({ x, rows: rows.length, cols: design.size, y: rows.map((r) => r.label), weights, l2 });
  // A column that never varies stays at exactly 0, whatever the last digits of the optimum say.
  const live = new Uint8Array(design.size);
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== x[i % design.size]) live[i % design.size] = 1;
  }
  return {
    schema,
    design,
    intercept: fit.intercept,
    weights: fit.weights.map((w, j) => (live[j] ? w : 0)),
    iterations: fit.iterations,
    gradient: fit.gradient,
  };
}

/** Probability of scam for one encoded row, computed in double precision. */
export function predict(model: LogisticModel, row: EncodedRow): number {
  const x = new Float64Array(model.design.size);
  writeDesignRow(model.design, row, x, 0);
  return sigmoid(x.reduce((sum, value, j) => sum + value * model.weights[j]!, model.intercept));
}
