import { expect, it } from 'vitest';
import { report } from '../../../../learning/commands/train.ts';
import type { TrainMetrics } from '../../../../learning/train/train-metrics.ts';
import { linesInEnglish } from '../../../support/in-english.ts';
import { bundledMetrics as metrics, manifest } from '../../../support/train-metrics.ts';

it('the report of a training warns when the fit did not reach its optimum, and not otherwise', () => {
  const of = (fit: TrainMetrics['fit']): string =>
    linesInEnglish(report({ model: new Uint8Array(), manifest, metrics: { ...metrics, fit } }, 'out', 'run'));
  expect(of(metrics.fit)).not.toContain('optimum');
  expect(of({ trees: 100 })).not.toContain('optimum');
  expect(of({ iterations: 100, gradient: 0.25, converged: 0 })).toContain(
    'did not reach its optimum in 100 steps (largest gradient 2.5e-1)',
  );
});

it('the report of a training says where cases are too few for an interval', () => {
  const of = (figures: TrainMetrics['figures']): string =>
    linesInEnglish(report({ model: new Uint8Array(), manifest, metrics: { ...metrics, figures } }, 'out', 'run'));
  expect(of(metrics.figures)).not.toContain('too few cases');
  const one = of({ missed: { value: 0, n: 1 }, auc: { value: 0.75, n: 2 }, log_loss: { value: 0.5, n: 2 } });
  expect(one).toContain('missed 0.0 % (too few cases)');
  expect(one).toMatch(/AUC 0\.7500 \(too few cases\), log loss 0\.5000 \(too few cases\)/);
  const grouped = of({ ...metrics.figures, auc: { value: 0.75, n: 500 } });
  expect(grouped).toContain('AUC 0.7500, log loss');
});
