import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelCard } from '../../registry/learning/card.ts';
import type { TrainMetrics } from '../../registry/learning/train.ts';
import { trainers } from '../../registry/learning/trainers.ts';
import { manifestSchema } from '../../shared/encoding/manifest.ts';

const manifest = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../../models/manifest.json', import.meta.url), 'utf8')),
);
const classes = { rows: 10, scams: 6, genuine: 4 };
const metrics: Omit<TrainMetrics, 'trainer'> = {
  params: {},
  calibration: 'none',
  tried: [],
  train: classes,
  holdOut: classes,
  knownScammers: 0,
  thresholds: manifest.thresholds,
  thresholdRule: { by: 'shares', missed: 0.02, wrongAccusation: 0.04 },
  basis: 'held_out',
  figures: {},
  fit: { trees: 7 },
};

describe('a model card', () => {
  it.each(trainers.map(({ name, card }) => [name, card] as const))(
    'describes the trainer %s in its own words, and no other',
    (name, card) => {
      const text = modelCard(manifest, { ...metrics, trainer: name });
      expect(text).toContain(card.method(metrics.fit));
      expect(text).toContain(card.limit);
      for (const other of trainers.filter((t) => t.name !== name)) {
        expect(text).not.toContain(other.card.method(metrics.fit));
        expect(text).not.toContain(other.card.limit);
      }
    },
  );
});
