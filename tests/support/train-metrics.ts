import { readFileSync } from 'node:fs';
import type { TrainMetrics } from '../../learning/train/train-metrics.ts';
import { manifestSchema } from '../../shared/encoding/manifest.ts';

/** The manifest of the bundled model. */
export const manifest = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../../models/manifest.json', import.meta.url), 'utf8')),
);

const classes = { rows: 600, scams: 400, genuine: 200 };

/** Metrics as a training of some hundred cases tells them, with the figures of the bundled model. */
export const bundledMetrics: TrainMetrics = {
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
