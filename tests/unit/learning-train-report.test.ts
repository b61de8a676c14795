import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { report } from '../../registry/commands/train.ts';
import type { TrainMetrics } from '../../registry/learning/train.ts';
import { manifestSchema } from '../../shared/encoding/manifest.ts';

const manifest = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../../models/manifest.json', import.meta.url), 'utf8')),
);
const classes = { rows: 600, scams: 400, genuine: 200 };
const metrics: TrainMetrics = {
  trainer: 'logistic',
  params: {},
  calibration: 'none',
  tried: [],
  train: classes,
  holdOut: classes,
  knownScammers: 0,
  thresholds: manifest.thresholds,
  thresholdRule: { by: 'shares', missed: 0.02, wrongAccusation: 0.04 },
  basis: 'held_out',
  figures: manifest.figures,
  fit: { iterations: 9, gradient: 1e-12, converged: 1 },
};

it('the report of a training warns when the fit did not come to its optimum, and not otherwise', () => {
  const of = (fit: TrainMetrics['fit']): string =>
    report({ model: new Uint8Array(), manifest, metrics: { ...metrics, fit } }, 'out', 'run').join('\n');
  expect(of(metrics.fit)).not.toContain('optimum');
  expect(of({ trees: 100 })).not.toContain('optimum');
  expect(of({ iterations: 100, gradient: 0.25, converged: 0 })).toContain(
    'did not come to its optimum in 100 steps (largest gradient 2.5e-1)',
  );
});
