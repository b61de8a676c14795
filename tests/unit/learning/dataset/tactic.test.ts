import { describe, expect, it } from 'vitest';
import { labelledRow } from '../../../../learning/bundled.ts';
import { fitBoosting, boostingParams } from '../../../../learning/trainers/boosting/index.ts';
import { datasetOf, type DatedRow } from '../../../../learning/dataset/dataset.ts';
import { allRows } from '../../../../learning/dataset/frame.ts';
import { fitModel } from '../../../../learning/trainers/logistic/index.ts';
import { createRandom } from '../../../../learning/statistics/random.ts';
import { simulateCases } from '../../../../learning/simulate/index.ts';
import { promoteTactics } from '../../../../registry/retraining/promote-tactic.ts';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';

const schema = promoteTactics(complaintsSchema, [{ tag: 'blue_van', spellings: ['blue_van'], count: 40 }], null);
const name = schema.attributes.find((a) => a.kind === 'tactic')!.name;
const promotedAt = '2026-07-15';

/**
 * Cases with a tactic that has nothing to do with scams. Before it became a question only those who thought of it noted
 * it, afterwards it is asked for; in the same weeks the share of scams falls, which a model could mistake for it.
 */
function cases(seed: number): DatedRow[] {
  const random = createRandom(seed);
  const all = Array.from(simulateCases({ cases: 3000, seed, from: '2026-06-01', days: 90 }), labelledRow);
  return all
    .filter((row) => row.received < promotedAt || row.label === 0 || random.chance(0.6))
    .map((row) => {
      const asked = row.received >= promotedAt;
      const tactics = random.chance(asked ? 0.3 : 0.1) ? [...row.facts.tactics, 'blue_van'] : row.facts.tactics;
      const read = { id: schema.id, version: asked ? schema.version : 1 };
      return { ...row, facts: { ...row.facts, schema: read, tactics } };
    });
}

/** Mean and standard error over seeds. */
function summary(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

describe('a useless tactic that is promoted mid-history', () => {
  const seeds = [1, 2, 3, 4, 5, 6];

  it('is back-filled as yes or unknown, never as no', () => {
    const { frame, received } = datasetOf(schema, cases(1));
    const column = frame.columns.find((c) => c.attribute.name === name)!;
    if (column.kind !== 'number') throw new Error('a tactic is a number');
    const before = new Set([...column.values].filter((_, i) => received[i]! < promotedAt).map(String));
    const after = new Set([...column.values].filter((_, i) => received[i]! >= promotedAt).map(String));
    expect([...before].toSorted()).toEqual(['1', 'NaN']);
    expect([...after].toSorted()).toEqual(['0', '1']);
  });

  it('gains no weight in the logistic model', () => {
    const weights = seeds.map((seed) => {
      const { frame } = datasetOf(schema, cases(seed));
      const model = fitModel(frame, allRows(frame), { l2: 1 }, { seed: 1 });
      return model.weights[model.design.numeric.findIndex((t) => t.column === name)]!;
    });
    const { mean, error } = summary(weights);
    // More than the tactic's own noise would be the change of the share of scams leaking in, about -0.5.
    expect(Math.abs(mean)).toBeLessThan(3 * error + 0.05);
    expect(Math.abs(mean)).toBeLessThan(0.3);
  });

  it('hardly moves what trees say', () => {
    const moved = seeds.slice(0, 3).map((seed) => {
      const { frame } = datasetOf(schema, cases(seed));
      const rows = allRows(frame);
      const model = fitBoosting(frame, rows, boostingParams.parse({ rounds: 60 }), { seed: 1 });
      const flipped = frame.columns.map((c) =>
        c.attribute.name === name && c.kind === 'number' ? { ...c, values: c.values.map((v) => (v === 1 ? 0 : 1)) } : c,
      );
      const [as, other] = [model.margins(frame, rows), model.margins({ columns: flipped }, rows)];
      return as.reduce((sum, m, i) => sum + Math.abs(m - other[i]!), 0) / rows.length;
    });
    for (const one of moved) expect(one).toBeLessThan(0.3);
  });
});
