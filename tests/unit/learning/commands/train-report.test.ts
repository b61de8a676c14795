import { expect, it } from 'vitest';
import { report } from '../../../../learning/commands/train.ts';
import type { TrainMetrics } from '../../../../learning/train/train.ts';
import { said } from '../../../support/said.ts';
import { bundledMetrics as metrics, manifest } from '../../../support/train-metrics.ts';

it('the report of a training warns when the fit did not come to its optimum, and not otherwise', () => {
  const of = (fit: TrainMetrics['fit']): string =>
    said(report({ model: new Uint8Array(), manifest, metrics: { ...metrics, fit } }, 'out', 'run'));
  expect(of(metrics.fit)).not.toContain('optimum');
  expect(of({ trees: 100 })).not.toContain('optimum');
  expect(of({ iterations: 100, gradient: 0.25, converged: 0 })).toContain(
    'did not come to its optimum in 100 steps (largest gradient 2.5e-1)',
  );
});
